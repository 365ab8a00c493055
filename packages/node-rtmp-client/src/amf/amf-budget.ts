import { MalformedError } from '../bytes/malformed-error.js';

/** How deeply values may lie within one another, read or written. */
export const maxAmfDepth = 32;

/** A message of one-byte values would otherwise grow manifold in memory. */
const maxCost = 1 << 18;
/** Those who relay metadata, or turn it into JSON, walk it. */
const maxWeight = 1 << 18;
/** An object takes about as much memory as this many numbers. */
const containerCost = 8;

/** What may still be made of the bytes of one message; shared by AMF0 and the AMF3 within it. */
export class AmfBudget {
  #left = maxCost;
  #weightLeft = maxWeight;

  /** @throws MalformedError when there are too many values, or this one lies too deep. */
  spendValue(depth: number): void {
    if (depth > maxAmfDepth) throw new MalformedError('AMF values are nested too deeply');
    this.#spend(1);
  }

  spendContainer(): void {
    this.#spend(containerCost);
  }

  /** @throws MalformedError when there is too much to be walked. @param weight as of `amfWeight`. */
  spendWeight(weight: number): void {
    if (weight > this.#weightLeft) throw new MalformedError('AMF values are too much to walk');
    this.#weightLeft -= weight;
  }

  #spend(cost: number): void {
    this.#left -= cost;
    if (this.#left < 0) throw new MalformedError('Too many AMF values');
  }
}
