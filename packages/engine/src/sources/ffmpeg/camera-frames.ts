import type { FrameAccount } from '@tallylight/contract';

/**
 * The frames of a device, and what ffmpeg's `fps` filter makes of each: of two that are nearest to the same frame of the
 * stream, the later one is shown; a frame that has none is filled with the one before it. ffmpeg itself does not tell
 * this while it runs, but it can write down each frame's time (the muxer `mkvtimestamp_v2`), from which it follows.
 */
export class CameraFrames {
  readonly #fps: number;
  /** Milliseconds: of the device's clock, and of ours. */
  #first: { readonly time: number; readonly at: number } | undefined;
  #frames = 0;
  #surplus = 0;
  #repeated = 0;
  /** Which frame of the stream the last one is nearest to. */
  #place = 0;

  /** @param fps frames per second of the stream. */
  constructor(fps: number) {
    this.#fps = fps;
  }

  /** Takes one line of the list: a time in milliseconds, or its heading. */
  note(line: string): void {
    if (!/^\d+(?:\.\d+)?$/.test(line)) return;
    const time = Number(line);
    this.#first ??= { time, at: performance.now() };
    const place = Math.round(((time - this.#first.time) * this.#fps) / 1000);
    const step = place - this.#place;
    // A time that goes back is one frame too many, too: the filter lets none go backwards.
    if (this.#frames > 0 && step <= 0) this.#surplus += 1;
    if (step > 1) this.#repeated += step - 1;
    this.#place = Math.max(this.#place, place);
    this.#frames += 1;
  }

  /**
   * What became of all of them; `undefined` before the first.
   *
   * @param lost frames that never came out of the device's queue, and those that ffmpeg threw away behind it.
   */
  account(lost: { reading: number; encoder: number }): Omit<FrameAccount, 'encoded'> | undefined {
    if (!this.#first) return undefined;
    return {
      elapsedMs: performance.now() - this.#first.at,
      offered: this.#frames + lost.reading,
      surplus: this.#surplus,
      lost: { ...lost, channel: 0 },
      repeated: this.#repeated,
    };
  }
}
