import { AudioSample } from 'mediabunny';

/** A block this far from its place, in seconds, follows a pause or an overlap; less may be jitter. */
const jumpSeconds = 0.1;

/** What remains of the distance after jitter is smoothed out, in seconds, may not be more than this. */
const toleranceSeconds = 0.02;

/** How much one block counts: jitter is smoothed over about half a second. */
const smoothing = 0.02;

/** Silence is made in pieces of at most this many seconds. */
const maxSilenceSeconds = 1;

/**
 * Turns blocks of sound with jittering times into one even track that stays where those times say.
 *
 * Time is counted in samples; silence is put in, or samples are left out, only where the two have grown apart: a player
 * cares for an even track, the listener for sync.
 */
export class EvenTrack {
  /** Where the track ends so far, in seconds. */
  #end: number | undefined;
  /** How much later than there the blocks are, in seconds. */
  #drift = 0;
  /** Samples that are still to be left out. */
  #surplus = 0;

  /** What is to follow for this block, which it takes over: with their times set, without a gap or an overlap. */
  fit(block: AudioSample): AudioSample[] {
    this.#end ??= block.timestamp;
    if (this.#surplus === 0) this.#measure(block.timestamp - this.#end, block.sampleRate);
    const parts = [...this.#silence(block), ...this.#trim(block)];
    for (const part of parts) {
      part.setTimestamp(this.#end);
      this.#end += part.numberOfFrames / part.sampleRate;
    }
    return parts;
  }

  #measure(distance: number, sampleRate: number): void {
    const isJump = Math.abs(distance) > jumpSeconds;
    this.#drift = isJump ? distance : this.#drift + (distance - this.#drift) * smoothing;
    if (this.#drift >= -toleranceSeconds) return;
    this.#surplus = Math.round(-this.#drift * sampleRate);
    this.#drift = 0;
  }

  #silence({ sampleRate, numberOfChannels, timestamp }: AudioSample): AudioSample[] {
    const pieces: AudioSample[] = [];
    if (this.#drift <= toleranceSeconds) return pieces;
    let frames = Math.round(this.#drift * sampleRate);
    while (frames > 0) {
      const count = Math.min(frames, maxSilenceSeconds * sampleRate);
      const data = new Float32Array(count * numberOfChannels);
      pieces.push(
        new AudioSample({ data, format: 'f32', numberOfChannels, sampleRate, timestamp }),
      );
      frames -= count;
    }
    this.#drift = 0;
    return pieces;
  }

  #trim(block: AudioSample): AudioSample[] {
    const surplus = Math.min(this.#surplus, block.numberOfFrames);
    if (surplus === 0) return [block];
    this.#surplus -= surplus;
    const kept = surplus < block.numberOfFrames ? [block.trim(surplus)] : [];
    block.close();
    return kept;
  }
}
