import {
  destinationPhases,
  type AppErrorInfo,
  type DestinationPhase,
  type DestinationStatus,
} from '@tallylight/contract';
import {
  parseRtmpUrl,
  publish as publishRtmp,
  type AmfValue,
  type EncodedPacket,
  type RtmpAddress,
} from 'node-rtmp-client';
import { appError } from '../../app-error.js';
import type { Logger } from '../../logger.js';
import { Checklist } from '../../broadcast/checklist.js';
import { wait } from '../../deadline.js';
import {
  isFinal,
  isSilentClose,
  rtmpErrorToAppError,
  type DestinationContext,
} from './destination-errors.js';
import {
  defaultTiming,
  DestinationSession,
  type DestinationTiming,
  type PublishRtmp,
  type SessionEnd,
} from './destination-session.js';
import { PacketQueue, type PacketQueueLimits } from './packet-queue.js';
import { reconnectDelayMs } from './reconnect-delay.js';

export interface DestinationTarget {
  readonly id: string;
  readonly name: string;
  /** Without the stream key. */
  readonly serverUrl: string;
  readonly streamKey: string;
  /** Where to watch, for the built-in server. */
  readonly watchUrl?: string;
}

export interface DestinationOptions {
  readonly target: DestinationTarget;
  /** Asked for before the first packet of each connection. */
  readonly metadata: () => Record<string, AmfValue>;
  readonly logger: Logger;
  readonly onChange: () => void;
  readonly queueLimits?: PacketQueueLimits;
  readonly timing?: Partial<DestinationTiming>;
  readonly publish?: PublishRtmp;
  /** Milliseconds before the given try to reconnect, counted from 0. */
  readonly reconnectDelay?: (attempt: number) => number;
}

type State = DestinationStatus['state'];

const transitions: Record<State, readonly State[]> = {
  connecting: ['live', 'failed', 'stopped'],
  live: ['reconnecting', 'failed', 'stopped'],
  reconnecting: ['live', 'failed', 'stopped'],
  failed: [],
  stopped: [],
};

/** About eight minutes, by {@link reconnectDelayMs}. */
const maxReconnectAttempts = 20;

/**
 * One place that the broadcast goes to: its own queue, its own connections, its own failures. Nothing it does slows the
 * source or another destination.
 *
 * Before it was live for the first time a failure is final: the streamer is there and can put it right. From then on a
 * lost connection is made again, without end of the encoder, unless the server said no.
 */
export class Destination {
  readonly #o: DestinationOptions;
  readonly #queue: PacketQueue;
  readonly #timing: DestinationTiming;
  readonly #address: RtmpAddress | undefined;
  readonly #context: DestinationContext;
  readonly #cancel = new AbortController();
  #startedAt = 0;
  #addressError: unknown;
  #state: State = 'connecting';
  #checklist: Checklist<DestinationPhase>;
  #session: DestinationSession | undefined;
  #finishing = false;
  /** The broadcast came to its own end while the connection was lost: what was missed is missed for good. */
  #abandoned = false;
  #drainTimer: NodeJS.Timeout | undefined;
  #bytesBefore = 0;
  #framesSent = 0;
  #reconnects = 0;
  #goLiveMs: number | undefined;
  #rttMs: number | undefined;
  #lastError: AppErrorInfo | undefined;

  constructor(options: DestinationOptions) {
    const { target, logger } = options;
    this.#o = options;
    this.#queue = new PacketQueue(options.queueLimits);
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#checklist = new Checklist(destinationPhases, options.onChange);
    logger.addSecret(target.streamKey);
    try {
      this.#address = parseRtmpUrl(target.serverUrl, { withKey: false });
      if (target.streamKey === '') throw appError('EMPTY_KEY', { destination: target.name });
    } catch (error) {
      this.#addressError = error;
    }
    const { host = '', port = 0, app = '', serverUrl = target.serverUrl } = this.#address ?? {};
    // A query may hold a token.
    const [shownApp = ''] = app.split('?');
    const [url = ''] = serverUrl.split('?');
    this.#context = { host, port, app: shownApp, url, streamKey: target.streamKey };
  }

  get status(): DestinationStatus {
    const { target } = this.#o;
    return {
      id: target.id,
      name: target.name,
      url: this.#context.url,
      state: this.#state,
      steps: this.#checklist.steps,
      bytesSent: this.#bytesBefore + (this.#session?.bytesSent ?? 0),
      framesSent: this.#framesSent,
      framesDropped: this.#queue.framesDropped,
      reconnects: this.#reconnects,
      ...(this.#goLiveMs !== undefined && { goLiveMs: this.#goLiveMs }),
      ...(this.#rttMs !== undefined && { rttMs: this.#rttMs }),
      ...(target.watchUrl !== undefined && { watchUrl: target.watchUrl }),
      ...(this.#lastError && { lastError: this.#lastError }),
    };
  }

  /** Gives it a packet. Never waits; what it cannot send in time it drops. */
  push(packet: EncodedPacket): void {
    if (this.#state !== 'failed' && this.#state !== 'stopped') this.#queue.push(packet);
  }

  /**
   * Connects when there is something to send, so that a camera which fails leaves no empty stream on the server; sends
   * and reconnects until it is finished, cancelled or failed. Never rejects.
   */
  async run(): Promise<void> {
    this.#startedAt = performance.now();
    if (this.#addressError === undefined && !(await this.#queue.filled(this.#cancel.signal))) {
      this.#enter('stopped');
      return;
    }
    let attempt = 0;
    let closedAfterPublish = 0;
    for (;;) {
      const end = await this.#connectOnce();
      if (end.type === 'finished') {
        this.#enter(this.#abandoned ? 'failed' : 'stopped');
        return;
      }
      if (end.live) [attempt, closedAfterPublish] = [0, 0];
      const refusedLate = end.published && !end.live;
      if (refusedLate) closedAfterPublish += 1;
      this.#fail(end, refusedLate);
      const wasLive = this.#goLiveMs !== undefined;
      // A server that twice took the stream only to close it does not want it.
      const givenUp = attempt >= maxReconnectAttempts || closedAfterPublish >= 2;
      const isLastWord = !wasLive || isFinal(end.error) || givenUp;
      if (isLastWord || this.#finishing) {
        this.#enter(wasLive && this.#finishing ? 'stopped' : 'failed');
        return;
      }
      this.#enter('reconnecting');
      await wait((this.#o.reconnectDelay ?? reconnectDelayMs)(attempt), this.#cancel.signal);
      attempt += 1;
    }
  }

  /**
   * No more packets will come: what waits is sent, the stream unpublished, all within the drain deadline.
   *
   * @param patient true: a destination that is still connecting for the first time is waited for, so that a source
   *   which was shorter than the way to the server arrives all the same; one that was lost and is not back has failed.
   *   False: whoever stops does not wait for either.
   */
  finish(patient: boolean): void {
    this.#finishing = true;
    this.#queue.end();
    if (this.#session?.isPublished) this.#startDraining();
    else if (!patient || this.#state !== 'connecting') {
      this.#abandoned = patient;
      this.#cancelAll();
    }
  }

  async #connectOnce(): Promise<SessionEnd> {
    if (!this.#address || this.#addressError !== undefined) {
      return { type: 'lost', error: this.#addressError, published: false, live: false };
    }
    if (this.#cancel.signal.aborted) return { type: 'finished' };
    const isReconnect = this.#state === 'reconnecting';
    this.#checklist = new Checklist(destinationPhases, this.#o.onChange);
    const session = new DestinationSession({
      address: this.#address,
      streamKey: this.#o.target.streamKey,
      queue: this.#queue,
      checklist: this.#checklist,
      timing: this.#timing,
      metadata: this.#o.metadata,
      publish: this.#o.publish ?? publishRtmp,
      onPublished: () => {
        if (isReconnect) this.#reconnects += 1;
        if (this.#finishing) this.#startDraining();
        this.#o.onChange();
      },
      onLive: () => {
        this.#goLiveMs ??= Math.round(performance.now() - this.#startedAt);
        this.#enter('live');
      },
      onFrameSent: () => (this.#framesSent += 1),
      onRtt: (milliseconds) => (this.#rttMs = milliseconds),
    });
    this.#session = session;
    const end = await session.run();
    this.#queue.suspend();
    this.#bytesBefore += session.bytesSent;
    this.#session = undefined;
    return end;
  }

  #fail(end: SessionEnd & { type: 'lost' }, refusedLate: boolean): void {
    const { host, port } = this.#context;
    const { info } = rtmpErrorToAppError(end.error, this.#context);
    const phase = info.phase ?? this.#checklist.current;
    this.#lastError = {
      // It took the stream and then closed without a word: that is how many answer a wrong key.
      ...(refusedLate && isSilentClose(end.error)
        ? appError('CLOSED_AFTER_PUBLISH', { host, port }).info
        : info),
      ...(phase && { phase }),
    };
    this.#checklist.fail(phase);
    const { code, message } = this.#lastError;
    this.#o.logger.warn({ destination: this.#o.target.name, code, phase }, message);
  }

  #startDraining(): void {
    this.#drainTimer ??= setTimeout(() => this.#cancelAll(), this.#timing.drainMs);
  }

  #cancelAll(): void {
    this.#cancel.abort();
    this.#session?.cancel();
  }

  #enter(next: State): void {
    if (!transitions[this.#state].includes(next)) return;
    this.#state = next;
    if (next === 'failed' || next === 'stopped') {
      clearTimeout(this.#drainTimer);
      this.#queue.suspend();
    }
    this.#o.onChange();
  }
}
