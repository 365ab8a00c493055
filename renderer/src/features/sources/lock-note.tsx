import { Lock } from 'lucide-react';
import { useMessages, useStage } from '../../control/studio-context.js';
import { isBroadcasting } from '../../state/stage.js';

/** For all the choices below it: each also says so itself when it is pointed at. */
export function LockNote() {
  const { t } = useMessages();
  const stage = useStage();
  return (
    <p className="flex items-center gap-1.5 text-xs text-muted">
      <Lock aria-hidden size={13} />
      {t(isBroadcasting(stage) ? 'window.sources.lockedOnAir' : 'window.sources.lockedGoingLive')}
    </p>
  );
}
