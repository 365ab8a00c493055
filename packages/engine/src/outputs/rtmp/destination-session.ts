import {
  isDestinationPhase,
  type DestinationPhase,
  reason,
  type Reason,
} from '@tallylight/contract';
import {
  RtmpError,
  type AmfValue,
  type EncodedPacket,
  type publish as publishRtmp,
  type RtmpClientEvent,
  type RtmpPublisher,
  type TracedMessage,
} from 'node-rtmp-client';
import type { Checklist } from '../../checklist.js';
import { aborted, signalWithin, wait } from 'node-rtmp-client/async';
import type { StreamDescription } from '../stream-description.js';
import type { FrameOutcome, Unconfirmed } from './destination-account.js';
import { isUnanswered } from './destination-errors.js';
import type { PacketQueue } from './packet-queue.js';
import type { DestinationTiming } from './reconnect-deadlines.js';
import { withoutKeys, type StreamPlace } from './stream-place.js';
import type { Delivery } from '../output.js';
import { DeliveryWatch, type DeliveryWatchOptions } from './delivery-watch.js';
import { SignsOfLife } from './signs-of-life.js';

/** What a destination needs of `node-rtmp-client`; tests put their own in its place. */
export type PublishRtmp = (
  options: Parameters<typeof publishRtmp>[0],
) => Promise<
  Pick<
    RtmpPublisher,
    'write' | 'writeMetadata' | 'ping' | 'stats' | 'isMoving' | 'closed' | 'close' | 'abort'
  >
>;

type Publisher = Awaited<ReturnType<PublishRtmp>>;

export interface Silence {
  readonly milliseconds: number;
  readonly error: RtmpError;
}

/** What is not known of a connection that did not end in order. */
export interface Unknowns {
  readonly unconfirmed?: Unconfirmed;
  /** Where the server was silent by then; a connection that breaks is known at once. */
  readonly silence?: Silence | undefined;
}

export type SessionEnd =
  /** Everything was sent and the stream unpublished. */
  | { readonly type: 'sent' }
  /** Whoever owns the session has ended it. */
  | ({ readonly type: 'cancelled' } & Unknowns)
  | ({
      readonly type: 'lost';
      readonly error: unknown;
      /** Whether the server had accepted the stream, and whether it had kept it for long enough. */
      readonly published: boolean;
      readonly stable: boolean;
    } & Unknowns);

export interface SessionOptions {
  /** Where to publish; the later ones where the server refuses those before. At least one. */
  readonly places: readonly StreamPlace[];
  /** Which of them is tried, and which the server has taken. */
  readonly onPlace: (place: StreamPlace, isTaken: boolean) => void;
  readonly queue: PacketQueue;
  readonly checklist: Checklist<DestinationPhase>;
  readonly timing: DestinationTiming;
  /** Whether the server has kept the stream before. */
  readonly wasStable: boolean;
  /** What the stream is by now; asked for before the first packet, and where a configuration changes. */
  readonly description: () => StreamDescription | undefined;
  readonly metadata: (description: StreamDescription) => Record<string, AmfValue>;
  readonly publish: PublishRtmp;
  readonly onPublished: () => void;
  /** The server has taken the first media. */
  readonly onAccepted: () => void;
  /** It has kept the stream for long enough. */
  readonly onStable: () => void;
  readonly onFrame: (outcome: FrameOutcome) => void;
  /** It has left. */
  readonly onSent: (packet: EncodedPacket) => void;
  readonly onRtt: (milliseconds: number) => void;
  readonly onEvent: (event: RtmpClientEvent) => void;
  readonly onMessage: ((message: TracedMessage) => void) | undefined;
}

/** One connection to one server, from DNS to its end. What comes before and after is the destination's. */
export class DestinationSession {
  readonly #o: SessionOptions;
  readonly #cancel = new AbortController();
  #publisher: Publisher | undefined;
  #stable = false;
  #described: StreamDescription | undefined;
  /** Only of a server that answered the first ping. */
  #signs: SignsOfLife | undefined;
  #deliveryWatch: DeliveryWatch | undefined;
  /** Settles with whether the server has been silent for too long. */
  #gone = Promise.resolve(false);
  #framesSent = 0;
  /** What went before the newest ping that was answered. */
  #confirmed: Unconfirmed | undefined;

  constructor(options: SessionOptions) {
    this.#o = options;
  }

  get bytesSent(): number {
    return this.#publisher?.stats.bytesSent ?? 0;
  }

  /** What has not left yet, though it was taken from the queue. */
  get bytesQueued(): number {
    return this.#publisher?.stats.bytesQueued ?? 0;
  }

  /** Whether the stream stands still since its server has asked to go on elsewhere. */
  get isMoving(): boolean {
    return this.#publisher?.isMoving === true;
  }

  /** For how long a server that usually answers has given no sign of life; undefined while that is as usual. */
  get silentMs(): number | undefined {
    return this.#signs?.silentMs;
  }

  /** How what is sent arrives; undefined of a server that gives no signs. */
  get delivery(): Delivery | undefined {
    return this.#deliveryWatch?.delivery;
  }

  /** Ends the session at once: no unpublish. */
  cancel(): void {
    this.#cancel.abort();
    this.#publisher?.abort();
  }

  #isCancelled(): boolean {
    return this.#cancel.signal.aborted;
  }

  async run(): Promise<SessionEnd> {
    const { queue } = this.#o;
    let publisher: Publisher;
    try {
      publisher = await this.#connect();
    } catch (error) {
      if (this.#isCancelled()) return { type: 'cancelled' };
      return { type: 'lost', error, published: false, stable: false };
    }
    if (this.#isCancelled()) {
      publisher.abort();
      return { type: 'cancelled' };
    }
    this.#publisher = publisher;
    queue.flow();
    this.#o.onPublished();

    const ended = new AbortController();
    const firstFrame = new AbortController();
    const lost = publisher.closed.then((error) => ({
      type: 'lost' as const,
      error: error ?? new RtmpError('closed', 'streaming', 'it ended the stream'),
    }));
    const sent = this.#send(publisher, ended.signal, () => firstFrame.abort());
    const proved = this.#prove(publisher, ended.signal, firstFrame.signal);
    const gone = { type: 'lost' as const, error: noSign() };
    let end = await Promise.race([sent, lost, proved.then(() => gone)]);
    if (end.type === 'sent' && !(await this.#isConfirmed())) end = gone;
    ended.abort();
    firstFrame.abort();
    if (end.type === 'sent') {
      await publisher.close({ deadlineMs: this.#o.timing.drainMs });
    } else {
      publisher.abort();
    }
    await proved;
    const error = end.type === 'lost' ? end.error : undefined;
    const stoodStill = error instanceof RtmpError && error.code === 'timeout';
    const silence = stoodStill || this.silentMs !== undefined ? this.#silence() : undefined;
    const unknowns = { unconfirmed: this.#unconfirmed, silence };
    if (this.#isCancelled()) return { type: 'cancelled', ...unknowns };
    if (end.type === 'sent') return end;
    return { type: 'lost', error, published: true, stable: this.#stable, ...unknowns };
  }

  /** Whether a server that usually answers was still there when everything had been sent. */
  #isConfirmed(): Promise<boolean> {
    const { drainMs } = this.#o.timing;
    return this.#signs?.confirm(drainMs, this.#cancel.signal) ?? Promise.resolve(true);
  }

  #silence(): Silence {
    // Of a server that gives no signs no more is known than that it took nothing for so long.
    return { milliseconds: this.#signs?.quietMs ?? this.#o.timing.writeMs, error: noSign() };
  }

  get #unconfirmed(): Unconfirmed {
    if (!this.#confirmed) return { frames: 0, bytes: 0 };
    const { frames, bytes } = this.#confirmed;
    return { frames: this.#framesSent - frames, bytes: this.bytesSent - bytes };
  }

  async #connect(): Promise<Publisher> {
    let refusal: unknown;
    for (const place of this.#o.places) {
      this.#o.onPlace(place, false);
      try {
        const publisher = await this.#publish(place);
        this.#o.onPlace(place, true);
        return publisher;
      } catch (error) {
        // What the likeliest reading of the URL came to says most.
        refusal ??= error;
        // A server that is stopped meanwhile takes no other reading either.
        if (!isRefused(error)) throw isUnanswered(refusal) ? refusal : error;
      }
    }
    throw refusal;
  }

  #publish({ address, streamKey }: StreamPlace): Promise<Publisher> {
    const { checklist, publish, timing, places } = this.#o;
    const otherwise = places.slice(1);
    if (address.protocol === 'rtmp') checklist.skip('tls');
    return publish({
      address,
      streamKey,
      signal: this.#cancel.signal,
      deadlines: { overall: timing.openMs, streaming: timing.writeMs },
      onEvent: this.#o.onEvent,
      onMessage: this.#o.onMessage,
      onPhase: ({ phase, state, detail }) => {
        // What the library has more, such as a proxy, is no line of the checklist.
        if (!isDestinationPhase(phase)) return;
        if (state === 'started') checklist.start(phase);
        else
          checklist.done(phase, detail && withoutKeys(detail, { address, streamKey, otherwise }));
      },
    });
  }

  /** Sends until the queue has ended and is empty. */
  async #send(
    publisher: Publisher,
    signal: AbortSignal,
    onFirstFrame: () => void,
  ): Promise<{ type: 'sent' } | { type: 'lost'; error: unknown }> {
    const { queue, onFrame } = this.#o;
    let packet: EncodedPacket | undefined;
    let isFirst = true;
    try {
      for (;;) {
        packet = await queue.next(signal);
        if (!packet) return { type: 'sent' };
        await this.#describe(publisher);
        const outcome = await publisher.write(packet);
        if (outcome === 'sent') this.#o.onSent(packet);
        if (packet.type !== 'frame') continue;
        if (outcome === 'sent' && isFirst) {
          isFirst = false;
          onFirstFrame();
        }
        if (packet.track !== 'video') continue;
        if (outcome === 'sent') this.#framesSent += 1;
        onFrame(outcome);
      }
    } catch (error) {
      // The one in hand has not arrived.
      if (packet?.type === 'frame' && packet.track === 'video') onFrame('lost');
      return { type: 'lost', error };
    }
  }

  /** onMetaData goes before the first packet, and again where the stream has become another. */
  async #describe(publisher: Publisher): Promise<void> {
    const { description, metadata } = this.#o;
    const current = description();
    if (current === undefined || current === this.#described) return;
    this.#described = current;
    await publisher.writeMetadata(metadata(current));
  }

  /**
   * The last steps to live, which begin when media flows; then a ping now and then. Resolves when the server is gone, or
   * `signal` is aborted.
   */
  async #prove(publisher: Publisher, signal: AbortSignal, firstFrame: AbortSignal): Promise<void> {
    const { checklist, timing } = this.#o;
    checklist.start('acknowledged');
    await aborted(firstFrame);
    const begun = performance.now();
    const how = await this.#acknowledged(publisher, signal);
    if (how === undefined || this.#isCancelled()) return;
    checklist.done('acknowledged', how);
    if (!this.#signs) this.#measure({ publisher, by: 'acknowledgements' }, signal);
    this.#o.onAccepted();
    checklist.start('stable');
    const { stableMs, stableAgainMs } = timing;
    const neededMs = this.#o.wasStable ? Math.min(stableMs, stableAgainMs) : stableMs;
    const leftMs = neededMs - (performance.now() - begun);
    // It may have been ended in the moment in which the wait was over.
    if (!(await wait(Math.max(0, leftMs), signal)) || this.#isCancelled()) return;
    checklist.done('stable');
    this.#stable = true;
    this.#o.onStable();
    if (await this.#gone) return;
    await aborted(signal);
  }

  /** From the first answer on. */
  #listen(publisher: Publisher, signal: AbortSignal): void {
    const { pingEveryMs: everyMs, silentMs: goneMs } = this.#o.timing;
    const { onRtt } = this.#o;
    const watch = this.#measure({ publisher: this.#confirming(publisher), by: 'pings' }, signal);
    this.#signs = new SignsOfLife({ publisher: watch, everyMs, goneMs, onRtt });
    this.#gone = this.#signs.watch(signal);
  }

  #measure(options: DeliveryWatchOptions, signal: AbortSignal): DeliveryWatch {
    const watch = new DeliveryWatch(options);
    this.#deliveryWatch = watch;
    void watch.watch(signal);
    return watch;
  }

  /** The same publisher, of which an answered ping confirms what went before it: all take the same way. */
  #confirming(publisher: Publisher): Pick<Publisher, 'ping' | 'stats'> {
    return {
      get stats() {
        return publisher.stats;
      },
      ping: async (signal, limitMs) => {
        const before = { frames: this.#framesSent, bytes: this.bytesSent };
        const rtt = await publisher.ping(signal, limitMs);
        if (before.frames >= (this.#confirmed?.frames ?? 0)) this.#confirmed = before;
        return rtt;
      },
    };
  }

  /** What shows that the server received something, or that it shows nothing; `undefined` when `signal` is aborted. */
  async #acknowledged(publisher: Publisher, signal: AbortSignal): Promise<Reason | undefined> {
    const over = signalWithin(this.#o.timing.acknowledgeMs, signal);
    const ping = this.#ping(publisher, over, signal).then((ms) =>
      ms === undefined ? undefined : reason('ping-answered', { milliseconds: Math.round(ms) }),
    );
    const bytes = (async () => {
      do {
        const { bytesAcknowledged } = publisher.stats;
        if (bytesAcknowledged > 0)
          return reason('bytes-acknowledged', { bytes: bytesAcknowledged });
      } while (await wait(100, over));
      return undefined;
    })();
    const shown = (await Promise.race([ping, bytes])) ?? (await ping) ?? (await bytes);
    if (signal.aborted) return undefined;
    const { bytesSent } = publisher.stats;
    return shown ?? reason('bytes-not-acknowledged', { bytes: bytesSent });
  }

  async #ping(
    publisher: Publisher,
    within: AbortSignal,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    try {
      const rtt = await this.#confirming(publisher).ping(within);
      this.#listen(publisher, signal);
      this.#o.onRtt(rtt);
      return rtt;
    } catch {
      // No answer. Where the connection is gone, `closed` says so.
      return undefined;
    }
  }
}

const noSign = (): RtmpError => new RtmpError('timeout', 'streaming', 'no sign of life');

/** Whether the server knows no such application or stream; another name may be the one. */
const isRefused = (error: unknown): boolean =>
  error instanceof RtmpError &&
  (error.code === 'connect-rejected' || error.code === 'publish-rejected');
