import type { FilePlayback } from '@tallylight/contract';
import { Pause, Play, SkipForward } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { formatShortClock } from '../../state/number-format.js';
import { Button } from '../../ui/button.js';

/** After the last movement of the slider the place is looked for; each one on the way would be cut in. Milliseconds. */
const settleMs = 400;
const stepMs = 1000;

/** What is on, how far it is, and how it goes on. */
export function FilePlayer({ playback }: { readonly playback: FilePlayback }) {
  const { t } = useMessages();
  const { list, isLeading, next, pause, resume } = useStore(useStudio().files);
  const file = list.files.find(({ id }) => id === playback.id);
  if (!file) return undefined;
  const { isPaused } = playback;
  const Icon = isPaused ? Play : Pause;
  return (
    <div className="space-y-1.5 rounded-lg border border-line bg-raised px-2.5 py-2">
      <p aria-live="polite" className="truncate text-xs" title={file.name}>
        {t(isPaused ? 'window.files.paused' : 'window.files.playing', { file: file.name })}
      </p>
      <Position
        key={file.id}
        file={file.name}
        positionMs={playback.positionMs}
        durationMs={file.durationMs}
        isPaused={isPaused}
      />
      <div className="flex gap-2">
        <Button disabled={isLeading} onClick={() => void (isPaused ? resume() : pause())}>
          <Icon aria-hidden size={16} />
          {t(isPaused ? 'window.files.resume' : 'window.files.pause')}
        </Button>
        <Button disabled={isLeading} onClick={() => void next()}>
          <SkipForward aria-hidden size={16} />
          {t('window.files.next')}
        </Button>
      </div>
    </div>
  );
}

interface PositionProps {
  readonly file: string;
  readonly positionMs: number;
  readonly durationMs: number | undefined;
  readonly isPaused: boolean;
}

function Position({ file, positionMs, durationMs, isPaused }: PositionProps) {
  const { t } = useMessages();
  const { seek } = useStore(useStudio().files);
  const id = useId();
  /** Where the slider was moved to, until that is where it is. */
  const [wanted, setWanted] = useState<number>();
  useEffect(() => {
    if (wanted === undefined) return;
    const look = (): void =>
      void seek(wanted).then(() => setWanted((now) => (now === wanted ? undefined : now)));
    // In a pause nothing is cut in, and who resumes is to be there already.
    const timer = setTimeout(look, isPaused ? 0 : settleMs);
    return () => clearTimeout(timer);
  }, [wanted, isPaused, seek]);
  const position = wanted ?? Math.min(positionMs, durationMs ?? Infinity);
  const at = formatShortClock(position);
  // A file that does not tell how long it is can only be watched.
  if (durationMs === undefined) return <p className="numbers text-xs">{at}</p>;
  const length = formatShortClock(durationMs);
  return (
    <div>
      <label htmlFor={id} className="sr-only">
        {t('window.files.position', { file })}
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={durationMs}
        step={stepMs}
        value={position}
        aria-valuetext={t('window.files.positionOf', { at, length })}
        onChange={(event) => setWanted(Number(event.target.value))}
        className="block h-6 w-full accent-(--accent)"
      />
      <p aria-hidden className="numbers flex justify-between text-xs text-muted">
        <span>{at}</span>
        <span>{length}</span>
      </p>
    </div>
  );
}
