import type { AppErrorInfo, MonitorSnapshot } from '@tallylight/contract';
import type { FlvItem } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';
import { toErrorInfo } from '../app-error.js';
import type { FfmpegLocator } from '../ffmpeg/ffmpeg-locator.js';
import type { Logger } from '../logger.js';
import { rtmpOrigin } from '../pulled-stream.js';
import { RetryPauses } from '../retry-pauses.js';
import { monitorArguments } from '../sources/ffmpeg/ffmpeg-arguments.js';
import type { PreviewSink } from '../sources/ffmpeg/ffmpeg-source.js';
import type { StreamOrigin } from '../sources/stream/stream-origin.js';
import { previewStream } from '../sources/stream/stream-preview.js';
import { HttpFlvOrigin } from './http-flv-origin.js';
import { monitorPlaylist } from './monitor-playlist.js';
import type { MonitorPlace } from './monitor-place.js';

export interface DestinationMonitorOptions {
  readonly place: MonitorPlace;
  readonly ffmpeg: FfmpegLocator;
  readonly logger: Logger;
  /** Gets the pictures as soon as they are there, at most thirteen a second. */
  readonly onPicture: PreviewSink;
}

/** Pulls back what viewers get of a destination, and has it decoded, for as long as it runs. */
export class DestinationMonitor {
  readonly #o: DestinationMonitorOptions;
  readonly #listeners = new Set<() => void>();
  #snapshot: MonitorSnapshot;

  constructor(options: DestinationMonitorOptions) {
    this.#o = options;
    this.#snapshot = { state: 'connecting', way: options.place.way };
  }

  get snapshot(): MonitorSnapshot {
    return this.#snapshot;
  }

  /** Calls `listener` at each change; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once `signal` is aborted. What fails is told, and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { place, logger } = this.#o;
    switch (place.way) {
      case 'rtmp': {
        const onTrouble = (error: AppErrorInfo): void => this.#waits(error);
        return this.#pullStream(rtmpOrigin(place, logger, onTrouble), signal);
      }
      case 'http-flv':
        return this.#pullStream(new HttpFlvOrigin(place.url), signal);
      case 'hls':
      case 'dash':
        return this.#pullPlaylist(place.url, signal);
    }
  }

  async #pullStream(origin: StreamOrigin, signal: AbortSignal): Promise<void> {
    const { ffmpeg, logger } = this.#o;
    const told = new ToldOrigin(origin, (error) => this.#waits(error));
    const argumentsFor = (hasAudio: boolean): string[] => {
      this.#change({ hasAudio });
      return monitorArguments(hasAudio);
    };
    await previewStream(told, { ffmpeg, logger, onPreview: this.#show, argumentsFor }, signal);
  }

  async #pullPlaylist(url: string, signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    const pauses = new RetryPauses();
    while (!isOver()) {
      try {
        const ffmpeg = await this.#o.ffmpeg.find();
        const onAudio = (hasAudio: boolean): void => {
          pauses.reset();
          this.#change({ hasAudio });
        };
        await monitorPlaylist(ffmpeg, { url, onPicture: this.#show, onAudio }, signal);
      } catch (error) {
        if (!isOver()) this.#waits(toErrorInfo(error, this.#o.logger.redact));
      }
      await wait(pauses.next(), signal);
    }
  }

  readonly #show: PreviewSink = (jpeg, peakDb) => {
    if (this.#snapshot.state !== 'playing') this.#change({ state: 'playing' }, 'none');
    this.#o.onPicture(jpeg, peakDb);
  };

  #waits(error: AppErrorInfo | undefined): void {
    const isNew = this.#snapshot.state === 'connecting' && error === undefined;
    this.#change({ state: isNew ? 'connecting' : 'waiting' }, error ?? 'none');
  }

  #change(change: Partial<MonitorSnapshot>, error?: AppErrorInfo | 'none'): void {
    const { way, state, hasAudio } = { ...this.#snapshot, ...change };
    const known = error === 'none' ? undefined : (error ?? this.#snapshot.error);
    const after: MonitorSnapshot = {
      ...{ state, way },
      ...(hasAudio !== undefined && { hasAudio }),
      ...(known && { error: known }),
    };
    if (JSON.stringify(after) === JSON.stringify(this.#snapshot)) return;
    this.#snapshot = after;
    for (const listener of this.#listeners) listener();
  }
}

/** A stream of which it is told when it ends, and why; after a failure it is not there again at once. */
class ToldOrigin implements StreamOrigin {
  readonly name: string;
  readonly #origin: StreamOrigin;
  readonly #onEnd: (error: AppErrorInfo | undefined) => void;
  readonly #pauses = new RetryPauses();

  constructor(origin: StreamOrigin, onEnd: (error: AppErrorInfo | undefined) => void) {
    this.name = origin.name;
    this.#origin = origin;
    this.#onEnd = onEnd;
  }

  get droppedFrames(): number {
    return this.#origin.droppedFrames;
  }

  async *items(signal: AbortSignal): AsyncGenerator<FlvItem, void, undefined> {
    let error: AppErrorInfo | undefined;
    try {
      for await (const item of this.#origin.items(signal)) {
        this.#pauses.reset();
        yield item;
      }
    } catch (thrown) {
      error = toErrorInfo(thrown);
    } finally {
      this.#onEnd(error);
    }
    if (error) await wait(this.#pauses.next(), signal);
  }
}
