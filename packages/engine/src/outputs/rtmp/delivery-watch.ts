import type { RtmpPublisher } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';
import type { Delivery } from '../output.js';
import { DeliveryMeter } from './delivery-meter.js';

type Publisher = Pick<RtmpPublisher, 'ping' | 'stats'>;

/** Milliseconds between two looks, and between two pings while nothing waits. */
const lookMs = 250;
const calmMs = 500;
/** More than usual waits. Milliseconds. */
const suspiciousMs = 100;
/** So many pings may be unanswered; how long there has been no answer is known by then. */
const mostUnanswered = 16;
const answerMs = 60_000;

export interface DeliveryWatchOptions {
  readonly publisher: Publisher;
  /** What the server gives: most answer pings at once, and acknowledge bytes only now and then. */
  readonly by: 'pings' | 'acknowledgements';
}

/** Keeps measuring how what a publisher sends arrives. */
export class DeliveryWatch implements Publisher {
  readonly #o: DeliveryWatchOptions;
  readonly #meter: DeliveryMeter;
  #askedAt = -Infinity;
  #acknowledged = 0;

  constructor(options: DeliveryWatchOptions) {
    this.#o = options;
    this.#meter = new DeliveryMeter({ isAnsweredAtOnce: options.by === 'pings' });
  }

  get stats(): Publisher['stats'] {
    return this.#o.publisher.stats;
  }

  get delivery(): Delivery | undefined {
    return this.#meter.delivery(performance.now());
  }

  /** Others' pings tell as much. */
  async ping(signal?: AbortSignal, limitMs?: number): Promise<number> {
    const { publisher } = this.#o;
    this.#askedAt = performance.now();
    const ping = this.#meter.ask(this.#askedAt, this.#bytes);
    try {
      const rtt = await publisher.ping(signal, limitMs);
      this.#meter.answer(ping, performance.now());
      return rtt;
    } catch (error) {
      this.#meter.forget(ping);
      throw error;
    }
  }

  /** Resolves when `signal` is aborted. */
  async watch(signal: AbortSignal): Promise<void> {
    while (await wait(lookMs, signal)) {
      if (this.#o.by === 'acknowledgements') this.#lookForBytes();
      // No answer: how long there has been none is measured.
      else if (this.#isDue) this.ping(AbortSignal.any([signal]), answerMs).catch(() => undefined);
    }
  }

  /** All that the application has written. */
  get #bytes(): number {
    const { bytesSent, bytesQueued } = this.stats;
    return bytesSent + bytesQueued;
  }

  get #isDue(): boolean {
    if (this.#meter.unanswered >= mostUnanswered) return false;
    const isCalm = (this.delivery?.delayMs ?? 0) < suspiciousMs;
    // A timer may be a little early.
    return performance.now() - this.#askedAt > (isCalm ? calmMs : lookMs) - 20;
  }

  #lookForBytes(): void {
    const { bytesAcknowledged } = this.stats;
    const now = performance.now();
    if (bytesAcknowledged > this.#acknowledged) this.#meter.acknowledge(bytesAcknowledged, now);
    this.#acknowledged = bytesAcknowledged;
    this.#meter.ask(now, this.#bytes);
  }
}
