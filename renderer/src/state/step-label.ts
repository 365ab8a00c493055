import { phaseLabels, type Step } from '@tallylight/contract';

/** The line of the checklist for `step`. */
export function stepLabel(step: Step): string {
  const labels = phaseLabels[step.phase];
  switch (step.state) {
    case 'failed':
      return labels.failed;
    case 'active':
      return labels.active;
    case 'pending':
    case 'done':
    case 'skipped':
      return labels.done;
  }
}
