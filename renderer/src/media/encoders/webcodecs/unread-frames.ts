/** What Chromium counts on a camera's track (Media Capture Extensions, 9.1); elsewhere, and on other tracks, absent. */
interface TrackStats {
  /** Frames that were given to whoever reads the track. */
  readonly deliveredFrames?: number;
  /** Frames that were left out to keep the chosen rate. */
  readonly discardedFrames?: number;
  /** All that the device gave. */
  readonly totalFrames?: number;
}

/** Enough samples that in one of them no frame is just on its way. */
const samples = 4;

/**
 * Counts the frames that a device gave and nobody could read, since whoever reads the track was too slow.
 *
 * What is between the device and the reader at one instant is lost, or on its way. What is lost stays lost, so the least
 * of the last few samples is lost for certain, but for what never goes below zero: the distance that was there from the
 * beginning.
 */
export class UnreadFrames {
  readonly #track: { readonly stats?: TrackStats };
  #distances: number[] = [];
  #first: number | undefined;
  #lost = 0;

  constructor(track: object) {
    this.#track = track;
  }

  /** Frames that were lost so far, given that `read` frames were read. */
  count(read: number): number {
    const { totalFrames, discardedFrames = 0 } = this.#track.stats ?? {};
    if (totalFrames === undefined) return 0;
    this.#distances = [...this.#distances, totalFrames - discardedFrames - read].slice(-samples);
    if (this.#distances.length < samples) return this.#lost;
    const least = Math.min(...this.#distances);
    this.#first ??= least;
    this.#lost = Math.max(this.#lost, least - this.#first);
    return this.#lost;
  }
}
