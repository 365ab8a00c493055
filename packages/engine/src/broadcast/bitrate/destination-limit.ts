import type { Pressure } from '../../outputs/output.js';

/** What the encoder does by now, and may do. Bits per second. */
export interface EncoderNow {
  /** What it is asked for. */
  readonly asked: number;
  readonly cap: number;
  readonly floor: number;
  /** Of the sound, which goes along. */
  readonly audioBitrate: number;
  /** How much more is tried at first, as a share of the cap, and for how long it is watched. */
  readonly leastStep: number;
  readonly stepMs: number;
}

/** A queue that stands for {@link standingMs}, of so many milliseconds, and grows, is too much sent. */
const congestedMs = 200;
const growsMs = 50;
/** One of so much may not even grow by less. */
const farBehindMs = 1_500;
/** Less is none. */
const clearMs = 80;
const standingMs = 1_000;
/** Samples that came later than this after one another tell of a busy computer, not of a network. */
const gapMs = 700;

/** A ping goes through this process, a server's, which may be on the same computer, and this one again. */
const timesLate = 3;

/** Of what the way has room for, so much is used: the encoder does not hit its rate exactly. */
const usedShare = 0.9;
/** What waits is to be gone after so long. */
const drainMs = 4_000;
const leastDrainShare = 0.5;
/** Where nobody knows what the way has room for. */
const unknownShare = 0.7;
/** A limit is tried by no less than this of it: small changes are not made. */
const triedShare = 0.8;

/** On average; more may come of a keyframe now and then. Milliseconds. */
const calmMs = 150;
/** As shares of the cap, and of what is sent. Each step is twice as large as that before, from so much of the last room on. */
const stepOfCap = 0.05;
const stepOfLimit = 0.15;
const beyondRoom = 1.3;
/** How long it stays as it is before more is tried: longer each time that this failed. */
const firstWaitMs = 2_000;
const longerMs = 1_500;
const longestWaitMs = 5_000;

interface Sample {
  readonly at: number;
  /** Milliseconds that what is sent waits, here and on its way. */
  readonly waitsMs: number;
}

/**
 * How much picture one destination can take, by how its media arrives: less as soon as what is sent waits longer and longer,
 * before anything has to be dropped; more, step by step, while nothing waits. A step that was too much is taken back, and
 * the next is tried later.
 */
export class DestinationLimit {
  #limit = Infinity;
  #samples: Sample[] = [];
  /** What was well before the last step. */
  #before = Infinity;
  #triedAt = -Infinity;
  #settledAt = -Infinity;
  #nextStepAt = -Infinity;
  #waitMs = 0;
  #steps = 0;
  /** What there was room for when it was too much the last time; 0 where it never was. */
  #room = 0;
  /** Something still waits of what was too much. */
  #isDraining = false;

  /** Bits per second of picture; Infinity where nothing tells of a limit. */
  get bitrate(): number {
    return this.#limit;
  }

  /** The same, but for what it takes less as long as something still waits. */
  get sustained(): number {
    return this.#isDraining ? Math.max(this.#room, this.#limit) : this.#limit;
  }

  /** Whether there was too much for it; else its limit is only on the way up. */
  get isSlow(): boolean {
    return this.#room > 0;
  }

  /** What was measured before tells nothing of a new connection, but the limit does. */
  reconnect(): void {
    this.#samples = [];
    this.#settledAt = -Infinity;
  }

  /** More is allowed than before: it is tried step by step from what is sent by now. */
  growFrom(bitrate: number, now: number): void {
    if (this.#limit <= bitrate) return;
    this.#limit = bitrate;
    this.#before = bitrate;
    this.#steps = 0;
    this.#waitMs = 0;
    this.#nextStepAt = now;
    this.#room = 0;
    this.#isDraining = false;
  }

  /**
   * @param now milliseconds of a clock that never goes back.
   * @param lateMs how late this computer is with what it has to do, which looks like a queue.
   */
  step(now: number, pressure: Pressure, encoder: EncoderNow, lateMs: number): void {
    this.#measure(now, pressure, lateMs);
    if (this.#isCongested(now)) this.#lower(now, pressure, encoder);
    else if (this.#isClear(now)) this.#raise(now, encoder);
  }

  #measure(now: number, { queuedMs, delivery }: Pressure, lateMs: number): void {
    const last = this.#samples.at(-1);
    if (last && now - last.at > gapMs) this.#samples = [];
    this.#samples = this.#samples.filter(({ at }) => at > now - 2 * standingMs);
    const delayMs = Math.max(0, (delivery?.delayMs ?? 0) - timesLate * lateMs);
    this.#samples.push({ at: now, waitsMs: queuedMs + delayMs });
  }

  #during(fromMs: number, toMs: number, now: number): number[] {
    return this.#samples
      .filter(({ at }) => at > now - fromMs && at <= now - toMs)
      .map(({ waitsMs }) => waitsMs);
  }

  #isWatched(now: number): boolean {
    const [first] = this.#samples;
    return first !== undefined && first.at <= now - 0.7 * standingMs;
  }

  #isCongested(now: number): boolean {
    if (now < this.#settledAt || !this.#isWatched(now)) return false;
    const recent = this.#during(standingMs, 0, now);
    const standing = Math.min(...recent);
    if (standing < congestedMs) return false;
    const before = this.#during(2 * standingMs, standingMs, now);
    const leastMs = standing < farBehindMs ? growsMs : 0;
    // Right after the beginning there is no second before.
    const [first = 0] = recent;
    const was = before.length > 0 ? mean(before) : first;
    const is = before.length > 0 ? mean(recent) : (recent.at(-1) ?? 0);
    return is > was + leastMs;
  }

  #isClear(now: number): boolean {
    return this.#isWatched(now) && Math.min(...this.#during(standingMs, 0, now)) < clearMs;
  }

  #lower(now: number, { delivery }: Pressure, encoder: EncoderNow): void {
    const { asked, cap, floor, audioBitrate, stepMs } = encoder;
    const total = delivery?.bitrate ?? unknownShare * (asked + audioBitrate);
    const waitsMs = this.#samples.at(-1)?.waitsMs ?? 0;
    const within = (bitrate: number): number => Math.max(floor, Math.min(bitrate, cap));
    const wasTried = now - this.#triedAt < 2 * standingMs + stepMs;
    const before = wasTried ? this.#before : Infinity;
    this.#room = within(Math.min(usedShare * total - audioBitrate, before));
    const draining = Math.max(leastDrainShare, 1 - waitsMs / drainMs);
    const drains = Math.min(usedShare, draining) * total - audioBitrate;
    this.#limit = within(Math.min(drains, this.#room, usedShare * asked));
    this.#isDraining = true;
    this.#waitMs = wasTried ? Math.min(longestWaitMs, this.#waitMs + longerMs) : firstWaitMs;
    this.#steps = 0;
    this.#triedAt = -Infinity;
    // What was ordered shows only when the encoder has obeyed, and what it gave before has left.
    const settlesMs = standingMs / 2 + stepMs / 2 + Math.min(waitsMs, standingMs);
    // What is not known well is put right soon.
    this.#settledAt = now + (delivery?.isOfQueue === false ? standingMs / 2 : settlesMs);
  }

  #raise(now: number, { asked, cap, leastStep, stepMs }: EncoderNow): void {
    if (this.#limit === Infinity || now < this.#settledAt) return;
    // Others may have it send less: then nothing is known of whether it would take more.
    if (asked < triedShare * this.#limit) return;
    if (this.#isDraining) {
      this.#isDraining = false;
      this.#limit = Math.max(this.#limit, this.#room);
      this.#nextStepAt = now + this.#waitMs;
      return;
    }
    if (now < this.#nextStepAt || mean(this.#during(standingMs, 0, now)) > calmMs) return;
    // Others may have it send more, which it takes.
    this.#limit = Math.max(this.#limit, Math.min(asked, cap));
    if (this.#limit >= cap) {
      // It has stood the whole for as long as a step is watched.
      this.#limit = Infinity;
      this.#waitMs = 0;
      this.#steps = 0;
      return;
    }
    this.#before = this.#limit;
    const least = Math.max(stepOfCap * cap, stepOfLimit * this.#limit, leastStep * cap);
    this.#limit = Math.min(cap, this.#limit + least * 2 ** this.#steps);
    // Where it was too much before, it is gone over with small steps.
    if (this.#limit > beyondRoom * this.#room) this.#steps += 1;
    this.#triedAt = now;
    this.#nextStepAt = now + stepMs;
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
