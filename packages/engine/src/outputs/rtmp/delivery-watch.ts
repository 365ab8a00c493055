import type { RtmpPublisher } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';
import type { Delivery } from '../output.js';
import { DeliveryMeter } from './delivery-meter.js';

type Publisher = Pick<RtmpPublisher, 'ping' | 'stats'>;

/** Milliseconds between two pings while nothing waits, and while more than usual does. */
const calmMs = 500;
const lookMs = 250;
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
    while (await wait(this.#isCalm ? calmMs : lookMs, signal)) {
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

  get #isCalm(): boolean {
    return (this.delivery?.delayMs ?? 0) < suspiciousMs;
  }

  /** Others may have asked just now. */
  get #isDue(): boolean {
    const sinceMs = performance.now() - this.#askedAt;
    return this.#meter.unanswered < mostUnanswered && sinceMs > lookMs / 2;
  }

  #lookForBytes(): void {
    const { bytesAcknowledged } = this.stats;
    const now = performance.now();
    if (bytesAcknowledged > this.#acknowledged) this.#meter.acknowledge(bytesAcknowledged, now);
    this.#acknowledged = bytesAcknowledged;
    this.#meter.ask(now, this.#bytes);
  }
}
