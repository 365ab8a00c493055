import { useStore } from 'zustand';
import { useStage, useStudio } from '../../state/studio-context.js';
import { Checklist } from './checklist.js';
import { DestinationCard } from './destination-card.js';

/** Above the choices: how going live goes, then how each destination does. Stays after a failure, to be read. */
export function ProgressPanel() {
  const stage = useStage();
  const { broadcast } = useStudio();
  const snapshot = useStore(broadcast, (state) => state.snapshot);
  switch (stage) {
    case 'live':
    case 'stopping':
      return snapshot.destinations.map((destination) => (
        <DestinationCard key={destination.id} destination={destination} />
      ));
    case 'connecting':
    case 'cancelling':
      return <Checklist snapshot={snapshot} />;
    case 'off-air':
      return snapshot.error ? <Checklist snapshot={snapshot} /> : undefined;
  }
}
