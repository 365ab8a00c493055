import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { isShow, type Stage } from '../../state/stage.js';
import { useReadiness } from '../../control/use-readiness.js';
import { readinessOf } from '../../state/readiness.js';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { useHold, type Hold } from '../../ui/use-hold.js';

const looks = {
  /** It can be pressed, and says what is missing. */
  unready: 'border border-dashed border-accent text-accent not-aria-disabled:hover:bg-accent/12',
  go: 'border border-transparent bg-accent text-on-accent not-aria-disabled:hover:brightness-110',
  cancel: 'border border-control-line bg-raised text-text not-aria-disabled:hover:bg-raised-hover',
  stop: 'border-2 border-live text-live-text not-aria-disabled:hover:bg-live/12',
} as const;

const buttons: Record<
  Stage,
  { label: 'goLive' | 'cancel' | 'stop'; look: keyof typeof looks; enabled: boolean }
> = {
  'off-air': { label: 'goLive', look: 'go', enabled: true },
  recording: { label: 'goLive', look: 'go', enabled: true },
  connecting: { label: 'cancel', look: 'cancel', enabled: true },
  cancelling: { label: 'cancel', look: 'cancel', enabled: false },
  live: { label: 'stop', look: 'stop', enabled: true },
  reconnecting: { label: 'stop', look: 'stop', enabled: true },
  stopping: { label: 'stop', look: 'stop', enabled: false },
  ending: { label: 'stop', look: 'stop', enabled: false },
};

const isMac = navigator.userAgent.includes('Mac');
const holdMs = 1000;

/**
 * The one big button; it says what it will do, and looks as ready as the window is.
 *
 * @param describedBy the id of the sentence that says how it is.
 */
export function GoLiveButton({ describedBy }: { readonly describedBy: string }) {
  const { t } = useMessages();
  const { goLive, connection, questions, settings } = useStudio();
  const lost = useStore(connection, (state) => state.lost);
  const mustHold = useStore(settings, (state) => state.settings.holdToStop);
  const stage = useStage();
  useGoLiveShortcut();
  const { label, look, enabled } = buttons[stage];
  const isReady = readinessOf(useReadiness()).missing.length === 0;
  const isEnabled = enabled && !lost;
  const isHoldToStop = mustHold && isEnabled && label === 'stop';
  const hold = useHold(holdMs, () => void goLive.stop());
  const begins = !isShow(stage);
  /** What the button did when the press began that has not become a click yet. */
  const pressed = useRef<boolean>(undefined);
  const press = (): void => void (pressed.current = begins);
  const release = (): void => {
    pressed.current = undefined;
    hold.end();
  };
  const click = async (clicks: number): Promise<void> => {
    const isOfAnother = pressed.current !== undefined && pressed.current !== begins;
    pressed.current = undefined;
    // The second half of a double click on Go Live must not land on Cancel, and letting go of a Stop that was held not
    // on the Go Live that it has become.
    if (clicks > 1 || isOfAnother || !isEnabled) return;
    if (isHoldToStop) {
      // A pointer holds; what clicks without one, as a screen reader does, cannot.
      if (clicks > 0 || (await questions.getState().ask({ type: 'stop' })) !== 'stop') return;
    }
    await (begins ? goLive.goLive() : goLive.stop());
  };
  return (
    <button
      type="button"
      aria-disabled={!isEnabled || undefined}
      title={begins ? `${isMac ? '⌘' : 'Ctrl'}+Enter` : undefined}
      aria-describedby={describedBy}
      aria-keyshortcuts={begins ? 'Control+Enter Meta+Enter' : undefined}
      onClick={(event) => void click(event.detail)}
      onPointerDown={() => {
        press();
        if (isHoldToStop) hold.begin();
      }}
      onPointerUp={hold.end}
      onPointerLeave={release}
      onPointerCancel={release}
      onBlur={release}
      onKeyUp={hold.end}
      onKeyDown={(event) => {
        if (!event.repeat) press();
        if (isHoldToStop) hold.onKeyDown(event);
        // A held key must not go live and stop in turns.
        else if (event.repeat) event.preventDefault();
      }}
      className={`relative h-12 w-36 flex-none overflow-hidden rounded-xl text-base font-bold transition aria-disabled:cursor-not-allowed aria-disabled:opacity-55 ${looks[look === 'go' && !isReady ? 'unready' : look]}`}
    >
      {isHoldToStop && hold.isHeld && <span aria-hidden className="hold-progress" />}
      {t(isHoldToStop ? holdLabel(hold) : `window.button.${label}`)}
    </button>
  );
}

/** Whoever lets go at once has to be told that it takes longer. */
const holdLabel = ({ isShort }: Hold) =>
  isShort ? 'window.button.holdLonger' : 'window.button.holdToStop';

/** Ctrl or ⌘ with Enter goes live from anywhere; no key stops. */
function useGoLiveShortcut(): void {
  const { goLive, questions } = useStudio();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      if (!questions.getState().question) void goLive.goLive();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [goLive, questions]);
}
