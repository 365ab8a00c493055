import {
  appError,
  type AppErrorInfo,
  type DestinationPhase,
  destinationPhases,
  reason,
  type DestinationStatus,
} from '@tallylight/contract';
import {
  publish as publishRtmp,
  type EncodedPacket,
  type RtmpClientEvent,
  type TracedMessage,
} from 'node-rtmp-client';
import { Checklist } from '../../checklist.js';
import type { Logger } from '../../logger.js';
import { flvMetadata } from '../flv-metadata.js';
import { MillisecondClock } from '../millisecond-clock.js';
import {
  isOver,
  type FinishReason,
  type Output,
  type OutputContext,
  type Pressure,
} from '../output.js';
import type { StreamDescription } from '../stream-description.js';
import { DestinationAccount } from './destination-account.js';
import { DestinationAim, type DestinationTarget } from './destination-aim.js';
import {
  isSilentClose,
  isUnanswered,
  lossCause,
  rtmpErrorToAppError,
} from './destination-errors.js';
import { DestinationSession, type PublishRtmp, type Unknowns } from './destination-session.js';
import { PacketQueue, type PacketQueueLimits } from './packet-queue.js';
import { MediaRateMeter, type MediaRates } from '../../media-rate-meter.js';
import { defaultTiming, type DestinationTiming } from './reconnect-deadlines.js';
import { reconnectDelayMs } from './reconnect-delay.js';
import { maxHangUps } from './reconnect-limits.js';
import {
  stepReconnect,
  type History,
  type ReconnectDelay,
  type ReconnectEffect,
  type ReconnectEvent,
  type ReconnectState,
  type ReconnectStep,
  type WaitReason,
} from './reconnect-machine.js';
import { shownState } from './shown-state.js';
import { withoutKeys, type StreamPlace } from './stream-place.js';

export type { DestinationTarget };

export interface RtmpDestinationOptions {
  readonly target: DestinationTarget;
  /** Where it is now, when somebody asks to try again: what was wrong with it may have been put right meanwhile. */
  readonly renewTarget?: (() => Promise<DestinationTarget>) | undefined;
  readonly logger: Logger;
  readonly queueLimits?: Partial<PacketQueueLimits>;
  readonly timing?: Partial<DestinationTiming>;
  readonly publish?: PublishRtmp;
  readonly reconnectDelay?: ReconnectDelay;
  /** For how long it is tried to reconnect, in milliseconds; for ever where absent. */
  readonly reconnectLimitMs?: number;
  /** Is told of every RTMP message, in both directions, with secrets taken out. */
  readonly onMessage?: (message: TracedMessage) => void;
  /** Told of what cannot happen; logged where absent, for a broadcast must not end by our mistake. */
  readonly onBug?: (error: unknown) => void;
}

/**
 * One server that the broadcast goes to: its own queue, its own connections, its own failures. Nothing it does slows the
 * source or another output.
 *
 * {@link stepReconnect} decides; this has the timers, the connection and the queue, and does as it is told.
 */
export class RtmpDestination implements Output {
  readonly #o: RtmpDestinationOptions;
  readonly #queue: PacketQueue;
  readonly #timing: DestinationTiming;
  readonly #clock = new MillisecondClock();
  readonly #aim: DestinationAim;
  readonly #over: Promise<void>;
  #output: OutputContext = { onChange: () => undefined, requestKeyframe: () => undefined };
  #settleOver: () => void = () => undefined;
  /** Since when it is on its way to LIVE, by `performance.now()`. */
  #wantedAt = performance.now();
  #state: ReconnectState = { type: 'idle' };
  #description: StreamDescription | undefined;
  #checklist: Checklist<DestinationPhase>;
  #session: DestinationSession | undefined;
  /** Settles, without an error, when the newest connection has ended. */
  #connecting: Promise<void> = Promise.resolve();
  #isFinishing = false;
  /** The try that was dropped is to be followed by another. */
  #isAnew = false;
  /** How long what still waits has to leave when it ends. Milliseconds. */
  #drainMs: number;
  #timer: NodeJS.Timeout | undefined;
  #url: string;
  #isHeld = false;
  #moves = 0;
  readonly #rate = new MediaRateMeter();
  /** When the server was lost, in milliseconds since the epoch. */
  #lostAt: number | undefined;
  readonly #account: DestinationAccount;
  /** Since when it is live without a break, in milliseconds since the epoch. */
  #liveSince: number | undefined;
  #reconnects = 0;
  #goLiveMs: number | undefined;
  #firstLiveAt: number | undefined;
  #endedAt: number | undefined;
  #rttMs: number | undefined;
  #lastError: AppErrorInfo | undefined;

  constructor(options: RtmpDestinationOptions) {
    this.#o = options;
    this.#aim = new DestinationAim(options);
    this.#queue = new PacketQueue(options.queueLimits, () =>
      this.#session?.isMoving === true ? 'move' : 'network',
    );
    this.#account = new DestinationAccount(this.#queue, () => this.#output.lostFrames?.());
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#drainMs = this.#timing.drainMs;
    this.#checklist = this.#newChecklist();
    this.#over = new Promise((resolve) => (this.#settleOver = resolve));
    this.#url = this.#aim.context.url;
  }

  get id(): string {
    return this.#o.target.id;
  }

  get status(): DestinationStatus {
    const { target } = this.#aim;
    const state = this.#state;
    const silentMs = this.#session?.silentMs;
    return {
      type: 'rtmp',
      reach: 'public',
      id: this.id,
      name: target.name,
      url: this.#url,
      state: shownState(state),
      steps: this.#checklist.steps,
      ...this.#account.status(this.#session?.bytesSent ?? 0),
      ...this.#rates(),
      queuedMs: this.#queue.durationMs,
      queuedBytes: this.#queue.bytes + (this.#session?.bytesQueued ?? 0),
      ...(this.#liveSince !== undefined && { liveSince: this.#liveSince }),
      reconnects: this.#reconnects,
      ...(state.type === 'waiting' && {
        waiting: { attempt: state.history.tries + 1, until: state.until },
      }),
      ...(this.#lostAt !== undefined && { lostAt: this.#lostAt }),
      ...(this.#isHeld && { isHeld: true }),
      ...(this.#moves > 0 && { moves: this.#moves }),
      ...(this.#goLiveMs !== undefined && { goLiveMs: this.#goLiveMs }),
      ...(this.#firstLiveAt !== undefined && { firstLiveAt: this.#firstLiveAt }),
      ...(this.#endedAt !== undefined && { endedAt: this.#endedAt }),
      // Of one that is silent, or not there, nobody knows by now.
      ...(silentMs === undefined && this.#rttMs !== undefined && { rttMs: this.#rttMs }),
      ...(silentMs !== undefined && { silentMs }),
      ...(target.watchUrl !== undefined && { watchUrl: target.watchUrl }),
      ...(this.#lastError && { lastError: this.#lastError }),
      ...(state.type === 'failed' && state.gaveUp && { gaveUp: true }),
      ...(state.type === 'failed' && this.#isFinishing && { isFinished: true }),
    };
  }

  /** Nothing leaves where no server is; what leaves to one that is silent, nobody may get. */
  #rates(): Partial<MediaRates> {
    if (shownState(this.#state) !== 'live') return { fps: 0, bitrate: 0 };
    return this.#session?.silentMs === undefined ? (this.#rate.rates ?? {}) : {};
  }

  get pressure(): Pressure {
    const { durationMs: queuedMs, bytes: queuedBytes } = this.#queue;
    const delivery = this.#session?.delivery;
    return { queuedMs, queuedBytes, ...(delivery && { delivery }) };
  }

  open(context: OutputContext): void {
    this.#output = context;
    this.#wantedAt = performance.now();
  }

  /** Connects only now, so that a camera which fails leaves no empty stream on the server. */
  start(description: StreamDescription): void {
    this.#description = description;
    this.#dispatch({ type: 'media' });
  }

  change(description: StreamDescription): void {
    this.#description = description;
  }

  push(packet: EncodedPacket): void {
    const state = this.#state;
    // One that has failed may be tried again: what it misses meanwhile is counted, and what the stream is, is kept.
    if (state.type === 'ended' || (state.type === 'failed' && state.over)) return;
    this.#queue.push(this.#clock.round(packet));
  }

  async finish(reason: FinishReason, limitMs = Infinity): Promise<void> {
    this.#isFinishing = true;
    this.#drainMs = Math.min(this.#drainMs, limitMs);
    this.#queue.end();
    this.#account.end();
    this.#dispatch({ type: 'finish', reason });
    if (isOver(this.status)) this.#settleOver();
    await this.#over;
    await this.#connecting;
  }

  retry(): void {
    void this.#renewAndRetry();
  }

  networkUp(): void {
    this.#dispatch({ type: 'network-up' });
  }

  async #renewAndRetry(): Promise<void> {
    const askedAt = performance.now();
    const { type } = this.#state;
    const { renew } = this.#aim;
    if (renew && (type === 'waiting' || type === 'failed')) await renew();
    // While it stood failed it waited for whoever asks now, and was not on its way.
    if (this.#state.type === 'failed') this.#wantedAt = askedAt;
    this.#dispatch({ type: 'retry' });
  }

  #dispatch(event: ReconnectEvent): void {
    const { reconnectDelay: delayMs = reconnectDelayMs, reconnectLimitMs: limitMs = Infinity } =
      this.#o;
    const before = this.#state;
    let step: ReconnectStep;
    try {
      step = stepReconnect(before, event, { delayMs, limitMs });
    } catch (error) {
      const { onBug, logger } = this.#o;
      if (onBug) onBug(error);
      else logger.error({ err: error, destination: this.#aim.target.name }, 'illegal transition');
      return;
    }
    const { state, effects } = step;
    this.#state = state;
    if (state.type === 'waiting') this.#explain(state.reason);
    for (const effect of effects) this.#run(effect);
    const isLive = shownState(state) === 'live';
    this.#liveSince = isLive ? (this.#liveSince ?? Date.now()) : undefined;
    if (isLive) {
      this.#noteReturn();
      this.#account.goLive();
      this.#goLiveMs ??= Math.round(performance.now() - this.#wantedAt);
      this.#firstLiveAt ??= Date.now();
    }
    const isEnd = state.type === 'failed' || state.type === 'ended';
    this.#endedAt = isEnd ? (this.#endedAt ?? Date.now()) : undefined;
    if (isEnd) this.#end(before);
    if (state !== before) this.#output.onChange();
  }

  #run(effect: ReconnectEffect): void {
    switch (effect) {
      case 'connect':
        this.#connecting = this.#connect();
        return;
      case 'connect-anew':
        this.#dropUnreached();
        return;
      case 'wait':
        if (this.#state.type !== 'waiting') return;
        this.#setTimer('due', this.#state.until - Date.now());
        return;
      case 'stop-waiting':
        clearTimeout(this.#timer);
        return;
      case 'limit-stopping':
        this.#setTimer('stop-overdue', this.#drainMs);
        return;
      case 'cancel':
        this.#session?.cancel();
        return;
    }
  }

  /** A try that waits for an answer of DNS, or for a connection, waits longer and longer between its questions. */
  #dropUnreached(): void {
    const { current } = this.#checklist;
    if (current !== 'dns' && current !== 'tcp') return;
    this.#isAnew = true;
    this.#session?.cancel();
  }

  #setTimer(type: 'due' | 'stop-overdue', ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#dispatch({ type }), Math.max(0, ms));
  }

  async #connect(): Promise<void> {
    this.#aim.moveToRenewed();
    // Wherever a server may have sent us before, it begins with the one we were told of.
    this.#url = this.#aim.context.url;
    this.#checklist = this.#newChecklist();
    this.#rate.reset();
    const wasStable = this.#state.type === 'connecting' && this.#state.history.wasStable;
    const session = new DestinationSession({
      places: this.#aim.places,
      onPlace: (place, isTaken) => this.#notePlace(place, isTaken),
      queue: this.#queue,
      checklist: this.#checklist,
      timing: this.#timing,
      wasStable,
      description: () => this.#description,
      metadata: flvMetadata,
      publish: this.#o.publish ?? publishRtmp,
      onPublished: () => this.#published(),
      onAccepted: () => this.#dispatch({ type: 'accepted' }),
      onStable: () => this.#dispatch({ type: 'stable', at: Date.now() }),
      onSent: (packet) => this.#rate.add(packet),
      onFrame: (outcome) => this.#account.note(outcome),
      onRtt: (milliseconds) => (this.#rttMs = milliseconds),
      onEvent: (event) => this.#noteEvent(event),
      onMessage: this.#o.onMessage,
    });
    this.#session = session;
    const end = await session.run();
    const unknowns: Unknowns = end.type === 'sent' ? {} : end;
    const { unconfirmed, silence } = unknowns;
    this.#account.close(session.bytesSent, end.type === 'lost', unconfirmed);
    this.#session = undefined;
    this.#rttMs = undefined;
    this.#isHeld = false;
    const at = Date.now();
    if (silence) this.#lostAt ??= at - silence.milliseconds;
    const state = this.#state;
    const isOver = state.type === 'ended' || state.type === 'failed';
    const isAnew = this.#isAnew;
    this.#isAnew = false;
    if (isAnew && state.type === 'connecting' && end.type === 'cancelled') return this.#connect();
    if (end.type === 'cancelled' || isOver) {
      // Its time to end in order ran out, and nobody was there to take it.
      if (silence) this.#noteLoss(silence.error, false);
      return;
    }
    if (end.type === 'sent') {
      // It was on its way back when the broadcast ended, and has taken what was left.
      this.#noteReturn();
      this.#dispatch({ type: 'sent' });
      return;
    }
    this.#queue.suspend();
    const isFirstLoss = state.type === 'accepted' && state.history.refusals === 0;
    this.#noteLoss(end.error, end.published && !end.stable && !isFirstLoss);
    this.#lostAt ??= at;
    if (state.type === 'connecting' && isUnanswered(end.error)) this.#noteHangUp(state.history);
    this.#dispatch({ type: 'lost', cause: lossCause(end.error), at });
  }

  /** Of the usual readings of its URL, the one that is tried, or that the server has taken. */
  #notePlace(place: StreamPlace, isTaken: boolean): void {
    this.#aim.notePlace(place, isTaken);
    const { url } = this.#aim.context;
    if (this.#url === url) return;
    this.#url = url;
    this.#output.onChange();
  }

  /** What the library does by itself; what a server asks for is its own business, and the streamer's. */
  #noteEvent(event: RtmpClientEvent): void {
    const { name } = this.#aim.target;
    switch (event.type) {
      case 'moved': {
        this.#moves += 1;
        this.#url = withoutKeys(event.shownUrl, this.#aim.target);
        this.#o.logger.info({ destination: name, url: this.#url }, 'moved to another server');
        break;
      }
      case 'held':
        this.#isHeld = true;
        break;
      case 'resumed':
        this.#isHeld = false;
        break;
      case 'move-failed':
        this.#o.logger.warn(
          { destination: name, err: event.error },
          'could not move to another server',
        );
        break;
      case 'moving':
      case 'reconnect-request':
      case 'status':
      case 'acknowledged':
        return;
    }
    this.#output.onChange();
  }

  /** After a loss viewers would wait for the next keyframe. */
  #published(): void {
    if (this.#queue.waitsForKeyframe) this.#output.requestKeyframe();
    this.#dispatch({ type: 'published' });
  }

  /** Media was taken. Where it had been before, and was lost, the stream has come back. */
  #noteReturn(): void {
    if (this.#lostAt !== undefined && this.#goLiveMs !== undefined) this.#reconnects += 1;
    this.#lostAt = undefined;
  }

  #noteLoss(error: unknown, refusedLate: boolean): void {
    const { context } = this.#aim;
    const { host, port } = context;
    const { info } = rtmpErrorToAppError(error, context);
    const phase = info.phase ?? this.#checklist.current;
    this.#lastError = {
      // It took the stream and then closed without a word: that is how many answer a wrong key.
      ...(refusedLate && isSilentClose(error)
        ? appError('CLOSED_AFTER_PUBLISH', { host, port }).info
        : info),
      ...(phase && { phase }),
    };
    this.#checklist.fail(phase);
    const { name } = this.#aim.target;
    this.#o.logger.warn({ destination: name, error: this.#lastError }, 'a destination was lost');
  }

  /** Once it may have been stopped in that moment; each time, it does not want the stream. */
  #noteHangUp({ hangUps, wasLive }: History): void {
    if (wasLive || hangUps + 1 < maxHangUps) return;
    const { host, port } = this.#aim.context;
    const why = reason('closed-each-time');
    const { info } = appError('STREAM_REFUSED', { host, port, reason: why });
    this.#lastError = { ...info, phase: 'publish' };
  }

  /** What it waits for, where that is more than that the connection was lost. */
  #explain(why: WaitReason): void {
    const { host, port } = this.#aim.context;
    const phase = 'publish';
    if (why === 'held')
      this.#lastError = { ...appError('STREAM_HELD', { host, port }).info, phase };
    if (why === 'keeps-closing') this.#lastError = appError('KEEPS_CLOSING', { host, port }).info;
  }

  #end(before: ReconnectState): void {
    if (before.type === this.#state.type) return;
    clearTimeout(this.#timer);
    this.#queue.suspend(before.type === 'stopping' && this.#lostAt === undefined);
    if (this.#isFinishing) this.#settleOver();
  }

  #newChecklist(): Checklist<DestinationPhase> {
    return new Checklist(destinationPhases, () => this.#output.onChange());
  }
}
