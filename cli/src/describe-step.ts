import type { Step } from '@tallylight/contract';
import type { CliMessages } from '@tallylight/messages/cli';
import { padEnd } from './columns.js';

const marks = { done: '✓', failed: '✗' } as const;

/** What `describeStep` puts into words: a step of the checklist, or a phase of a connection that is only tried. */
interface DescribableStep extends Omit<Step, 'phase'> {
  readonly phase: string;
}

/** A finished line of the checklist; `undefined` for a step that is still to come or does not apply. */
export function describeStep(
  step: DescribableStep,
  { phase, wording }: CliMessages,
): string | undefined {
  if (step.state !== 'done' && step.state !== 'failed') return undefined;
  const time = step.elapsedMs === undefined ? '' : formatMilliseconds(step.elapsedMs);
  const line = `  ${marks[step.state]} ${padEnd(phase(step.phase), 18)}${time.padStart(8)}`;
  return step.detail === undefined ? line.trimEnd() : `${line}  ${wording(step.detail)}`;
}

const formatMilliseconds = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
