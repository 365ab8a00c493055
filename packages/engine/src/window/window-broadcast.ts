import {
  describeError,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type MediaChannelReader,
  type StartInput,
} from '@tallylight/contract';
import { appError, toErrorInfo } from '../app-error.js';
import type { Broadcast, BroadcastOptions } from '../broadcast/broadcast.js';
import type { DestinationTarget } from '../outputs/rtmp/destination.js';
import type { MediaSource } from '../sources/media-source.js';
import type { Logger } from '../logger.js';
import { within } from '../deadline.js';
import { latest } from './latest.js';

/** What is used of a {@link Broadcast}. */
export type RunningBroadcast = Pick<Broadcast, 'snapshot' | 'watch' | 'run' | 'stop' | 'fail'>;

export interface WindowBroadcastOptions {
  readonly logger: Logger;
  readonly openSource: (input: StartInput, channel: MediaChannelReader) => MediaSource;
  /** Where to publish for a profile; throws an AppError when it cannot be used. */
  readonly target: (profileId: string) => Promise<DestinationTarget>;
  readonly createBroadcast: (options: Omit<BroadcastOptions, 'version'>) => RunningBroadcast;
}

/** How long a stop waits for a start that is still looking up its destinations. */
const prepareDeadlineMs = 2000;

interface Active {
  /** Aborted by a stop that comes before there is a broadcast. */
  readonly cancel: AbortController;
  readonly channel: MediaChannelReader;
  readonly broadcast?: RunningBroadcast;
  /** Settles, without an error, when this stage is over. */
  readonly done: Promise<void>;
}

const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], destinations: [] };

/** The one broadcast that the windows of this engine start, stop and watch. */
export class WindowBroadcast {
  readonly #options: WindowBroadcastOptions;
  /** The channels of ended broadcasts, with what ends the reading that {@link discard} does. */
  readonly #discarding = new Map<MediaChannelReader, AbortController>();
  readonly #listeners = new Set<() => void>();
  #active: Active | undefined;
  #snapshot = idle;

  constructor(options: WindowBroadcastOptions) {
    this.#options = options;
  }

  get snapshot(): BroadcastSnapshot {
    return this.#snapshot;
  }

  /**
   * Resolves when the broadcast has begun to connect. Only then may the renderer send media for it.
   *
   * @throws AppError `BROADCAST_ACTIVE`, or why a profile cannot be used.
   */
  async start(input: StartInput, channel: MediaChannelReader): Promise<void> {
    if (this.#active) throw appError('BROADCAST_ACTIVE');
    const cancel = new AbortController();
    const preparing = this.#prepare(input, channel);
    const prepared = preparing.then(
      () => undefined,
      () => undefined,
    );
    this.#active = { cancel, channel, done: prepared };
    let broadcast: RunningBroadcast;
    try {
      broadcast = await preparing;
    } catch (error) {
      this.#active = undefined;
      throw error;
    }
    if (cancel.signal.aborted) {
      this.#active = undefined;
      return;
    }
    // From here on the broadcast is the channel's reader.
    if (input.source.type === 'renderer') this.#discarding.get(channel)?.abort();
    const done = this.#run(broadcast, input, channel);
    this.#active = { cancel, channel, broadcast, done };
  }

  /** Resolves when everything is flushed and closed; at once when off air. */
  async stop(): Promise<void> {
    const active = this.#active;
    if (!active) return;
    active.cancel.abort();
    if (!active.broadcast) {
      // What it waits for may be a person whom the system asks for a password. It ends by itself then.
      await within(active.done, prepareDeadlineMs);
      return;
    }
    await active.broadcast.stop();
    await active.done;
  }

  /** The renderer's capture or encoder failed; ignored from a window whose media is not on air. */
  captureFailed(error: AppErrorInfo, channel: MediaChannelReader): void {
    if (this.#active?.channel === channel) this.#active.broadcast?.fail(error);
  }

  watch(signal: AbortSignal): AsyncGenerator<BroadcastSnapshot, void, undefined> {
    return latest(
      () => this.#snapshot,
      (onChange) => {
        this.#listeners.add(onChange);
        return () => this.#listeners.delete(onChange);
      },
      signal,
    );
  }

  /** How many are watching. */
  get watchers(): number {
    return this.#listeners.size;
  }

  async close(): Promise<void> {
    for (const discarding of this.#discarding.values()) discarding.abort();
    await this.stop();
  }

  async #prepare(input: StartInput, channel: MediaChannelReader): Promise<RunningBroadcast> {
    const { logger, openSource, target, createBroadcast } = this.#options;
    if (input.source.type === 'renderer' && channel.closed) throw appError('WINDOW_GONE');
    const destinations = await Promise.all([...new Set(input.profileIds)].map(target));
    const source = openSource(input, channel);
    return createBroadcast({ source, encoding: input.encoding, destinations, logger });
  }

  async #run(
    broadcast: RunningBroadcast,
    input: StartInput,
    channel: MediaChannelReader,
  ): Promise<void> {
    const fromRenderer = input.source.type === 'renderer';
    const unwatch = broadcast.watch((snapshot) => this.#publish(snapshot));
    const release = fromRenderer
      ? channel.onClose(() => broadcast.fail(describeError('WINDOW_GONE')))
      : () => undefined;
    try {
      await broadcast.run();
      this.#publish(broadcast.snapshot);
    } catch (error) {
      const { logger } = this.#options;
      logger.error({ err: error }, 'the broadcast broke');
      this.#publish({
        ...broadcast.snapshot,
        state: 'ended',
        error: toErrorInfo(error, logger.scrub),
      });
    } finally {
      unwatch();
      release();
      this.#active = undefined;
      if (fromRenderer) void this.#discard(channel);
    }
  }

  /**
   * Between broadcasts, what a renderer still sends is read to be thrown away: its writes must not wait for credits
   * for ever.
   */
  async #discard(channel: MediaChannelReader): Promise<void> {
    const stop = new AbortController();
    this.#discarding.set(channel, stop);
    while (await channel.read(stop.signal)) {
      // Nobody wants it any more.
    }
    if (this.#discarding.get(channel) === stop) this.#discarding.delete(channel);
  }

  #publish(snapshot: BroadcastSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}
