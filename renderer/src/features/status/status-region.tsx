import { useEffect } from 'react';
import { statusText } from '../../state/status-text.js';
import { useSnapshot, useStage } from '../../control/studio-context.js';

/** The one live region that says whether this is on the air: for screen readers, for scripts and for the title bar. */
export function StatusRegion() {
  const stage = useStage();
  const snapshot = useSnapshot();
  const text = statusText(stage, snapshot);
  useEffect(() => {
    document.title = stage === 'live' ? 'LIVE · Tallylight' : 'Tallylight';
  }, [stage]);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
