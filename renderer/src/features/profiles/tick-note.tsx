import { builtInProfileId } from '@tallylight/contract';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { isRunning } from '../../state/stage.js';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';

/** That the built-in server is ticked no longer, since a profile was saved, and the way to go to both. */
export function TickNote() {
  const { t } = useMessages();
  const { profiles, ticks } = useStudio();
  const { id } = useStore(ticks.replacement);
  const profile = useStore(profiles, (state) => state.profiles.find((each) => each.id === id));
  const isOnAir = isRunning(useStage());
  // By then it goes where it goes; Go Live itself saves a profile that was only typed.
  useEffect(() => {
    if (isOnAir && id !== undefined) ticks.forgetReplacement();
  }, [id, isOnAir, ticks]);
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOnAir && id !== undefined) note.current?.scrollIntoView({ block: 'nearest' });
  }, [id, isOnAir]);
  return (
    <div aria-live="polite">
      {profile && !isOnAir && (
        <div
          ref={note}
          className="flex items-start gap-2 rounded-lg border border-control-line bg-raised py-1.5 pr-1.5 pl-3"
        >
          <p className="min-w-0 flex-1 wrap-anywhere">
            {t('window.destinations.replaced', { name: profile.name })}{' '}
            <Button kind="link" onClick={() => ticks.add(builtInProfileId)}>
              {t('window.destinations.tickToo')}
            </Button>
          </p>
          <IconButton
            Icon={X}
            label={t('window.dismiss')}
            onClick={() => ticks.forgetReplacement()}
          />
        </div>
      )}
    </div>
  );
}
