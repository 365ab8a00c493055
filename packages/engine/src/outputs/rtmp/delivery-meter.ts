import type { Delivery } from '../output.js';

/** Milliseconds. */
const shortMs = 15_000;
const longMs = 60_000;
/** A way that has become longer by no more than this is taken as it is after {@link shortMs}. */
const mostLongerMs = 700;
/** The rate is that of so much time at most. */
const rateMs = 2_000;
/** Of less than this no rate is told. */
const leastRateMs = 300;
/** What waits for less than this is no queue. */
const emptyMs = 100;
/** So many pings are kept that nobody has answered. */
const mostPings = 64;

/** A position in the bytes that were sent, and when they were. */
export interface Ping {
  readonly at: number;
  readonly bytes: number;
}

interface Answer extends Ping {
  readonly heardAt: number;
}

/**
 * Measures a way by pings: they go behind the bytes that were sent before them, so that an answer says when those had
 * arrived. Times are milliseconds of a clock that never goes back.
 */
export class DeliveryMeter {
  /** Oldest first. */
  #pings: Ping[] = [];
  #answers: Answer[] = [];
  /** What arrived last while nothing waited. */
  #lastFree: Answer | undefined;
  readonly #isAnsweredAtOnce: boolean;

  /** @param isAnsweredAtOnce whether it means something that there is no answer yet. */
  constructor({ isAnsweredAtOnce = true } = {}) {
    this.#isAnsweredAtOnce = isAnsweredAtOnce;
  }

  get unanswered(): number {
    return this.#pings.length;
  }

  /** @param bytes that go before it. */
  ask(at: number, bytes: number): Ping {
    const ping = { at, bytes };
    this.#pings.push(ping);
    if (this.#pings.length > mostPings) this.#pings.shift();
    return ping;
  }

  /** What was asked before has arrived too: all take the same way. */
  answer(ping: Ping, heardAt: number): void {
    const index = this.#pings.indexOf(ping);
    this.#pings = this.#pings.slice(index + 1);
    const answer = { ...ping, heardAt };
    const isFree = heardAt - ping.at - this.#base(heardAt) < emptyMs;
    this.#answers = this.#answers.filter((each) => each.heardAt > heardAt - longMs);
    this.#answers.push(answer);
    if (isFree) this.#lastFree = answer;
  }

  /** The newest that goes behind no more than so many bytes is answered. */
  acknowledge(bytes: number, heardAt: number): void {
    const ping = this.#pings.findLast((each) => each.bytes <= bytes);
    if (ping) this.answer(ping, heardAt);
  }

  /** It will not be answered. */
  forget(ping: Ping): void {
    this.#pings = this.#pings.filter((each) => each !== ping);
  }

  /** Undefined where nothing was answered yet. */
  delivery(now: number): Delivery | undefined {
    const last = this.#answers.at(-1);
    if (!last) return undefined;
    const [oldest] = this.#isAnsweredAtOnce ? this.#pings : [];
    const base = this.#base(now);
    const takesMs = Math.max(last.heardAt - last.at, oldest ? now - oldest.at : 0);
    return { delayMs: Math.max(0, takesMs - base), ...this.#bitrate(now, last, base) };
  }

  /** Milliseconds that the way takes while nothing waits. */
  #base(now: number): number {
    const least = (fromMs: number, toMs: number): number =>
      Math.min(
        ...this.#answers
          .filter(({ heardAt }) => heardAt > now - fromMs && heardAt <= now - toMs)
          .map(({ at, heardAt }) => heardAt - at),
      );
    const ever = least(longMs, 0);
    if (ever === Infinity) return 0;
    const [before, lately] = [least(shortMs, shortMs / 2), least(shortMs / 2, 0)];
    // A queue that empties is no longer way.
    if (lately < before - emptyMs) return ever;
    return Math.min(before, lately, ever + mostLongerMs);
  }

  /** While something waits, of what went through the queue alone. */
  #bitrate(now: number, last: Answer, base: number): Pick<Delivery, 'bitrate' | 'isOfQueue'> {
    const free = this.#lastFree === last ? undefined : this.#lastFree;
    const from = Math.max(free?.heardAt ?? -Infinity, now - rateMs);
    const waited = this.#answers.find(({ heardAt }) => heardAt > from);
    const waitedMs = free && waited ? last.heardAt - waited.heardAt : 0;
    const isOfQueue = waitedMs >= leastRateMs;
    const before = this.#answers.findLast(({ heardAt }) => heardAt <= from) ?? this.#answers[0];
    const first = (isOfQueue ? waited : before) ?? last;
    const ms = last.heardAt - first.heardAt;
    const arrived = ms < leastRateMs ? undefined : (8_000 * (last.bytes - first.bytes)) / ms;
    // What is not there yet came no faster than this.
    const [next] = this.#isAnsweredAtOnce ? this.#pings : [];
    const sinceMs = now - last.heardAt - base;
    if (!next || sinceMs < leastRateMs) return { bitrate: arrived, isOfQueue };
    const most = (8_000 * (next.bytes - last.bytes)) / sinceMs;
    return { bitrate: Math.min(arrived ?? Infinity, most), isOfQueue };
  }
}
