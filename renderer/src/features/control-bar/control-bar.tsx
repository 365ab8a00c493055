import { useId } from 'react';
import { useStage } from '../../control/studio-context.js';
import { isBroadcasting } from '../../state/stage.js';
import { BroadcastNumbers } from './broadcast-numbers.js';
import { GoLiveButton } from './go-live-button.js';
import { HealthLine } from './health-line.js';
import { RecordControls } from './record-controls.js';

/** The button, how it goes and the numbers: always in sight. */
export function ControlBar() {
  const sentenceId = useId();
  const stage = useStage();
  return (
    <footer className="control-bar flex items-center gap-x-5 gap-y-2 border-t border-line bg-surface px-4.5 py-2">
      <GoLiveButton describedBy={sentenceId} />
      <RecordControls />
      <HealthLine id={sentenceId} />
      {isBroadcasting(stage) && <BroadcastNumbers />}
    </footer>
  );
}
