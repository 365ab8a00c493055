import {
  appError,
  defaultBitratePolicy,
  type AppErrorInfo,
  type BitrateAdaptation,
  type BroadcastSnapshot,
  type Encoding,
  type OutputStatus,
  type ProgramLoad,
} from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { within, withResolvers } from 'node-rtmp-client/async';
import { toErrorInfo } from '../app-error.js';
import type { Logger } from '../logger.js';
import type { FinishReason, Output } from '../outputs/output.js';
import type { StreamDescription } from '../outputs/stream-description.js';
import type { MediaSource } from '../sources/media-source.js';
import { BitrateDriver } from './bitrate/bitrate-driver.js';
import { allFailed, mayFollow, stateOfOutputs, type BroadcastState } from './broadcast-state.js';
import { nextHealth, withoutVerdict, type HealthState } from './health.js';
import { withRemoved } from './removed-outputs.js';
import { ShowTimes } from './show-times.js';
import { SourceFeed } from './source-feed.js';
import { BroadcastStatistics } from './statistics.js';

export interface BroadcastOptions {
  readonly source: MediaSource;
  readonly encoding: Encoding;
  /** Those it begins with; more can be added while it runs. */
  readonly outputs: readonly Output[];
  /** Media time after which the broadcast stops by itself, in milliseconds. */
  readonly durationMs?: number;
  /** Whom the bitrate of the picture is lowered for where the network is slow; the usual where absent. */
  readonly adaptation?: BitrateAdaptation;
  /** What the program costs, as of its last measurement; absent where nobody measures it. */
  readonly programLoad?: () => ProgramLoad | undefined;
  readonly logger: Logger;
  /** The application's; told to servers as `Tallylight/<version>`. */
  readonly version: string;
}

const statisticsEveryMs = 500;

/** Everything that is asked to end has ended within this, or is left behind: a stop takes no longer than 5 s. */
const stopWithinMs = 4_500;

/**
 * One broadcast, once: runs a source and gives every packet to each of its outputs.
 *
 * The source is pulled at its own pace, so no camera is made to wait, and an output that is slow costs only its own
 * viewers some frames. Every output begins with a keyframe and the configurations it needs, whether it is there from the
 * beginning or joins later.
 */
export class Broadcast {
  readonly #o: BroadcastOptions;
  readonly #feed: SourceFeed;
  readonly #outputs = new Map<string, Output>();
  /** Those that wait for a keyframe to begin with. */
  readonly #joining = new Set<Output>();
  /** Those that somebody has ended: how they ended says nothing about the broadcast. */
  readonly #finished = new Set<Output>();
  #removed: readonly OutputStatus[] = [];
  readonly #statistics = new BroadcastStatistics();
  #health: HealthState | undefined;
  readonly #watchers = new Set<(snapshot: BroadcastSnapshot) => void>();
  readonly #stop = new AbortController();
  #state: BroadcastState = 'idle';
  #startedAt: number | undefined;
  readonly #shows = new ShowTimes();
  #error: AppErrorInfo | undefined;
  readonly #sourceEnd = withResolvers();
  /** Resolved where the source does not end within the time of a stop. */
  readonly #overdue = withResolvers();
  #overdueTimer: NodeJS.Timeout | undefined;
  /** Until when a stop is to be done, by `performance.now()`. */
  #stopBy: number | undefined;
  #sourceFailed = false;
  #isStopWanted = false;
  #isPlayedOut = false;
  /** Whether a server took it since there was one to go to. */
  #wasPublic = false;
  /** Whether outputs were added or ended since the start. */
  #isChanged = false;
  #described: StreamDescription | undefined;
  readonly #bitrate: BitrateDriver;
  #run: Promise<BroadcastSnapshot> | undefined;

  constructor(options: BroadcastOptions) {
    this.#o = options;
    const { source, encoding, outputs, durationMs, version, logger } = options;
    const { adaptation = defaultBitratePolicy } = options;
    this.#bitrate = new BitrateDriver({
      ...{ source, encoding, adaptation, logger },
      outputs: () => this.#outputs.values(),
      onTold: (bitrate) => this.#feed.noteVideoBitrate(bitrate),
    });
    this.#feed = new SourceFeed({
      source,
      encoding,
      encoder: `Tallylight/${version}`,
      ...(durationMs !== undefined && { durationMs }),
      onChange: () => this.#changed(),
    });
    for (const output of outputs) {
      if (this.#outputs.has(output.id)) {
        throw appError('OUTPUT_ACTIVE', { output: output.status.name });
      }
      this.#outputs.set(output.id, output);
      this.#joining.add(output);
    }
  }

  get snapshot(): BroadcastSnapshot {
    const { source, encoding, programLoad } = this.#o;
    const program = this.#state === 'ended' ? undefined : programLoad?.();
    const { capturesLive = false, measured } = source;
    const { presence, ...status } = source.status;
    const videoBitrate = this.#bitrate.status;
    return {
      state: this.#state,
      ...(this.#startedAt !== undefined && { startedAt: this.#startedAt }),
      ...this.#shows.status,
      wanted: {
        fps: this.#wantedFps,
        ...(!measured && {
          videoBitrate: this.#bitrate.limit,
          ...(source.hasAudio && { audioBitrate: encoding.audioBitrate }),
        }),
      },
      ...(videoBitrate && { videoBitrate }),
      ...(presence && { presence }),
      ...(this.#isPlayedOut && { isPlayedOut: true }),
      captureSteps: this.#feed.steps,
      outputs: [...this.#outputs.values()].map(({ status }) => status),
      ...(this.#removed.length > 0 && { removed: [...this.#removed] }),
      statistics: this.#statistics.snapshot(status, capturesLive && source.hasAudio),
      ...(program && { program }),
      ...(this.#health?.health && { health: this.#health.health }),
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
   * of the last output. Always resolves, with the last snapshot; its `error` says why where it failed.
   */
  run(): Promise<BroadcastSnapshot> {
    this.#run ??= this.#runOnce();
    return this.#run;
  }

  /**
   * Ends the broadcast in order, within 5 s; resolves when every output is closed. Only a file may take longer, of which
   * nothing is given up.
   *
   * @param flushMs how long to wait for the end of a source that has been told to end, so that what it still holds is
   * delivered too. Milliseconds.
   */
  async stop(flushMs = 0): Promise<void> {
    this.#isStopWanted = true;
    this.#stopBy ??= performance.now() + stopWithinMs;
    this.#enter('stopping');
    if (flushMs > 0 && this.#run) await within(this.#sourceEnd.promise, flushMs);
    this.#abort();
    await this.#run;
  }

  /** Ends the broadcast because of a failure that only the caller could see, such as one in the window's encoder. */
  fail(error: AppErrorInfo): void {
    if (this.#state === 'stopping' || this.#state === 'ended') return;
    this.#error = error;
    this.#o.logger.error({ error }, 'the broadcast failed');
    this.#enter('stopping');
    this.#abort();
  }

  /**
   * Adds an output, which begins with the next keyframe.
   *
   * @throws AppError `OUTPUT_ACTIVE` when there is one of that id, `NOT_BROADCASTING` when the broadcast is ending.
   */
  add(output: Output): void {
    if (this.#state === 'stopping' || this.#state === 'ended') throw appError('NOT_BROADCASTING');
    const { id, status } = output;
    if (this.#outputs.has(id)) throw appError('OUTPUT_ACTIVE', { output: status.name });
    this.#isChanged = true;
    this.#outputs.set(id, output);
    this.#joining.add(output);
    if (this.#state !== 'idle') this.#open(output);
    this.#o.source.control?.requestKeyframe?.();
    this.#changed();
  }

  /** Ends an output in order and takes it out; what it came to stays in the summary. @throws AppError `OUTPUT_NOT_FOUND`. */
  async remove(id: string): Promise<void> {
    const output = this.output(id);
    await this.finish(id);
    this.#outputs.delete(id);
    this.#finished.delete(output);
    this.#removed = withRemoved(this.#removed, output.status);
    this.#changed();
  }

  /** Ends an output in order; its figures stay. @throws AppError `OUTPUT_NOT_FOUND`. */
  async finish(id: string): Promise<void> {
    const output = this.output(id);
    this.#isChanged = true;
    this.#finished.add(output);
    this.#joining.delete(output);
    await output.finish('stopped');
    this.#changed();
  }

  /** One of its outputs, to be told what only its kind can do. @throws AppError `OUTPUT_NOT_FOUND`. */
  output(id: string): Output {
    const output = this.#outputs.get(id);
    if (!output) throw appError('OUTPUT_NOT_FOUND', { output: id });
    return output;
  }

  /**
   * Has an output try again at once, if it has something to try.
   *
   * @throws AppError `OUTPUT_NOT_FOUND`, `NOT_BROADCASTING` when it was ended.
   */
  retry(id: string): void {
    const output = this.output(id);
    if (this.#finished.has(output)) throw appError('NOT_BROADCASTING');
    output.retry?.();
  }

  /** This computer has a network again: what waits to reconnect tries at once; what has failed for good does not. */
  networkUp(): void {
    for (const output of this.#outputs.values()) output.networkUp?.();
  }

  /** As {@link BitrateDriver.setLimit}. */
  async setVideoBitrate(bitrate: number): Promise<void> {
    await this.#bitrate.setLimit(bitrate);
    this.#changed();
  }

  async #runOnce(): Promise<BroadcastSnapshot> {
    this.#startedAt = Date.now();
    this.#enter('connecting');
    const ticker = setInterval(() => {
      this.#noteRest();
      this.#judge();
      this.#changed();
    }, statisticsEveryMs);
    this.#bitrate.start();
    try {
      for (const output of this.#outputs.values()) this.#open(output);
      await Promise.race([this.#pump(), this.#overdue.promise]);
      // At the end of the duration, too, the source is told to end.
      this.#isPlayedOut = !this.#isToldToEnd() && this.#o.durationMs === undefined;
      this.#sourceEnd.resolve();
      this.#statistics.rest();
      this.#enter('stopping');
      await this.#finishAll();
    } finally {
      clearInterval(ticker);
      this.#bitrate.stop();
      clearTimeout(this.#overdueTimer);
    }
    this.#enter('ended');
    this.#watchers.clear();
    return this.snapshot;
  }

  async #pump(): Promise<void> {
    try {
      for await (const packet of this.#feed.packets(this.#stop.signal)) this.#fanOut(packet);
    } catch (error) {
      // It ends with its source, and whatever that gave before is delivered.
      if (!this.#isToldToEnd()) this.#sourceFailed = true;
      this.fail(toErrorInfo(error, this.#o.logger.redact));
    }
  }

  /** Nothing more is taken of the source: the outputs end while it does. */
  #abort(): void {
    this.#stopBy ??= performance.now() + stopWithinMs;
    this.#stop.abort();
    if (!this.#run) return;
    clearTimeout(this.#overdueTimer);
    this.#overdueTimer = setTimeout(() => {
      this.#o.logger.warn('the source was left behind');
      this.#overdue.resolve();
    }, this.#leftMs());
    void this.#finishAll();
  }

  #leftMs(): number {
    return Math.max(0, (this.#stopBy ?? Infinity) - performance.now());
  }

  /** Whatever the source gave before is delivered, as far as the time of a stop allows. */
  async #finishAll(): Promise<void> {
    // Whoever stops it does not wait for servers that a failed source would still be delivered to.
    const isWanted = this.#isStopWanted || (this.#isToldToEnd() && !this.#sourceFailed);
    const reason: FinishReason = isWanted ? 'stopped' : 'source-ended';
    const limitMs = this.#leftMs();
    await Promise.all([...this.#outputs.values()].map((output) => output.finish(reason, limitMs)));
  }

  #open(output: Output): void {
    output.open({
      onChange: () => this.#changed(),
      requestKeyframe: () => this.#o.source.control?.requestKeyframe?.(),
      lostFrames: () => this.#o.source.status.droppedFrames,
    });
  }

  #fanOut(packet: EncodedPacket): void {
    if (this.#stop.signal.aborted) return;
    this.#statistics.count(packet);
    if (packet.type === 'config') this.#tellChange();
    else if (packet.keyframe && (packet.track === 'video' || this.#o.source.hasVideo === false)) {
      this.#join(packet.dts);
    }
    for (const output of this.#outputs.values()) {
      if (!this.#joining.has(output)) output.push(packet);
    }
  }

  /** Lets those in that have waited for a keyframe, which is next. */
  #join(dts: number): void {
    const { description } = this.#feed;
    this.#described ??= description;
    for (const output of this.#joining) {
      output.start(description);
      for (const config of this.#feed.configsAt(dts)) output.push(config);
    }
    this.#joining.clear();
  }

  /** A configuration is next, which may make the stream another. */
  #tellChange(): void {
    const { description } = this.#feed;
    if (this.#described === undefined || this.#described === description) return;
    this.#described = description;
    for (const output of this.#outputs.values()) {
      if (!this.#joining.has(output)) output.change(description);
    }
  }

  #isToldToEnd(): boolean {
    return this.#isStopWanted || this.#stop.signal.aborted;
  }

  /** Ends what has nobody to go to. */
  #failWhenAllFailed(): void {
    const failed = allFailed(this.#statuses, { isChanged: this.#isChanged });
    if (!failed || this.#stop.signal.aborted) return;
    this.#error ??= failed[0]?.lastError;
    this.#enter('stopping');
    this.#abort();
  }

  #changed(): void {
    if (this.#state === 'idle' || this.#state === 'ended') return;
    this.#shows.noteMedia(this.snapshot);
    this.#failWhenAllFailed();
    const isCaptured = this.#feed.steps.every(({ state }) => state === 'done');
    const next = stateOfOutputs(this.#statuses, { isCaptured, wasPublic: this.#wasPublic });
    if (next === 'live') this.#wasPublic = true;
    else if (next === 'recording') this.#wasPublic = false;
    if (next && mayFollow(this.#state, next)) {
      this.#enter(next);
      return;
    }
    this.#tell(this.snapshot);
  }

  /** Nobody is too slow while nothing is to be given. */
  #noteRest(): void {
    const { presence } = this.#o.source.status;
    const stands = presence === 'waiting' || presence === 'paused';
    if (stands || this.#state === 'stopping') this.#statistics.rest();
  }

  /** How it goes is judged here, once for all who look, whenever they came. */
  #judge(): void {
    if (this.#state !== 'live' && this.#state !== 'reconnecting') return;
    const fps = this.#wantedFps;
    // A clock that never goes back.
    const now = Math.round(performance.timeOrigin + performance.now());
    this.#health =
      this.#state === 'live'
        ? nextHealth(this.#health, this.snapshot, fps, now)
        : withoutVerdict(this.#health, this.snapshot, now);
  }

  /** Of what is sent as it is, nobody can want more than it has. */
  get #wantedFps(): number {
    const { source, encoding } = this.#o;
    return source.measured?.fps ?? encoding.fps;
  }

  #tell(snapshot: BroadcastSnapshot): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(snapshot);
      } catch (error) {
        // It is anybody's, and must not end the broadcast.
        this.#o.logger.error({ err: error }, 'a watcher of the broadcast failed');
      }
    }
  }

  #enter(next: BroadcastState): void {
    if (!mayFollow(this.#state, next)) return;
    this.#state = next;
    if (this.#health) {
      // The next show of the same recording begins with nothing that was before it.
      const samples = next === 'recording' ? [] : this.#health.samples;
      this.#health = { health: undefined, grades: undefined, samples };
    }
    this.#shows.enter(this.snapshot);
    this.#o.logger.info({ state: next }, 'broadcast');
    if (next === 'ended') this.#tell(this.snapshot);
    else this.#changed();
  }

  /** Of the outputs that nobody has ended. */
  get #statuses(): OutputStatus[] {
    return [...this.#outputs.values()]
      .filter((output) => !this.#finished.has(output))
      .map(({ status }) => status);
  }
}
