import type { Step } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';

/** The line of the checklist for `step`; once the attempt is `over`, nothing is going on any more. */
export function stepLabel(step: Step, over: boolean, { t }: WindowMessages): string {
  switch (step.state) {
    case 'failed':
      return t(`phases.${step.phase}.failed`);
    case 'active':
      return t(`phases.${step.phase}.${over ? 'short' : 'active'}`);
    case 'done':
      return t(`phases.${step.phase}.done`);
    case 'pending':
    case 'skipped':
      return t(`phases.${step.phase}.short`);
  }
}
