import {
  destinationsOf,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Step,
} from '@tallylight/contract';
import { Check, Circle, CircleX, LoaderCircle, Minus } from 'lucide-react';
import type { WindowMessages } from '@tallylight/messages/window';
import { useMessages } from '../../control/studio-context.js';
import { formatElapsed } from '../../state/number-format.js';
import { stepLabel } from '../../state/step-label.js';
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/section.js';

export interface ChecklistProps {
  readonly snapshot: BroadcastSnapshot;
  /** Offered once it has failed. */
  readonly onDismiss?: () => void;
}

export function Checklist({ snapshot, onDismiss }: ChecklistProps) {
  const { t } = useMessages();
  const over = snapshot.state === 'ended';
  const captureFailed = snapshot.captureSteps.some(({ state }) => state === 'failed');
  return (
    <>
      <Section
        title={t('window.progress.thisComputer')}
        action={
          onDismiss && (
            <Button kind="quiet" onClick={onDismiss}>
              {t('window.progress.hideList')}
            </Button>
          )
        }
      >
        <Steps steps={snapshot.captureSteps} over={over} />
        {captureFailed && snapshot.error && <Remedy error={snapshot.error} />}
      </Section>
      {destinationsOf(snapshot).map((destination) => (
        <DestinationSteps key={destination.id} destination={destination} over={over} />
      ))}
    </>
  );
}

function DestinationSteps({
  destination,
  over,
}: {
  destination: DestinationStatus;
  over: boolean;
}) {
  const failed = destination.state === 'failed' && destination.lastError;
  return (
    <Section title={destination.name}>
      <Steps steps={destination.steps} over={over} />
      {failed && <Remedy error={failed} />}
    </Section>
  );
}

function Steps({ steps, over }: { steps: readonly Step[]; over: boolean }) {
  const messages = useMessages();
  return (
    <ul className="divide-y divide-line">
      {steps.map((step) => {
        const sign = signOf(step.state, over);
        return (
          sign && (
            <li key={step.phase} className="flex h-7.5 items-center gap-2.5">
              <StepSign sign={sign} />
              <span className={`flex-none ${step.state === 'pending' ? 'text-muted' : ''}`}>
                {stepLabel(step, messages)}
              </span>
              <StepDetail detail={step.detail} />
              <span className="numbers flex-none text-muted">{stepTime(step, sign, messages)}</span>
            </li>
          )
        );
      })}
    </ul>
  );
}

function StepDetail({ detail }: Pick<Step, 'detail'>) {
  const { wording } = useMessages();
  const text = detail === undefined ? undefined : wording(detail);
  return (
    <span className="numbers min-w-0 flex-1 truncate text-muted" title={text}>
      {text}
    </span>
  );
}

const stepTime = ({ elapsedMs }: Step, sign: Sign, messages: WindowMessages): string => {
  if (elapsedMs !== undefined) return formatElapsed(elapsedMs, messages);
  return sign === 'active' ? '…' : '';
};

const signs = {
  pending: { Icon: Circle, className: 'text-muted' },
  active: { Icon: LoaderCircle, className: 'spinner text-warn' },
  done: { Icon: Check, className: 'text-ok' },
  failed: { Icon: CircleX, className: 'text-live-text' },
  unfinished: { Icon: Minus, className: 'text-muted' },
} as const;

type Sign = keyof typeof signs;

/** What is not needed is no line of the list; what will not be tried any more is none either. */
function signOf(state: Step['state'], over: boolean): Sign | undefined {
  if (state === 'skipped' || (over && state === 'pending')) return undefined;
  return over && state === 'active' ? 'unfinished' : state;
}

function StepSign({ sign }: { sign: Sign }) {
  const { t } = useMessages();
  const { Icon, className } = signs[sign];
  return (
    <Icon
      role="img"
      aria-label={t(`window.progress.signs.${sign}`)}
      size={sign === 'pending' ? 12 : 15}
      strokeWidth={2.25}
      className={`flex-none ${sign === 'pending' ? 'mx-px' : ''} ${className}`}
    />
  );
}

function Remedy({ error }: { error: AppErrorInfo }) {
  const { message, remedy } = useMessages().error(error);
  return (
    <div className="rounded-lg border border-error-line bg-error-surface px-3 py-2.5 wrap-anywhere">
      <p>{message}</p>
      <p className="mt-1 font-semibold">{remedy}</p>
    </div>
  );
}
