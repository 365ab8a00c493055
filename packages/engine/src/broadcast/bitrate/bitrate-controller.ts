import type { BitratePolicy } from '@tallylight/contract';
import type { Pressure } from '../../outputs/output.js';
import { decideBitrate, type BitrateDecision } from './bitrate-policy.js';
import { DestinationLimit, type EncoderNow } from './destination-limit.js';

/** A destination that has the stream; those that are away have no say. */
export interface MeasuredDestination {
  readonly id: string;
  readonly pressure: Pressure;
}

export interface BitrateControllerOptions {
  readonly policy: BitratePolicy;
  /** What the user wants, and the most that there will be. Bits per second. */
  readonly cap: number;
  /** Of the sound that goes along; 0 without. */
  readonly audioBitrate: number;
  /** `restart`: another encoder has to begin for each change, so that few and large ones are made. */
  readonly changes: 'in-place' | 'restart';
}

const leastFloor = 150_000;
const floorShare = 0.1;

/** The lowest that is asked for, however slow the network is: below, pictures are dropped instead. Bits per second. */
export const bitrateFloor = (cap: number): number =>
  Math.min(cap, Math.max(leastFloor, floorShare * cap));

const manners = {
  'in-place': { leastChange: 0.02, downMs: 0, upMs: 0, leastStep: 0, stepMs: 1_000 },
  restart: { leastChange: 0.15, downMs: 1_500, upMs: 2_500, leastStep: 0.2, stepMs: 3_000 },
} as const;

const roundedTo = 10_000;

/**
 * What the encoder of the picture is to be asked for, from how its destinations take it. Knows no clock and asks nobody.
 */
export class BitrateController {
  readonly #o: BitrateControllerOptions;
  readonly #limits = new Map<string, DestinationLimit>();
  #present = new Set<string>();
  #cap: number;
  #asked: number;
  #changedAt = -Infinity;
  #now = -Infinity;
  #decision: BitrateDecision = { bitrate: Infinity, loweredFor: [], overruled: [] };

  constructor(options: BitrateControllerOptions) {
    this.#o = options;
    this.#cap = options.cap;
    this.#asked = options.cap;
  }

  get cap(): number {
    return this.#cap;
  }

  /** What the encoder is asked for by now, in bits per second: never above the cap. */
  get asked(): number {
    return this.#asked;
  }

  /** Those for which it is lower than the cap; none while it only rises to a cap that was raised. */
  get loweredFor(): readonly string[] {
    if (this.#asked >= this.#cap) return [];
    return this.#decision.loweredFor.filter((id) => this.#limits.get(id)?.isSlow);
  }

  /** Those that get more than their network takes. */
  get overruled(): readonly string[] {
    return this.#decision.overruled;
  }

  /** The user wants at most so many bits per second: less at once, more as soon as the destinations take it. */
  setCap(cap: number): void {
    const wasLower = this.#cap < cap;
    this.#cap = cap;
    if (this.#present.size === 0 || this.#asked > cap) {
      this.#asked = cap;
      return;
    }
    // Where an encoder has to begin anew for each step, it goes there in one.
    if (!wasLower || this.#o.changes === 'restart') return;
    for (const limit of this.#limits.values()) limit.growFrom(this.#asked, this.#now);
  }

  /**
   * @param now milliseconds of a clock that never goes back.
   * @param lateMs how late this computer is with what it has to do, which looks like a queue.
   * @returns what the encoder is to be asked for.
   */
  step(now: number, destinations: readonly MeasuredDestination[], lateMs = 0): number {
    this.#now = now;
    const { policy } = this.#o;
    const encoder = this.#encoder;
    const votes = destinations.map(({ id, pressure }) => {
      const limit = this.#limits.get(id) ?? new DestinationLimit();
      this.#limits.set(id, limit);
      if (!this.#present.has(id)) limit.reconnect();
      limit.step(now, pressure, encoder, lateMs);
      return { id, bitrate: limit.bitrate, sustained: limit.sustained };
    });
    this.#present = new Set(destinations.map(({ id }) => id));
    // While nobody is there, nothing is known.
    if (votes.length === 0) return this.#asked;
    this.#decision = decideBitrate(policy, votes, this.#cap, this.#decision.overruled);
    this.#settle(now);
    return this.#asked;
  }

  /** It is gone for good. */
  forget(id: string): void {
    this.#limits.delete(id);
    this.#present.delete(id);
  }

  get #encoder(): EncoderNow {
    const { changes, audioBitrate } = this.#o;
    const { leastStep, stepMs } = manners[changes];
    const cap = this.#cap;
    return { asked: this.#asked, cap, floor: bitrateFloor(cap), audioBitrate, leastStep, stepMs };
  }

  #settle(now: number): void {
    const { leastChange, downMs, upMs } = manners[this.#o.changes];
    const wanted = this.#rounded(this.#decision.bitrate);
    const ratio = wanted / this.#asked;
    if (ratio === 1) return;
    const isWhole = wanted === this.#cap || wanted === this.#rounded(0);
    if (Math.abs(ratio - 1) < leastChange && !isWhole) return;
    if (now - this.#changedAt < (ratio < 1 ? downMs : upMs)) return;
    this.#changedAt = now;
    this.#asked = wanted;
  }

  #rounded(bitrate: number): number {
    const cap = this.#cap;
    if (bitrate >= cap) return cap;
    return Math.min(cap, Math.max(bitrateFloor(cap), Math.floor(bitrate / roundedTo) * roundedTo));
  }
}
