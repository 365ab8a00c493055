import type { Random } from './random.js';

/** Something that takes bytes from strangers. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** Makes an input that follows the format's structure with odd values; mutations of the seeds do the rest. */
  readonly generate?: (random: Random) => Uint8Array;
  /**
   * Runs one input. Returns how many bytes came out, where any do; throws a `MalformedError` or `RtmpError` for what is
   * to be refused, and anything else, `Broken` included, for a failure.
   */
  readonly run: (bytes: Uint8Array, random: Random) => number;
}

/** Something that must hold did not. */
export class Broken extends Error {
  override readonly name = 'Broken';
}
