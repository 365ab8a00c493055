import { destinationsOf, recordingsOf, type BroadcastSnapshot } from '@tallylight/contract';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useMessages, useSnapshot, useStage, useStudio } from '../../control/studio-context.js';
import { inListOrder } from '../../state/destination-actions.js';
import { isOnlyRecorded } from '../../state/stage.js';
import { Button } from '../../ui/button.js';
import { BitrateLimit } from './bitrate-limit.js';
import { CaptureSteps, Checklist } from './checklist.js';
import { DestinationCard } from './destination-card.js';
import { DestinationLines, mostCards } from './destination-lines.js';
import { EventLog } from './event-log.js';
import { PerformanceSection } from './performance-section.js';
import { RecordingCard } from './recording-card.js';

/**
 * Above the choices: how going live goes, then how each output does. What came of it stays until the next start,
 * or until it is hidden.
 */
export function ProgressPanel() {
  const stage = useStage();
  const snapshot = useSnapshot();
  const { t } = useMessages();
  const { hidden, hide: hideAll } = useStore(useStudio().broadcast);
  switch (stage) {
    case 'recording':
    case 'live':
    case 'reconnecting':
    case 'stopping':
    case 'ending':
      return <Figures snapshot={snapshot} />;
    case 'connecting':
    case 'cancelling':
      return <Connecting snapshot={snapshot} />;
    case 'off-air': {
      const { startedAt, liveAt, error } = snapshot;
      if (startedAt === undefined || startedAt === hidden) return undefined;
      // What was recorded without a show has figures of its own.
      const isKept = isOnlyRecorded(snapshot);
      if (liveAt === undefined && !error && !isKept) return undefined;
      const hide = (
        <Button kind="quiet" onClick={hideAll}>
          {t('window.progress.hideList')}
        </Button>
      );
      return liveAt === undefined && !isKept ? (
        <Connecting snapshot={snapshot} action={hide} />
      ) : (
        <Figures snapshot={snapshot} action={hide} />
      );
    }
  }
}

interface PartProps {
  readonly snapshot: BroadcastSnapshot;
  readonly action?: ReactNode;
}

/** The phases of each; of many a line, under which they are. */
function Connecting({ snapshot, action }: PartProps) {
  const profiles = useStore(useStudio().profiles, (state) => state.profiles);
  const destinations = inListOrder(destinationsOf(snapshot), profiles);
  return (
    <>
      {destinations.length <= mostCards ? (
        <Checklist snapshot={snapshot} action={action} />
      ) : (
        <>
          <CaptureSteps snapshot={snapshot} action={action} />
          <DestinationLines destinations={destinations} />
        </>
      )}
      {recordingsOf(snapshot).map((recording) => (
        <RecordingCard key={recording.id} recording={recording} />
      ))}
    </>
  );
}

function Figures({ snapshot, action }: PartProps) {
  const profiles = useStore(useStudio().profiles, (state) => state.profiles);
  const destinations = inListOrder(destinationsOf(snapshot), profiles);
  const hasLines = destinations.length > mostCards;
  const recordings = recordingsOf(snapshot);
  const shown = [...destinations, ...recordings];
  const captureFailed = snapshot.captureSteps.some(({ state }) => state === 'failed');
  return (
    <>
      {captureFailed && <CaptureSteps snapshot={snapshot} />}
      {hasLines && (
        <>
          {action && <div className="flex justify-end">{action}</div>}
          <DestinationLines destinations={destinations} />
        </>
      )}
      {(hasLines ? recordings : shown).map((output, index) => {
        const heading = index === 0 && !hasLines ? action : undefined;
        return output.type === 'rtmp' ? (
          <DestinationCard key={output.id} destination={output} action={heading} />
        ) : (
          <RecordingCard key={output.id} recording={output} action={heading} />
        );
      })}
      <BitrateLimit />
      <PerformanceSection />
      <EventLog />
    </>
  );
}
