import { CircleDot, Radio } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { goingTo } from '../../state/going-to.js';
import { formatClock, formatShortClock } from '../../state/number-format.js';
import {
  isBroadcasting,
  isRunning,
  lampOf,
  runningRecording,
  type Stage,
} from '../../state/stage.js';
import { connectingText } from '../../state/status-text.js';
import { liveShare } from '../../state/live-share.js';
import { useMessages, useSnapshot, useStage, useStudio } from '../../control/studio-context.js';
import { useTargets } from '../../control/use-targets.js';
import { LanguageChoice } from './language-choice.js';
import { useNow } from '../../ui/use-now.js';

const words = {
  'off-air': 'offAir',
  recording: 'offAir',
  connecting: 'connecting',
  cancelling: 'cancelling',
  live: 'live',
  reconnecting: 'reconnecting',
  stopping: 'stopping',
  ending: 'stopping',
} as const satisfies Record<Stage, string>;

/** The lamp and what it means. Screen readers have the status region instead. */
export function Header() {
  const messages = useMessages();
  const { t } = messages;
  const stage = useStage();
  const snapshot = useSnapshot();
  const destination = goingTo({ stage, snapshot, targets: useTargets() }, messages);
  const lamp = lampOf(stage);
  return (
    <header className="header flex min-h-13 items-center gap-x-3.5 gap-y-1.5 border-b border-line bg-surface px-4.5 py-1.5">
      <h1 className="sr-only">{t('window.name')}</h1>
      <div aria-hidden className="header-state flex min-w-0 items-center gap-x-3.5">
        <span className="lamp" data-lamp={lamp} />
        <span
          className={`text-sm font-bold tracking-wider whitespace-nowrap ${lamp === 'live' ? 'text-live-text' : ''}`}
        >
          {t(`window.lamp.${words[stage]}`)}
        </span>
        <Progress stage={stage} />
        <Recorded />
        <Sender stage={stage} />
      </div>
      {destination !== undefined && (
        <p className="header-destination flex min-w-0 items-center gap-2 rounded-full border border-line px-3 py-1 text-muted">
          <Radio aria-hidden size={14} className="flex-none" />
          <span className="truncate">
            <span className="sr-only">{t('window.lamp.goingTo')}</span>
            {destination}
          </span>
        </p>
      )}
      <LanguageChoice />
    </header>
  );
}

/** How much is recorded: a ring, for the lamp alone says whether somebody may be watching. */
function Recorded() {
  const { t } = useMessages();
  const running = runningRecording(useSnapshot());
  if (!running) return undefined;
  const { durationMs = 0, isPaused } = running;
  return (
    <span className="numbers flex flex-none items-center gap-1.5 text-muted">
      <CircleDot size={14} className={isPaused ? '' : 'text-live-text'} />
      {isPaused
        ? t('window.recording.paused')
        : t('window.recording.recorded', { time: formatShortClock(durationMs) })}
    </span>
  );
}

/** Which of several windows ends the broadcast when it is closed. */
function Sender({ stage }: { stage: Stage }) {
  const { t } = useMessages();
  const { startedHere, pending, snapshot } = useStore(useStudio().broadcast);
  if (!isRunning(stage) || pending !== 'none') return undefined;
  // What ffmpeg captures, or others publish, is sent by no window.
  if (snapshot.capturedBy !== 'renderer') return undefined;
  const who = ((): 'here' | 'elsewhere' | 'recordsHere' | 'recordsElsewhere' => {
    // Nothing is sent of what is only recorded.
    if (stage === 'recording') return startedHere ? 'recordsHere' : 'recordsElsewhere';
    return startedHere ? 'here' : 'elsewhere';
  })();
  return <span className="header-sender truncate text-muted">{t(`window.sender.${who}`)}</span>;
}

function Progress({ stage }: { stage: Stage }) {
  const messages = useMessages();
  const snapshot = useSnapshot();
  // Of what has no room the time is never a part.
  const className = 'numbers flex-none whitespace-nowrap text-muted';
  if (isBroadcasting(stage) && snapshot.liveAt !== undefined) {
    const { live, all } = liveShare(snapshot);
    return (
      <>
        <span className={className}>{formatClock(snapshot.onAirMs ?? 0)}</span>
        {stage === 'live' && live < all && (
          <span className={className}>{messages.t('window.destinations.onOf', { live, all })}</span>
        )}
      </>
    );
  }
  if (stage !== 'connecting') return undefined;
  return <ConnectingFor className="numbers truncate text-muted" />;
}

function ConnectingFor({ className }: { readonly className: string }) {
  const messages = useMessages();
  const snapshot = useSnapshot();
  const [mountedAt] = useState(Date.now);
  const now = useNow(true);
  // What is recorded may have begun long before.
  const begunAt = snapshot.state === 'recording' ? mountedAt : (snapshot.startedAt ?? now);
  const seconds = Math.max(0, Math.floor((now - begunAt) / 1000));
  return (
    <span className={className}>
      {messages.t('window.lamp.progress', { seconds, text: connectingText(snapshot, messages) })}
    </span>
  );
}
