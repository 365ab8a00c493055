import { replayOf } from '@tallylight/contract';
import { Circle, Pause, Play, Square } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useMessages, useSnapshot, useStage, useStudio } from '../../control/studio-context.js';
import { isRunning, runningRecording, type Stage } from '../../state/stage.js';

const isMac = navigator.userAgent.includes('Mac');
const replayKey = isMac ? '⇧⌘S' : 'Ctrl+Shift+S';

/** Stages in which what runs is about to be over, or waits for what was asked. */
const ending: readonly Stage[] = ['cancelling', 'stopping', 'ending'];

const small =
  'flex h-7 items-center justify-center rounded-lg border border-control-line bg-raised text-xs text-text transition-colors not-aria-disabled:hover:bg-raised-hover aria-disabled:cursor-not-allowed aria-disabled:opacity-55';

/** Records, with or without a show, and saves what was just now; the places of its buttons never change. */
export function RecordControls() {
  const { t } = useMessages();
  const { recording, connection } = useStudio();
  const { isBusy } = useStore(recording.store);
  const lost = useStore(connection, (state) => state.lost);
  const snapshot = useSnapshot();
  const stage = useStage();
  const running = runningRecording(snapshot);
  const replay = isRunning(stage) ? replayOf(snapshot) : undefined;
  useReplayShortcut();
  const isEnabled = !lost && !isBusy && !ending.includes(stage);
  // It was asked for, and has not begun.
  const isBeginning = stage === 'recording' && !running;
  const isPaused = running?.isPaused === true;
  return (
    <div className="w-32 flex-none space-y-1">
      <button
        type="button"
        aria-disabled={!isEnabled || isBeginning || undefined}
        onClick={(event) => {
          // The second half of a double click must not end what the first has begun.
          if (event.detail > 1 || !isEnabled || isBeginning) return;
          void (running ? recording.stop() : recording.record());
        }}
        onKeyDown={(event) => event.repeat && event.preventDefault()}
        className="flex h-8 w-full items-center justify-center gap-1.5 rounded-lg border border-control-line bg-raised text-xs font-semibold text-text transition-colors not-aria-disabled:hover:bg-raised-hover aria-disabled:cursor-not-allowed aria-disabled:opacity-55"
      >
        {running ? (
          <Square aria-hidden size={12} className="fill-current text-live-text" />
        ) : (
          <Circle aria-hidden size={12} className="fill-current text-live-text" />
        )}
        {t(running ? 'window.recording.stop' : 'window.recording.record')}
      </button>
      <div className="flex gap-1">
        <button
          type="button"
          aria-label={t(isPaused ? 'window.recording.resume' : 'window.recording.pause')}
          title={t(isPaused ? 'window.recording.resume' : 'window.recording.pause')}
          aria-disabled={!running || !isEnabled || undefined}
          onClick={() => {
            if (running && isEnabled) void (isPaused ? recording.resume() : recording.pause());
          }}
          className={`w-9 flex-none ${small}`}
        >
          {isPaused ? <Play aria-hidden size={14} /> : <Pause aria-hidden size={14} />}
        </button>
        <button
          type="button"
          title={
            replay
              ? t('window.recording.saveReplayHint', { seconds: replay.seconds, key: replayKey })
              : t('window.recording.nothingHeld')
          }
          aria-keyshortcuts="Control+Shift+S Meta+Shift+S"
          aria-disabled={!replay || !isEnabled || undefined}
          onClick={() => {
            if (replay && isEnabled) void recording.saveReplay();
          }}
          className={`min-w-0 flex-1 ${small}`}
        >
          {t('window.recording.saveReplay')}
        </button>
      </div>
    </div>
  );
}

/** Ctrl or ⌘ with Shift and S saves it from anywhere. */
function useReplayShortcut(): void {
  const { recording, questions } = useStudio();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isMeant = event.shiftKey && (event.ctrlKey || event.metaKey) && !event.altKey;
      if (!isMeant || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      if (!event.repeat && !questions.getState().question) void recording.saveReplay();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [recording, questions]);
}
