import type { Step } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';

/** The line of the checklist for `step`. */
export function stepLabel(step: Step, { t }: WindowMessages): string {
  switch (step.state) {
    case 'failed':
      return t(`phases.${step.phase}.failed`);
    case 'active':
      return t(`phases.${step.phase}.active`);
    case 'done':
      return t(`phases.${step.phase}.done`);
    case 'pending':
    case 'skipped':
      return t(`phases.${step.phase}.short`);
  }
}
