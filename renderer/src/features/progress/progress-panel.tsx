import { destinationsOf, type BroadcastSnapshot } from '@tallylight/contract';
import { useState } from 'react';
import { useSnapshot, useStage } from '../../control/studio-context.js';
import { BitrateGraph } from './bitrate-graph.js';
import { Checklist } from './checklist.js';
import { DestinationCard } from './destination-card.js';

/** Above the choices: how going live goes, then how each destination does. Stays after a failure, to be read. */
export function ProgressPanel() {
  const stage = useStage();
  const snapshot = useSnapshot();
  const [dismissed, setDismissed] = useState<BroadcastSnapshot>();
  switch (stage) {
    case 'live':
    case 'reconnecting':
    case 'stopping':
      return (
        <>
          {destinationsOf(snapshot).map((destination) => (
            <DestinationCard key={destination.id} destination={destination} />
          ))}
          <BitrateGraph />
        </>
      );
    case 'connecting':
    case 'cancelling':
      return <Checklist snapshot={snapshot} />;
    case 'off-air':
      return snapshot.error && dismissed !== snapshot ? (
        <Checklist snapshot={snapshot} onDismiss={() => setDismissed(snapshot)} />
      ) : undefined;
  }
}
