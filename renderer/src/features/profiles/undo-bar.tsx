import { Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';

/** How long a deleted profile can be had back. */
const undoMs = 60_000;

/** What was deleted, and the way back. It waits while somebody is at it. */
export function UndoBar({ onUndone }: { readonly onUndone: () => void }) {
  const { t } = useMessages();
  const { removal, restore, finishRemoval } = useStore(useStudio().profiles);
  const [isHeld, setHeld] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const id = removal?.profile.id;
  useEffect(() => {
    if (id === undefined || isHeld) return;
    const timer = setTimeout(() => void finishRemoval(), undoMs);
    return () => clearTimeout(timer);
  }, [id, isHeld, finishRemoval]);
  useEffect(() => {
    if (id !== undefined) bar.current?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div aria-live="polite">
      {removal && (
        <div
          ref={bar}
          onPointerEnter={hold}
          onPointerLeave={release}
          onFocus={hold}
          onBlur={release}
          className="mt-1 flex items-center gap-2 rounded-lg border border-control-line bg-raised py-1.5 pr-1.5 pl-3"
        >
          <Trash2 aria-hidden size={15} className="flex-none text-muted" />
          <span className="min-w-0 flex-1 wrap-anywhere">
            {t('window.profiles.removed', { name: removal.profile.name })}
          </span>
          <Button
            onClick={() => {
              release();
              void restore().then(onUndone);
            }}
          >
            {t('window.profiles.undo')}
          </Button>
        </div>
      )}
    </div>
  );
}
