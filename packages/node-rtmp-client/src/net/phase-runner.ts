import { unlessAborted } from '../async/abort.js';
import { withDeadline } from '../async/deadline.js';
import { abortedByCaller, RtmpError, type RtmpPhase } from '../session/rtmp-error.js';

/**
 * Milliseconds; `overall` is for all the phases of opening together, `call` for an answer to a call, a pause, a seek.
 */
export type Deadlines = Partial<Record<RtmpPhase | 'overall' | 'call', number>>;

/** A phase of opening a connection has started, or is done. */
export interface PhaseEvent {
  readonly phase: RtmpPhase;
  readonly state: 'started' | 'done';
  /** Milliseconds since the phase started; there when it is done. */
  readonly elapsedMs?: number;
  /** A short fact worth showing, such as the address that was found. */
  readonly detail?: string;
}

export interface PhaseRunnerOptions {
  readonly deadlines?: Deadlines | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onPhase?: ((event: PhaseEvent) => void) | undefined;
}

/** The phases together must end well before a user gives up, hence the overall deadline. */
const defaultDeadlines: Readonly<Required<Deadlines>> = {
  dns: 5_000,
  tcp: 8_000,
  proxy: 8_000,
  tls: 8_000,
  handshake: 8_000,
  connect: 8_000,
  publish: 10_000,
  play: 10_000,
  streaming: 15_000,
  close: 3_000,
  call: 8_000,
  overall: 12_000,
};

export const deadlineOf = (phase: keyof Deadlines, deadlines: Deadlines | undefined): number =>
  deadlines?.[phase] ?? defaultDeadlines[phase];

/** Runs the phases of opening a connection one after the other, each under its deadline and the signal. */
export class PhaseRunner {
  readonly #options: PhaseRunnerOptions;
  readonly #end: number;

  /** @param end when all is to be done by; `overall` from now by default. */
  constructor(
    options: PhaseRunnerOptions,
    end = performance.now() + deadlineOf('overall', options.deadlines),
  ) {
    this.#options = options;
    this.#end = end;
  }

  /** For what a phase itself goes through: nothing is told, and it all ends with `signal` or with the phases. */
  within(signal: AbortSignal): PhaseRunner {
    const { deadlines } = this.#options;
    return new PhaseRunner({ deadlines, signal }, this.#end);
  }

  /**
   * @param work is told by its signal when its result is no longer wanted, and must clean up then.
   * @throws RtmpError 'timeout' or 'aborted', or whatever `work` throws.
   */
  async run<T>(
    phase: RtmpPhase,
    work: (signal: AbortSignal) => Promise<T>,
    describe?: (result: T) => string,
  ): Promise<T> {
    const { signal, onPhase, deadlines } = this.#options;
    const started = performance.now();
    onPhase?.({ phase, state: 'started' });
    const limit = Math.max(0, Math.min(deadlineOf(phase, deadlines), this.#end - started));
    const stop = new AbortController();
    try {
      if (signal?.aborted === true) throw abortedByCaller(phase);
      const result = await withDeadline(
        unlessAborted(work(stop.signal), signal, () => abortedByCaller(phase)),
        limit,
        () => new RtmpError('timeout', phase, `nothing came within ${limit / 1000} s`),
      );
      const elapsedMs = performance.now() - started;
      const detail = describe?.(result);
      onPhase?.({ phase, state: 'done', elapsedMs, ...(detail !== undefined && { detail }) });
      return result;
    } catch (error) {
      stop.abort();
      throw error;
    }
  }
}
