import {
  appError,
  type BroadcastSnapshot,
  type MediaChannelReader,
  type MonitorSnapshot,
} from '@tallylight/contract';
import type { Logger } from '../logger.js';
import type { DestinationMonitor } from '../monitor/destination-monitor.js';
import type { PreviewSink } from '../sources/ffmpeg/ffmpeg-source.js';
import { latest } from './latest.js';

/** What is used of a {@link DestinationMonitor}. */
type RunningMonitor = Pick<DestinationMonitor, 'snapshot' | 'onChange' | 'run'>;

export interface WindowMonitorOptions {
  readonly logger: Logger;
  readonly snapshot: () => BroadcastSnapshot;
  /** Calls `listener` at each change of the snapshot; returns the way to stop that. */
  readonly onChange: (listener: () => void) => () => void;
  readonly openMonitor: (outputId: string, onPicture: PreviewSink) => Promise<RunningMonitor>;
}

/** Pulls back, for each window that wants to see it, what viewers get of one destination. */
export class WindowMonitor {
  readonly #o: WindowMonitorOptions;
  /** What ends the one that a window has. */
  readonly #watching = new Map<MediaChannelReader, AbortController>();

  constructor(options: WindowMonitorOptions) {
    this.#o = options;
  }

  /**
   * Ends with the destination, with the window, with `signal`, and when the window begins to watch another.
   *
   * @throws AppError `OUTPUT_NOT_FOUND`, or why it cannot be told where it is watched.
   */
  async watch(
    outputId: string,
    channel: MediaChannelReader,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<MonitorSnapshot, void, undefined>> {
    const refuse = (): never => {
      throw appError('OUTPUT_NOT_FOUND', { output: outputId });
    };
    if (!isOn(this.#o.snapshot(), outputId)) refuse();
    const over = new AbortController();
    const monitor = await this.#o.openMonitor(outputId, (jpeg, peakDb) => {
      if (!over.signal.aborted) channel.sendMonitor(jpeg, peakDb);
    });
    if (!isOn(this.#o.snapshot(), outputId)) refuse();
    return this.#during({ outputId, channel, monitor, over }, signal);
  }

  async *#during(
    { outputId, channel, monitor, over }: Watched,
    signal: AbortSignal,
  ): AsyncGenerator<MonitorSnapshot, void, undefined> {
    const { logger, snapshot, onChange } = this.#o;
    this.#watching.get(channel)?.abort();
    this.#watching.set(channel, over);
    const unsubscribe = [
      onChange(() => {
        if (!isOn(snapshot(), outputId)) over.abort();
      }),
      channel.onClose(() => over.abort()),
    ];
    const running = monitor
      .run(AbortSignal.any([signal, over.signal]))
      .catch((error: unknown) => logger.error({ err: error }, 'the monitor broke'));
    try {
      yield* latest(
        () => monitor.snapshot,
        (listener) => monitor.onChange(listener),
        AbortSignal.any([signal, over.signal]),
      );
    } finally {
      over.abort();
      for (const stop of unsubscribe) stop();
      if (this.#watching.get(channel) === over) this.#watching.delete(channel);
      await running;
    }
  }
}

interface Watched {
  readonly outputId: string;
  readonly channel: MediaChannelReader;
  readonly monitor: RunningMonitor;
  /** Aborted when it is over. */
  readonly over: AbortController;
}

/** Whether there is, or will be, something to see at that destination. */
const isOn = ({ state, outputs }: BroadcastSnapshot, outputId: string): boolean =>
  state !== 'idle' &&
  state !== 'ended' &&
  outputs.some(
    (output) =>
      output.id === outputId &&
      output.type === 'rtmp' &&
      output.state !== 'failed' &&
      output.state !== 'stopped',
  );
