import type { BroadcastSnapshot, OutputState } from '@tallylight/contract';

type State = BroadcastSnapshot['state'];

/** What is promised, written down again: the broadcast's own table would always agree with itself. */
const broadcastTransitions: Record<State, readonly State[]> = {
  idle: ['connecting'],
  connecting: ['live', 'recording', 'stopping'],
  recording: ['live', 'stopping'],
  live: ['reconnecting', 'recording', 'stopping'],
  reconnecting: ['live', 'recording', 'stopping'],
  stopping: ['ended'],
  ended: [],
};

const outputTransitions: Record<OutputState, readonly OutputState[]> = {
  connecting: ['live', 'reconnecting', 'failed', 'stopped'],
  live: ['reconnecting', 'failed', 'stopped'],
  reconnecting: ['live', 'failed', 'stopped'],
  // Somebody asked to try again.
  failed: ['connecting', 'reconnecting'],
  stopped: [],
};

/** Looks whether what is told is what may follow on what was told before. */
export class TransitionWatch {
  readonly seen = new Set<string>();
  readonly #problem: (what: string) => void;
  #state: State = 'idle';
  #outputs = new Map<string, OutputState>();

  constructor(problem: (what: string) => void) {
    this.#problem = problem;
  }

  readonly see = ({ state, outputs }: BroadcastSnapshot): void => {
    this.#note('broadcast', broadcastTransitions, this.#state, state);
    this.#state = state;
    for (const { id, type, state: next } of outputs) {
      const before = this.#outputs.get(id);
      if (before) this.#note(type, outputTransitions, before, next);
    }
    // One that was removed and added again begins anew.
    this.#outputs = new Map(outputs.map(({ id, state: next }) => [id, next]));
  };

  #note<S extends string>(
    what: string,
    allowed: Record<S, readonly S[]>,
    before: S,
    next: S,
  ): void {
    if (before === next) return;
    this.seen.add(`${what}: ${before} → ${next}`);
    if (!allowed[before].includes(next)) this.#problem(`${what} went from ${before} to ${next}`);
  }
}
