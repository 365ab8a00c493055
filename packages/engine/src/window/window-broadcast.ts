import { basename } from 'node:path';
import {
  appError,
  type AppErrorInfo,
  type BroadcastEvent,
  type BroadcastSnapshot,
  describeError,
  destinationsOf,
  type MediaChannelReader,
  type OutputInput,
  reason,
  recordingsOf,
  replayOf,
  type StartInput,
} from '@tallylight/contract';
import { toErrorInfo } from '../app-error.js';
import { BroadcastLog } from '../broadcast/broadcast-log.js';
import type { Broadcast } from '../broadcast/broadcast.js';
import type { StartBroadcast } from '../engine.js';
import type { OutputSpec } from '../output-factory.js';
import { isOver, type Output } from '../outputs/output.js';
import type { MediaSource } from '../sources/media-source.js';
import type { Logger } from '../logger.js';
import { within } from 'node-rtmp-client/async';
import { latest } from './latest.js';
import type { WindowRecordings } from './window-recordings.js';

/** What is used of a {@link Broadcast}. */
export type RunningBroadcast = Pick<
  Broadcast,
  | ('snapshot' | 'run' | 'stop' | 'fail' | 'add' | 'remove' | 'finish' | 'retry' | 'networkUp')
  | ('output' | 'setVideoBitrate')
>;

export interface WindowBroadcastOptions {
  readonly logger: Logger;
  /** @param onOpen to be called when a window's source begins to read its channel. */
  readonly openSource: (
    input: StartInput,
    channel: MediaChannelReader,
    onOpen: () => void,
  ) => MediaSource | Promise<MediaSource>;
  readonly startBroadcast: (wanted: StartBroadcast) => Promise<RunningBroadcast>;
  readonly openOutput: (spec: OutputSpec) => Promise<Output>;
  readonly recordings: Pick<
    WindowRecordings,
    'recording' | 'replay' | 'replayPath' | 'note' | 'noteReplay'
  >;
}

/** How long a stop waits for a start that is still looking up its destinations. */
const prepareDeadlineMs = 2000;

/**
 * How long what a window sent may take to its end. On a busy machine the sound of MediaRecorder is seconds behind; but a
 * stop is to be done within 5 s, of which servers need some.
 */
const flushDeadlineMs = 3000;

interface StopInput {
  readonly flush?: boolean | undefined;
  readonly keepRecording?: boolean | undefined;
}

interface Active {
  /** Aborted by a stop that comes before there is a broadcast. */
  readonly cancel: AbortController;
  readonly channel: MediaChannelReader;
  readonly broadcast?: RunningBroadcast;
  /** Settles, without an error, when this stage is over. */
  readonly done: Promise<void>;
}

const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };

/** The one broadcast that the windows of this engine start, stop and watch. */
export class WindowBroadcast {
  readonly #options: WindowBroadcastOptions;
  /** The channels of ended broadcasts, with what ends the reading that {@link discard} does. */
  readonly #discarding = new Map<MediaChannelReader, AbortController>();
  readonly #listeners = new Set<() => void>();
  readonly #log = new BroadcastLog();
  #active: Active | undefined;
  /** The destinations of the last show of what goes on being recorded. */
  #ofLastShow: readonly string[] = [];
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
    this.#ofLastShow = [];
    const cancel = new AbortController();
    const starting = this.#begin(input, channel, cancel.signal);
    const started = starting.then(
      () => undefined,
      () => undefined,
    );
    this.#active = { cancel, channel, done: started };
    let broadcast: RunningBroadcast;
    try {
      broadcast = await starting;
    } catch (error) {
      this.#active = undefined;
      if (cancel.signal.aborted) return;
      throw error;
    }
    // A stop may have come while it was about to be told of.
    if (cancel.signal.aborted) void broadcast.stop();
    const done = this.#follow(broadcast, input, channel);
    this.#active = { cancel, channel, broadcast, done };
  }

  /** The broadcast that runs. @throws AppError `NOT_BROADCASTING`. */
  get running(): RunningBroadcast {
    const broadcast = this.#active?.broadcast;
    if (!broadcast) throw appError('NOT_BROADCASTING');
    return broadcast;
  }

  /**
   * What was there and has ended gives way: the same destination, a recording to another, and to the first destination of
   * a show those that had failed in the one before, which is recorded in the same file: they are none of this one.
   *
   * @throws AppError `NOT_BROADCASTING`, `OUTPUT_ACTIVE`, or why the output cannot be used.
   */
  async addOutput(input: OutputInput): Promise<{ id: string }> {
    const { running } = this;
    const isRecording = input.type === 'recording';
    const going = isRecording && recordingsOf(running.snapshot).find((each) => !isOver(each));
    if (going) throw appError('OUTPUT_ACTIVE', { output: going.name });
    const output = await this.#options.openOutput(
      isRecording
        ? await this.#options.recordings.recording(firstDestination(running.snapshot))
        : { type: 'profile', profile: input.profileId },
    );
    const before = isRecording ? [] : this.#ofLastShow;
    if (!isRecording) this.#ofLastShow = [];
    for (const old of running.snapshot.outputs) {
      const isReplaced = isRecording ? old.type === 'recording' : old.id === output.id;
      const isPast = old.state === 'failed' && before.includes(old.id);
      if ((isReplaced || isPast) && isOver(old)) await running.remove(old.id);
    }
    running.add(output);
    return { id: output.id };
  }

  /** @throws AppError `RECORDING_FAILED`, `NOT_BROADCASTING`. */
  async saveReplay(word = 'Replay'): Promise<{ name: string; durationMs: number }> {
    const { running } = this;
    const { recordings } = this.#options;
    const path = await recordings.replayPath(firstDestination(running.snapshot), word);
    const held = replayOf(running.snapshot);
    const saving = held && running.output(held.id).save?.(path);
    if (!saving) throw appError('RECORDING_FAILED', { file: path, reason: reason('replay-off') });
    const saved = await saving;
    recordings.noteReplay(saved);
    return { name: basename(path), durationMs: saved.durationMs };
  }

  /** This computer has a network again. */
  networkUp(): void {
    this.#active?.broadcast?.networkUp();
  }

  /**
   * Resolves when every output that is to end is closed; at once when off air.
   *
   * @param flush whether the window has ended its media in order, which are to be delivered to their end
   * @param keepRecording ends the destinations alone, while something is recorded
   */
  async stop({ flush = false, keepRecording = false }: StopInput = {}): Promise<void> {
    const active = this.#active;
    if (!active) return;
    if (keepRecording && active.broadcast && isRecorded(active.broadcast.snapshot)) {
      const { broadcast } = active;
      const destinations = destinationsOf(broadcast.snapshot);
      // Those that have failed, too: whoever has ended the show wants no more of them.
      this.#ofLastShow = destinations.map(({ id }) => id);
      await Promise.all(destinations.map(({ id }) => broadcast.finish(id)));
      return;
    }
    active.cancel.abort();
    if (!active.broadcast) {
      // What it waits for may be a person whom the system asks for a password. It ends by itself then.
      await within(active.done, prepareDeadlineMs);
      return;
    }
    await active.broadcast.stop(flush ? flushDeadlineMs : 0);
    await active.done;
  }

  /** The renderer's capture or encoder failed; ignored from a window whose media is not on air. */
  captureFailed(error: AppErrorInfo, channel: MediaChannelReader): void {
    if (this.#active?.channel === channel) this.#active.broadcast?.fail(error);
  }

  watch(signal: AbortSignal): AsyncGenerator<BroadcastSnapshot, void, undefined> {
    return latest(
      () => this.#snapshot,
      (onChange) => this.onChange(onChange),
      signal,
    );
  }

  watchLog(signal: AbortSignal): AsyncGenerator<BroadcastEvent[], void, undefined> {
    return latest(
      () => [...this.#log.entries],
      (onChange) => this.#log.onChange(onChange),
      signal,
    );
  }

  /** Calls `listener` at each new snapshot; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many are watching. */
  get watchers(): number {
    return this.#listeners.size;
  }

  async close(): Promise<void> {
    for (const discarding of this.#discarding.values()) discarding.abort();
    await this.stop();
  }

  async #begin(
    input: StartInput,
    channel: MediaChannelReader,
    signal: AbortSignal,
  ): Promise<RunningBroadcast> {
    if (input.source.type === 'renderer' && channel.closed) throw appError('WINDOW_GONE');
    // From there on the source is the channel's reader.
    const onOpen = (): void => this.#discarding.get(channel)?.abort();
    return this.#options.startBroadcast({
      source: await this.#options.openSource(input, channel, onOpen),
      encoding: input.encoding,
      adaptation: input.bitrateAdaptation,
      outputs: await this.#outputs(input),
      onSnapshot: (snapshot) => this.#publish(snapshot, input),
      signal,
    });
  }

  async #outputs({ profileIds, record }: StartInput): Promise<OutputSpec[]> {
    const { recordings } = this.#options;
    return [
      ...[...new Set(profileIds)].map((profile) => ({ type: 'profile' as const, profile })),
      ...(record === true ? [await recordings.recording(profileIds[0])] : []),
      ...recordings.replay(),
    ];
  }

  async #follow(
    broadcast: RunningBroadcast,
    input: StartInput,
    channel: MediaChannelReader,
  ): Promise<void> {
    const fromRenderer = input.source.type === 'renderer';
    const release = fromRenderer
      ? channel.onClose(() => broadcast.fail(describeError('WINDOW_GONE')))
      : () => undefined;
    try {
      this.#publish(await broadcast.run(), input);
    } catch (error) {
      const { logger } = this.#options;
      const failed = toErrorInfo(error, logger.redact);
      this.#publish({ ...broadcast.snapshot, state: 'ended', error: failed }, input);
    } finally {
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

  #publish(snapshot: BroadcastSnapshot, { source }: StartInput): void {
    this.#snapshot = { ...snapshot, capturedBy: source.type };
    this.#log.receive(this.#snapshot);
    this.#options.recordings.note(snapshot);
    for (const listener of this.#listeners) listener();
  }
}

const isRecorded = (snapshot: BroadcastSnapshot): boolean =>
  recordingsOf(snapshot).some((recording) => !isOver(recording));

const firstDestination = (snapshot: BroadcastSnapshot): string | undefined =>
  destinationsOf(snapshot)[0]?.id;
