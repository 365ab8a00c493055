import type { Phase, Step, Wording } from '@tallylight/contract';

/** The steps of going live, as they fill in. */
export class Checklist<P extends Phase> {
  #steps: { readonly phase: P; readonly step: Step; readonly startedAt?: number }[];
  readonly #onChange: () => void;

  constructor(phases: readonly P[], onChange: () => void) {
    this.#steps = phases.map((phase) => ({ phase, step: { phase, state: 'pending' } }));
    this.#onChange = onChange;
  }

  get steps(): Step[] {
    return this.#steps.map(({ step }) => step);
  }

  /** The first step that is not finished. */
  get current(): P | undefined {
    return this.#steps.find(({ step }) => step.state === 'active' || step.state === 'pending')
      ?.phase;
  }

  start(phase: P): void {
    this.#replace(phase, { phase, state: 'active' }, performance.now());
  }

  /** @param detail a short fact worth showing. */
  done(phase: P, detail?: Wording): void {
    this.#end(phase, 'done', detail);
  }

  skip(phase: P): void {
    this.#replace(phase, { phase, state: 'skipped' });
  }

  /** Marks `phase` as failed, or the first one that is not finished where the failure names none of these. */
  fail(phase: Phase | undefined): void {
    const failed = this.#steps.find((entry) => entry.phase === phase)?.phase ?? this.current;
    if (failed) this.#end(failed, 'failed');
  }

  #end(phase: P, state: 'done' | 'failed', detail?: Wording): void {
    const startedAt = this.#steps.find((entry) => entry.phase === phase)?.startedAt;
    this.#replace(phase, {
      phase,
      state,
      ...(startedAt !== undefined && { elapsedMs: Math.round(performance.now() - startedAt) }),
      ...(detail !== undefined && { detail }),
    });
  }

  #replace(phase: P, step: Step, startedAt?: number): void {
    this.#steps = this.#steps.map((entry) =>
      entry.phase === phase
        ? { phase, step, ...(startedAt !== undefined && { startedAt }) }
        : entry,
    );
    this.#onChange();
  }
}
