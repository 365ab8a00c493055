import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Stage } from '../../state/stage.js';
import { useReadiness } from '../../control/use-readiness.js';
import { readinessOf } from '../../state/readiness.js';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';

const looks = {
  /** It can be pressed, and says what is missing. */
  unready: 'border border-dashed border-accent text-accent enabled:hover:bg-accent/12',
  go: 'border border-transparent bg-accent text-on-accent enabled:hover:brightness-110',
  cancel: 'border border-control-line bg-raised text-text enabled:hover:bg-raised-hover',
  stop: 'border-2 border-live text-live-text enabled:hover:bg-live/12',
} as const;

const buttons: Record<
  Stage,
  { label: 'goLive' | 'cancel' | 'stop'; look: keyof typeof looks; enabled: boolean }
> = {
  'off-air': { label: 'goLive', look: 'go', enabled: true },
  connecting: { label: 'cancel', look: 'cancel', enabled: true },
  cancelling: { label: 'cancel', look: 'cancel', enabled: false },
  live: { label: 'stop', look: 'stop', enabled: true },
  reconnecting: { label: 'stop', look: 'stop', enabled: true },
  stopping: { label: 'stop', look: 'stop', enabled: false },
  ending: { label: 'stop', look: 'stop', enabled: false },
};

const isMac = navigator.userAgent.includes('Mac');

/**
 * The one big button; it says what it will do, and looks as ready as the window is.
 *
 * @param describedBy the id of the sentence that says how it is.
 */
export function GoLiveButton({ describedBy }: { readonly describedBy: string }) {
  const { t } = useMessages();
  const { goLive, connection } = useStudio();
  const lost = useStore(connection, (state) => state.lost);
  const stage = useStage();
  useGoLiveShortcut();
  const { label, look, enabled } = buttons[stage];
  const isReady = readinessOf(useReadiness()).missing.length === 0;
  const run = (clicks: number): void => {
    // The second half of a double click on Go Live must not land on Cancel.
    if (clicks > 1) return;
    void (stage === 'off-air' ? goLive.goLive() : goLive.stop());
  };
  return (
    <button
      type="button"
      disabled={!enabled || lost}
      title={stage === 'off-air' ? `${isMac ? '⌘' : 'Ctrl'}+Enter` : undefined}
      aria-describedby={describedBy}
      aria-keyshortcuts={stage === 'off-air' ? 'Control+Enter Meta+Enter' : undefined}
      onClick={(event) => run(event.detail)}
      onKeyDown={(event) => {
        // A held key must not go live and stop in turns.
        if (event.repeat) event.preventDefault();
      }}
      className={`h-12 w-36 flex-none rounded-xl text-base font-bold transition disabled:cursor-not-allowed disabled:opacity-55 ${looks[look === 'go' && !isReady ? 'unready' : look]}`}
    >
      {t(`window.button.${label}`)}
    </button>
  );
}

/** Ctrl or ⌘ with Enter goes live from anywhere; no key stops. */
function useGoLiveShortcut(): void {
  const { goLive } = useStudio();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      void goLive.goLive();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [goLive]);
}
