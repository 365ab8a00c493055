import { PlaybackGauge, type Sent, type SourceView } from '../media/monitor/playback-gauge.js';
import { toAppErrorInfo } from '../state/app-error.js';
import { isSentElsewhere, type BroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import type { FilesStore } from '../state/files-store.js';
import { createMonitorStore, monitorOff, type MonitorStore } from '../state/monitor-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import type { CaptureController } from './capture-controller.js';
import type { EnginePreview } from './engine-preview.js';
import { follow } from './follow.js';
import type { PicturePort } from './media-port.js';

const judgeEveryMs = 1_000;
/** Pictures of ffmpeg's camera go to one window: where none has come for so long, this one is not it. */
const noPreviewMs = 30_000;

export interface MonitorParts {
  readonly client: Pick<EngineClient, 'monitor'>;
  readonly media: PicturePort;
  readonly capture: CaptureController;
  readonly enginePreview: EnginePreview;
  readonly settings: SettingsStore;
  readonly broadcast: BroadcastStore;
  readonly files: FilesStore;
}

/** Has the engine pull back what viewers get of one destination, while the user wants to see it, and judges it. */
export class MonitorController {
  readonly store: MonitorStore = createMonitorStore();
  readonly #p: MonitorParts;
  readonly #listeners = new Set<(frame: ImageBitmap) => void>();
  #over: AbortController | undefined;
  #gauge = new PlaybackGauge();
  /** When ffmpeg's camera was seen last, or could have been first. */
  #previewedAt = 0;
  #sampler: ReturnType<PicturePort['createPictureSampler']> | undefined;

  constructor(parts: MonitorParts) {
    this.#p = parts;
    // What it shows ends with the destination.
    parts.broadcast.subscribe(({ snapshot }) => {
      const { outputId } = this.store.getState();
      if (outputId === undefined) return;
      const output = snapshot.outputs.find(({ id }) => id === outputId);
      const isOver = snapshot.state === 'ended' || snapshot.state === 'idle';
      if (isOver || !output || output.state === 'failed' || output.state === 'stopped')
        this.close();
    });
  }

  /** Shows what viewers of that destination get, in place of what was shown. */
  open(outputId: string): void {
    this.close();
    this.#gauge = new PlaybackGauge();
    this.store.setState({ ...monitorOff, outputId }, true);
    const over = new AbortController();
    this.#over = over;
    void this.#watch(outputId, over.signal);
    this.#follow(over.signal);
  }

  close(): void {
    this.#over?.abort();
    this.#over = undefined;
    if (this.store.getState() !== monitorOff) this.store.setState(monitorOff, true);
  }

  /** Shows a JPEG of what comes back; resolves when the next may come. */
  readonly show = async (jpeg: Uint8Array, peakDb: number): Promise<void> => {
    if (!this.#over) return;
    const gauge = this.#gauge;
    const blob = new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' });
    const frame = await createImageBitmap(blob);
    for (const listener of this.#listeners) listener(frame);
    // From now on it is seen: on a busy computer that is a while after it came.
    const at = this.#p.media.pictureClock();
    this.#sampler ??= this.#p.media.createPictureSampler();
    gauge.played({ ...this.#sampler.look(at, frame, frame), peakDb });
    frame.close();
  };

  onFrame(listener: (frame: ImageBitmap) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #watch(id: string, signal: AbortSignal): Promise<void> {
    let pulled: AsyncIterator<unknown> | undefined;
    // The engine pulls as long as this is open, also while nothing new is told.
    signal.addEventListener('abort', () => void pulled?.return?.());
    const subscribe = async () => {
      try {
        const snapshots = await this.#p.client.monitor.watch({ id });
        const iterator = snapshots[Symbol.asyncIterator]();
        pulled = iterator;
        if (signal.aborted) void iterator.return?.();
        return { [Symbol.asyncIterator]: () => iterator };
      } catch (error) {
        if (!signal.aborted) this.store.setState({ error: toAppErrorInfo(error) });
        throw error;
      }
    };
    await follow(
      subscribe,
      (snapshot) => this.store.setState({ snapshot, error: undefined }),
      signal,
    );
  }

  /** Looks at what is captured, wherever that is, and judges. */
  #follow(signal: AbortSignal): void {
    const { capture, enginePreview, media } = this.#p;
    this.#previewedAt = media.pictureClock();
    let stop = (): void => undefined;
    const watch = (): void => {
      stop();
      stop = () => undefined;
      const { settings } = this.#p.settings.getState();
      const shape = settings.width / settings.height;
      const state = capture.store.getState();
      const gauge = this.#gauge;
      const sent = this.#p.broadcast.getState();
      if (sent.snapshot.capturedBy === 'renderer') {
        // What another window captures, this one does not know.
        if (state.type !== 'open' || isSentElsewhere(sent)) return;
        stop = media.watchCaptured(state.capture.stream, shape, (seen) => gauge.captured(seen));
        return;
      }
      stop = enginePreview.onFrame((frame) => {
        this.#sampler ??= media.createPictureSampler();
        this.#previewedAt = media.pictureClock();
        gauge.captured(this.#sampler.look(this.#previewedAt, frame, frame));
      });
    };
    watch();
    const unsubscribe = capture.store.subscribe(watch);
    const timer = setInterval(() => this.#judge(), judgeEveryMs);
    signal.addEventListener('abort', () => {
      stop();
      unsubscribe();
      clearInterval(timer);
    });
  }

  #judge(): void {
    const now = this.#p.media.pictureClock();
    const { delay, verdict } = this.#gauge.judge(now, this.#sent(now));
    this.store.setState({ delay, verdict });
  }

  #sent(now: number): Sent {
    const sent = this.#p.broadcast.getState();
    const { capturedBy, presence, statistics } = sent.snapshot;
    const view = ((): SourceView => {
      switch (capturedBy) {
        case 'files':
        case 'stream':
          return capturedBy;
        case 'ffmpeg':
          return now - this.#previewedAt < noPreviewMs ? 'captured' : 'elsewhere';
        case 'renderer':
        case undefined:
          return isSentElsewhere(sent) ? 'elsewhere' : 'captured';
      }
    })();
    const arePaused =
      capturedBy === 'files' && this.#p.files.getState().list.playback?.isPaused === true;
    return {
      view,
      // Where the broadcast has no sound, nobody waits for any.
      hasSound: (statistics?.audio.frames ?? 0) > 0,
      ...((presence === 'slate' || arePaused) && { inPlace: 'slate' }),
      ...(presence === 'paused' && { inPlace: 'nothing' }),
    };
  }
}
