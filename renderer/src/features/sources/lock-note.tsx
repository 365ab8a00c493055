import { Lock } from 'lucide-react';
import { useMessages, useStage } from '../../control/studio-context.js';
import { isBroadcasting, type Stage } from '../../state/stage.js';

const lockOf = (stage: Stage) => {
  if (stage === 'recording') return 'lockedRecording';
  return isBroadcasting(stage) ? 'lockedOnAir' : 'lockedGoingLive';
};

/** For all the choices below it: each also says so itself when it is pointed at. */
export function LockNote() {
  const { t } = useMessages();
  const stage = useStage();
  return (
    <p className="flex items-center gap-1.5 text-xs text-muted">
      <Lock aria-hidden size={13} />
      {t(`window.sources.${lockOf(stage)}`)}
    </p>
  );
}
