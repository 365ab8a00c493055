import { CircleCheck } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Banner } from '../../ui/banner.js';

/** For a moment, over the foot of the preview as what is wrong is: the replay is there, and under which name. */
export function ReplaySavedBanner() {
  const messages = useMessages();
  const { t } = messages;
  const { recording } = useStudio();
  const saved = useStore(recording.store, (state) => state.saved);
  return (
    <div role="log" aria-live="polite">
      {saved && (
        <Banner
          tone="good"
          Icon={CircleCheck}
          dismissLabel={t('window.dismiss')}
          onDismiss={recording.dismissSaved}
        >
          {t('window.recording.replaySaved', {
            seconds: messages.number(saved.durationMs / 1000, { maximumFractionDigits: 1 }),
            name: saved.name,
          })}
        </Banner>
      )}
    </div>
  );
}
