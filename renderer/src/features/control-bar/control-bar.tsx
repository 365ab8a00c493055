import { useId } from 'react';
import { useStage } from '../../control/studio-context.js';
import { isBroadcasting } from '../../state/stage.js';
import { BroadcastNumbers } from './broadcast-numbers.js';
import { GoLiveButton } from './go-live-button.js';
import { HealthLine } from './health-line.js';

/** The button, how it goes and the numbers: always in sight. */
export function ControlBar() {
  const sentenceId = useId();
  const stage = useStage();
  return (
    <footer className="flex h-21 items-center gap-5 border-t border-line bg-surface px-4.5">
      <GoLiveButton describedBy={sentenceId} />
      <HealthLine id={sentenceId} />
      {isBroadcasting(stage) && <BroadcastNumbers />}
    </footer>
  );
}
