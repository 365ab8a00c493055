import type { DestinationStatus } from '@tallylight/contract';
import { CircleAlert, Eye, Timer } from 'lucide-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { monitorFaults, type MonitorFault } from '../../state/monitor-faults.js';
import { delayText } from '../../state/monitor-delay-text.js';
import { namesOf } from '../../state/list-of.js';
import { destinationName } from '../../state/profile-text.js';
import { formatTimeOfDay } from '../../state/time-format.js';
import { Button } from '../../ui/button.js';
import { useDrawnFrames } from '../../ui/use-drawn-frames.js';

interface DestinationMonitorProps {
  readonly destination: DestinationStatus;
}

/** What viewers get of a server; closed until it is wanted, since it costs a download. */
export function DestinationMonitor({ destination }: DestinationMonitorProps) {
  const { t } = useMessages();
  const { monitor } = useStudio();
  const { id } = destination;
  const isOpen = useStore(monitor.store, ({ outputId }) => outputId === id);
  const panelId = useId();
  return (
    <div className="space-y-2">
      <Button
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        title={t('window.monitor.cost')}
        onClick={() => {
          if (isOpen) monitor.close();
          else monitor.open(id);
        }}
      >
        <Eye aria-hidden size={14} />
        {t('window.monitor.open')}
      </Button>
      {isOpen && (
        <div id={panelId} className="space-y-2">
          <MonitorPicture destination={destination} />
          <MonitorWords />
          <p className="text-xs text-muted">{t('window.monitor.cost')}</p>
        </div>
      )}
    </div>
  );
}

function MonitorPicture({ destination }: DestinationMonitorProps) {
  const messages = useMessages();
  const { t } = messages;
  const { monitor } = useStudio();
  const isWaiting = useStore(monitor.store, ({ snapshot }) => snapshot?.state === 'waiting');
  const { canvas, shown } = useDrawnFrames(monitor);
  const name = namesOf([destinationName(destination, messages)], messages);
  return (
    <div className="relative aspect-video w-full max-w-96 overflow-hidden rounded-lg bg-black">
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('window.monitor.picture', { name })}
        className="size-full object-contain"
      />
      {!shown && (
        <p className="absolute inset-0 flex items-center justify-center px-4 text-center text-[#e9ecf3]">
          {t(isWaiting ? 'window.monitor.waiting' : 'window.monitor.connecting')}
        </p>
      )}
    </div>
  );
}

/** How late it is and what is wrong; each change of what is wrong is told to screen readers. */
function MonitorWords() {
  const messages = useMessages();
  const { t } = messages;
  const { snapshot, error, delay, verdict } = useStore(useStudio().monitor.store);
  const failure = error ?? snapshot?.error;
  const isStill = verdict.stillSince !== undefined;
  // Of what stands still there is no delay, nor of what does not come.
  const late = snapshot?.state === 'playing' && !isStill ? delayText(delay, messages) : undefined;
  return (
    <>
      {late !== undefined && (
        <p className="numbers flex items-start gap-1.5">
          <Timer aria-hidden size={15} className="mt-px flex-none text-muted" />
          {late}
        </p>
      )}
      <div aria-live="polite" className="space-y-1">
        {monitorFaults(verdict).map(({ type, since }: MonitorFault) => (
          <p key={type} className="flex items-start gap-1.5 font-medium text-warn">
            <CircleAlert aria-hidden size={15} className="mt-px flex-none" />
            {t(`window.monitor.${type}`, { time: formatTimeOfDay(since, messages) })}
          </p>
        ))}
        {failure && snapshot?.state !== 'playing' && (
          <p className="wrap-anywhere">
            <span className="text-live-text">{messages.error(failure).message}</span>
            {t('window.sentenceGap')}
            {t('window.monitor.tryingAgain')}
            {t('window.sentenceGap')}
            {t('window.monitor.elsewhere')}
          </p>
        )}
      </div>
    </>
  );
}
