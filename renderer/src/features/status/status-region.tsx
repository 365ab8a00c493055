import { useEffect } from 'react';
import { statusText } from '../../state/status-text.js';
import {
  useFailureShown,
  useMessages,
  useSnapshot,
  useStage,
} from '../../control/studio-context.js';

/** The one live region that says whether this is on the air: for screen readers, for scripts and for the title bar. */
export function StatusRegion() {
  const stage = useStage();
  const snapshot = useSnapshot();
  const messages = useMessages();
  const { t, language } = messages;
  const text = statusText(stage, snapshot, useFailureShown(), messages);
  useEffect(() => {
    document.title =
      stage === 'live' || stage === 'reconnecting'
        ? t('window.status.title', { status: t(`window.lamp.${stage}`) })
        : t('window.name');
    document.documentElement.lang = language;
  }, [stage, t, language]);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
