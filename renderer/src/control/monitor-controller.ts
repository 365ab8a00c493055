import { PlaybackGauge } from '../media/monitor/playback-gauge.js';
import { toAppErrorInfo } from '../state/app-error.js';
import { isSentElsewhere, type BroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { createMonitorStore, monitorOff, type MonitorStore } from '../state/monitor-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import type { CaptureController } from './capture-controller.js';
import type { EnginePreview } from './engine-preview.js';
import { follow } from './follow.js';
import type { PicturePort } from './media-port.js';

const judgeEveryMs = 1_000;

export interface MonitorParts {
  readonly client: Pick<EngineClient, 'monitor'>;
  readonly media: PicturePort;
  readonly capture: CaptureController;
  readonly enginePreview: EnginePreview;
  readonly settings: SettingsStore;
  readonly broadcast: BroadcastStore;
}

/** Has the engine pull back what viewers get of one destination, while the user wants to see it, and judges it. */
export class MonitorController {
  readonly store: MonitorStore = createMonitorStore();
  readonly #p: MonitorParts;
  readonly #listeners = new Set<(frame: ImageBitmap) => void>();
  #over: AbortController | undefined;
  #gauge = new PlaybackGauge();
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
    const at = this.#p.media.pictureClock();
    const gauge = this.#gauge;
    const blob = new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' });
    const frame = await createImageBitmap(blob);
    this.#sampler ??= this.#p.media.createPictureSampler();
    gauge.played({ ...this.#sampler.look(at, frame, frame), peakDb });
    for (const listener of this.#listeners) listener(frame);
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
        gauge.captured(this.#sampler.look(media.pictureClock(), frame, frame));
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
    const { broadcast, media } = this.#p;
    const { snapshot } = broadcast.getState();
    // Where the broadcast has no sound, nobody waits for any.
    const wantsSound = (snapshot.statistics?.audio.frames ?? 0) > 0;
    const { delay, verdict } = this.#gauge.judge(media.pictureClock(), wantsSound);
    this.store.setState({ delay, verdict });
  }
}
