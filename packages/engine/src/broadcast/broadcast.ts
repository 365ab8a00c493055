import type { AppErrorInfo, BroadcastSnapshot, Encoding } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { toErrorInfo } from '../app-error.js';
import type { MediaSource } from '../sources/media-source.js';
import type { Logger } from '../logger.js';
import { summarize, type BroadcastSummary } from './broadcast-summary.js';
import { CaptureFeed } from './capture-feed.js';
import { Destination, type DestinationOptions, type DestinationTarget } from '../outputs/rtmp/destination.js';
import { Recorder } from '../outputs/recording/flv-recorder.js';
import { BroadcastStatistics } from './statistics.js';

export interface BroadcastOptions {
  readonly source: MediaSource;
  readonly encoding: Encoding;
  readonly destinations: readonly DestinationTarget[];
  /** Path of an FLV file to record to, which must not exist. */
  readonly recordTo?: string;
  /** Media time after which the broadcast stops by itself, in milliseconds. */
  readonly durationMs?: number;
  readonly logger: Logger;
  /** The application's; told to servers as `Tallylight/<version>`. */
  readonly version: string;
  /** How destinations connect and queue; for tests and embedders. */
  readonly delivery?: Pick<
    DestinationOptions,
    'publish' | 'queueLimits' | 'timing' | 'reconnectDelay'
  >;
}

type State = BroadcastSnapshot['state'];

const transitions: Record<State, readonly State[]> = {
  idle: ['connecting'],
  connecting: ['live', 'stopping'],
  live: ['stopping'],
  stopping: ['ended'],
  ended: [],
};

const statisticsEveryMs = 500;

/**
 * One broadcast, once: runs a source and gives every packet to each destination and to the recording.
 *
 * The source is pulled at its own pace from the beginning, and destinations connect with its first packet; each
 * destination's queue begins with that packet and holds what comes until its server takes the stream, up to a bound. So no camera is made to wait, nothing is lost at the start of a normal connection, and a server that is slow
 * to answer costs only its own viewers some frames.
 */
export class Broadcast {
  readonly #o: BroadcastOptions;
  readonly #feed: CaptureFeed;
  readonly #destinations: readonly Destination[];
  readonly #recorder: Recorder | undefined;
  readonly #statistics = new BroadcastStatistics();
  readonly #watchers = new Set<(snapshot: BroadcastSnapshot) => void>();
  readonly #stop = new AbortController();
  #state: State = 'idle';
  #startedAt: number | undefined;
  #liveAt: number | undefined;
  #error: AppErrorInfo | undefined;
  #sourceEnded = false;
  #run: Promise<BroadcastSummary> | undefined;

  constructor(options: BroadcastOptions) {
    this.#o = options;
    const { source, encoding, recordTo, durationMs, logger, version, delivery } = options;
    const onChange = (): void => this.#changed();
    this.#feed = new CaptureFeed({
      source,
      encoding,
      encoder: `Tallylight/${version}`,
      ...(durationMs !== undefined && { durationMs }),
      onChange,
    });
    this.#destinations = options.destinations.map(
      (target) =>
        new Destination({
          target,
          metadata: () => this.#feed.metadata(),
          logger,
          onChange,
          ...delivery,
        }),
    );
    if (recordTo !== undefined) {
      this.#recorder = new Recorder(recordTo, { hasAudio: source.hasAudio, onChange });
    }
  }

  get snapshot(): BroadcastSnapshot {
    return {
      state: this.#state,
      ...(this.#startedAt !== undefined && { startedAt: this.#startedAt }),
      ...(this.#liveAt !== undefined && { liveAt: this.#liveAt }),
      captureSteps: this.#feed.steps,
      destinations: this.#destinations.map((destination) => destination.status),
      statistics: this.#statistics.snapshot(this.#o.source.droppedFrames),
      ...(this.#recorder && { recording: this.#recorder.status }),
      ...(this.#error && { error: this.#error }),
    };
  }

  /** Calls `listener` with each new snapshot. Returns what ends that. */
  watch(listener: (snapshot: BroadcastSnapshot) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /**
   * Runs the broadcast to its end, which is the source's, {@link stop}, the duration, a failure of the source, or that
   * of the last destination. Always resolves, with what was done; `snapshot.error` says why where it failed.
   */
  run(): Promise<BroadcastSummary> {
    this.#run ??= this.#runOnce();
    return this.#run;
  }

  /** Ends the broadcast in order; resolves when everything is flushed and closed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#enter('stopping');
    if (this.#sourceEnded) this.#finishDestinations();
    await this.#run;
  }

  /** Ends the broadcast because of a failure that only the caller could see, such as one in the window's encoder. */
  fail(error: AppErrorInfo): void {
    if (this.#state === 'stopping' || this.#state === 'ended') return;
    this.#error = error;
    this.#o.logger.error({ code: error.code, phase: error.phase }, error.message);
    this.#stop.abort();
    this.#enter('stopping');
  }

  async #runOnce(): Promise<BroadcastSummary> {
    this.#startedAt = Date.now();
    this.#enter('connecting');
    const ticker = setInterval(() => {
      this.#statistics.tick();
      this.#changed();
    }, statisticsEveryMs);
    try {
      await this.#recorder?.open();
      const deliveries = this.#destinations.map(async (destination) => {
        await destination.run();
        this.#failWhenAllFailed();
      });
      await this.#pump();
      this.#sourceEnded = true;
      this.#enter('stopping');
      this.#finishDestinations();
      await Promise.all(deliveries);
      await this.#recorder?.close();
    } finally {
      clearInterval(ticker);
    }
    this.#enter('ended');
    const snapshot = this.snapshot;
    this.#watchers.clear();
    return summarize(snapshot, this.#statistics.snapshot(this.#o.source.droppedFrames));
  }

  async #pump(): Promise<void> {
    try {
      for await (const packet of this.#feed.packets(this.#stop.signal)) this.#fanOut(packet);
    } catch (error) {
      this.fail(toErrorInfo(error, this.#o.logger.scrub));
    }
  }

  /** Only once the source has ended: whatever it gave before is sent. */
  #finishDestinations(): void {
    const isPatient = !this.#stop.signal.aborted;
    for (const destination of this.#destinations) destination.finish(isPatient);
  }

  #fanOut(packet: EncodedPacket): void {
    this.#statistics.count(packet);
    for (const destination of this.#destinations) destination.push(packet);
    this.#recorder?.push(packet, () => this.#feed.metadata());
  }

  #failWhenAllFailed(): void {
    const statuses = this.#destinations.map((destination) => destination.status);
    if (!statuses.every(({ state }) => state === 'failed')) return;
    this.#error ??= statuses[0]?.lastError;
    this.#stop.abort();
    this.#enter('stopping');
  }

  #changed(): void {
    const { snapshot } = this;
    if (this.#state === 'connecting' && isLive(snapshot)) {
      this.#liveAt = Date.now();
      this.#enter('live');
      return;
    }
    for (const watcher of this.#watchers) watcher(snapshot);
  }

  #enter(next: State): void {
    if (!transitions[this.#state].includes(next)) return;
    this.#state = next;
    this.#o.logger.info({ state: next }, 'broadcast');
    this.#changed();
  }
}

/** Live is what reaches a server; a broadcast that is only recorded is live when its media flows. */
function isLive({ destinations, captureSteps }: BroadcastSnapshot): boolean {
  return destinations.length > 0
    ? destinations.some(({ state }) => state === 'live')
    : captureSteps.every(({ state }) => state === 'done');
}
