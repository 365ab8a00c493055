import {
  destinationsOf,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Step,
} from '@tallylight/contract';
import { Check, Circle, CircleX, LoaderCircle, Minus } from 'lucide-react';
import type { WindowMessages } from '@tallylight/messages/window';
import type { ReactNode } from 'react';
import { useIsTold, useMessages } from '../../control/studio-context.js';
import { useOutputCommand } from '../../control/use-destination-command.js';
import { formatElapsed } from '../../state/number-format.js';
import { destinationName } from '../../state/profile-text.js';
import { stepLabel } from '../../state/step-label.js';
import { Section } from '../../ui/section.js';
import { CommandButton } from './command-button.js';

export interface ChecklistProps {
  readonly snapshot: BroadcastSnapshot;
  /** At the right end of the first heading. */
  readonly action?: ReactNode;
}

export function Checklist({ snapshot, action }: ChecklistProps) {
  const over = snapshot.state === 'ended';
  return (
    <>
      <CaptureSteps snapshot={snapshot} action={action} />
      {destinationsOf(snapshot).map((destination) => (
        <DestinationSteps key={destination.id} destination={destination} over={over} />
      ))}
    </>
  );
}

/** The part of the list that is about this computer. */
export function CaptureSteps({ snapshot, action }: ChecklistProps) {
  const { t } = useMessages();
  const { capturedBy, error } = snapshot;
  // A stream that others publish is sent as it is.
  const captureSteps = snapshot.captureSteps.filter(
    ({ phase }) => phase !== 'encoder' || capturedBy !== 'stream',
  );
  const hasFailed = captureSteps.some(({ state }) => state === 'failed');
  return (
    <Section title={t('window.progress.thisComputer')} action={action}>
      <Steps steps={captureSteps} over={snapshot.state === 'ended'} />
      {hasFailed && error && <Remedy error={error} />}
    </Section>
  );
}

function DestinationSteps({
  destination,
  over,
}: {
  destination: DestinationStatus;
  over: boolean;
}) {
  const messages = useMessages();
  const command = useOutputCommand(destination.id);
  const failed = destination.state === 'failed' && destination.lastError;
  return (
    <Section
      isName
      title={destinationName(destination, messages)}
      action={command && <CommandButton command={command} />}
    >
      <Steps steps={destination.steps} over={over} />
      {failed && <Remedy error={failed} />}
    </Section>
  );
}

/** How far it has come, phase by phase. */
export function Steps({ steps, over }: { steps: readonly Step[]; over: boolean }) {
  const messages = useMessages();
  return (
    <ul className="divide-y divide-line">
      {steps.map((step) => {
        const sign = signOf(step.state, over);
        const isAhead = sign === 'pending' || sign === 'skipped' || sign === 'unfinished';
        return (
          <li key={step.phase} className="flex min-h-7.5 items-baseline gap-2.5 py-1.25">
            <StepSign sign={sign} />
            <span className="flex min-w-0 flex-1 flex-wrap gap-x-2.5">
              <span className={isAhead ? 'text-muted' : ''}>{stepLabel(step, over, messages)}</span>
              {step.detail !== undefined && (
                <span className="numbers wrap-anywhere text-muted">
                  {messages.wording(step.detail)}
                </span>
              )}
            </span>
            <span className="numbers flex-none text-muted">{stepTime(step, sign, messages)}</span>
          </li>
        );
      })}
    </ul>
  );
}

const stepTime = ({ elapsedMs, state }: Step, sign: Sign, messages: WindowMessages): string => {
  if (sign === 'skipped') return messages.t('window.progress.notNeeded');
  if (elapsedMs !== undefined) return formatElapsed(elapsedMs, messages);
  if (sign === 'unfinished' && state === 'active') return messages.t('window.progress.notFinished');
  return sign === 'active' ? '…' : '';
};

const signs = {
  pending: { Icon: Circle, className: 'text-muted' },
  active: { Icon: LoaderCircle, className: 'spinner text-warn' },
  done: { Icon: Check, className: 'text-ok' },
  failed: { Icon: CircleX, className: 'text-live-text' },
  unfinished: { Icon: Minus, className: 'text-muted' },
  skipped: { Icon: Minus, className: 'text-muted' },
} as const;

type Sign = keyof typeof signs;

/** Every phase keeps its line, so that none jumps; what was not come to when it ended is not finished. */
const signOf = (state: Step['state'], over: boolean): Sign =>
  over && (state === 'active' || state === 'pending') ? 'unfinished' : state;

function StepSign({ sign }: { sign: Sign }) {
  const { t } = useMessages();
  const { Icon, className } = signs[sign];
  return (
    <Icon
      role="img"
      aria-label={t(`window.progress.signs.${sign}`)}
      size={sign === 'pending' ? 12 : 15}
      strokeWidth={2.25}
      className={`flex-none translate-y-0.5 ${sign === 'pending' ? 'mx-px' : ''} ${className}`}
    />
  );
}

/** What went wrong, where the alert does not say it. */
function Remedy({ error }: { error: AppErrorInfo }) {
  const { message, remedy } = useMessages().error(error);
  if (useIsTold(error)) return undefined;
  return (
    <div className="rounded-lg border border-error-line bg-error-surface px-3 py-2.5 wrap-anywhere">
      <p>{message}</p>
      <p className="mt-1 font-semibold">{remedy}</p>
    </div>
  );
}
