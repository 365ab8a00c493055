import type { EncodedPacket } from 'node-rtmp-client';
import type { MediaSource, SourceControl } from '../../src/sources/media-source.js';
import { audioConfig, audioFrame, videoConfig, videoFrame } from './packets.js';

/** A source that gives what the test pushes, when it is pushed. */
export class FakeSource implements MediaSource {
  readonly name = 'Fake camera';
  readonly hasAudio: boolean;
  readonly status = { droppedFrames: 0 };
  capturesLive?: boolean;
  control?: SourceControl;
  isOpen = false;
  isClosed = false;
  /** What was pulled so far. */
  pulled = 0;
  #queue: (EncodedPacket | Error | 'end')[] = [];
  #wake: () => void = () => undefined;

  constructor(options: { hasAudio?: boolean } = {}) {
    this.hasAudio = options.hasAudio ?? true;
  }

  push(...packets: EncodedPacket[]): void {
    this.#queue.push(...packets);
    this.#wake();
  }

  end(): void {
    this.#queue.push('end');
    this.#wake();
  }

  fail(error: Error): void {
    this.#queue.push(error);
    this.#wake();
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    this.isOpen = true;
    try {
      while (!signal.aborted) {
        const next = this.#queue.shift();
        if (next === 'end') return;
        if (next instanceof Error) throw next;
        if (next) {
          this.pulled += 1;
          yield next;
          continue;
        }
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            signal.removeEventListener('abort', wake);
            resolve();
          };
          this.#wake = wake;
          signal.addEventListener('abort', wake);
        });
      }
    } finally {
      this.isClosed = true;
    }
  }
}

/** Both configurations, then 25 frames of picture a second with a keyframe each second, and sound; dts order. */
export function media(fromMs: number, toMs: number): EncodedPacket[] {
  const packets: EncodedPacket[] = fromMs === 0 ? [videoConfig(), audioConfig()] : [];
  for (let ms = fromMs; ms < toMs; ms += 40) {
    packets.push(videoFrame(ms, ms % 1_000 === 0), audioFrame(ms), audioFrame(ms + 20));
  }
  return packets;
}

/** Gives media at its own pace for `durationMs`, or until it is told to stop. */
export function pacedSource(
  durationMs: number,
  options: { bytesPerFrame?: number } = {},
): MediaSource {
  const { bytesPerFrame = 2_000 } = options;
  return {
    name: 'Paced camera',
    hasAudio: true,
    status: { droppedFrames: 0 },
    async *packets(signal) {
      const startedAt = performance.now();
      yield videoConfig();
      yield audioConfig();
      for (let ms = 0; ms < durationMs && !signal.aborted; ms += 40) {
        yield videoFrame(ms, ms % 1_000 === 0, bytesPerFrame);
        yield audioFrame(ms);
        yield audioFrame(ms + 20);
        const aheadMs = ms - (performance.now() - startedAt);
        if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
      }
    },
  };
}
