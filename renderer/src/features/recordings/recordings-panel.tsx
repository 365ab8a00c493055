import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { formatBytes } from '../../state/number-format.js';
import { RecentPart } from './recent-part.js';
import { RecordingFields } from './recording-fields.js';

/** Where and how is recorded, and what was: a line, until somebody opens it. */
export function RecordingsPanel() {
  const messages = useMessages();
  const { t } = messages;
  const { snapshot } = useStore(useStudio().recording.store);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  if (!snapshot) return undefined;
  const { freeBytes, problem } = snapshot;
  const summary = problem
    ? t('window.recording.folderUnusable')
    : freeBytes === undefined
      ? ''
      : t('window.recording.freeSpace', { size: formatBytes(freeBytes, messages) });
  return (
    <section aria-labelledby={id}>
      <details
        open={isOpen}
        onToggle={({ currentTarget: { open } }) => setOpen(open)}
        className="group"
      >
        <summary className="flex min-h-6 list-none flex-wrap items-center gap-x-2 gap-y-0.5">
          <h2 id={id} className="text-[11px] font-semibold tracking-wider text-muted uppercase">
            {t('window.recording.title')}
          </h2>
          <span className="ml-auto flex items-center gap-1.5 text-xs">
            {summary}
            <ChevronRight
              aria-hidden
              size={14}
              className="text-muted transition-transform group-open:rotate-90"
            />
          </span>
        </summary>
        {isOpen && (
          <div className="space-y-3.5 pt-2">
            <RecordingFields snapshot={snapshot} />
            <RecentPart snapshot={snapshot} />
          </div>
        )}
      </details>
    </section>
  );
}
