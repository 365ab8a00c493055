import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { saveTextFile } from '../../control/save-text-file.js';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { useCopied } from '../../control/use-copied.js';
import { eventText, logText } from '../../state/event-text.js';
import { summaryText } from '../../state/summary-text.js';
import { formatTimeOfDay } from '../../state/time-format.js';
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/section.js';

/** What happened, the newest at the end; and what came of it, to be kept. */
export function EventLog() {
  const messages = useMessages();
  const { t } = messages;
  const stage = useStage();
  const { log, snapshot } = useStore(useStudio().broadcast);
  const { outcome, copy } = useCopied();
  const list = useRef<HTMLOListElement>(null);
  // Whoever has scrolled up to read stays there.
  const isAtEnd = useRef(true);
  useEffect(() => {
    const { current } = list;
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [log]);
  if (log.length === 0) return undefined;
  const save = (): void => {
    const day = new Date(snapshot.startedAt ?? 0).toISOString().slice(0, 16).replaceAll(':', '-');
    saveTextFile(`tallylight-${day}.txt`, summaryText(snapshot, log, messages));
  };
  return (
    <Section
      title={t('window.log.title')}
      action={
        <span className="flex gap-2">
          {(stage === 'off-air' || (stage === 'recording' && snapshot.liveAt !== undefined)) && (
            <Button kind="quiet" onClick={save}>
              {t('window.log.saveSummary')}
            </Button>
          )}
          <Button kind="quiet" onClick={() => void copy(logText(log, messages))}>
            {t('window.log.copy')}
          </Button>
        </span>
      }
    >
      <ol
        ref={list}
        // It scrolls, by keys too.
        tabIndex={0}
        aria-label={t('window.log.title')}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 4;
        }}
        className="numbers max-h-40 space-y-1 overflow-y-auto rounded-xl border border-line bg-raised px-3 py-2"
      >
        {log.map((entry, index) => (
          <li key={index} className="flex gap-2">
            <time className="shrink-0 text-muted">{formatTimeOfDay(entry.at, messages)}</time>
            <span className="wrap-anywhere">{eventText(entry, messages)}</span>
          </li>
        ))}
      </ol>
      <p aria-live="polite" className={outcome === 'notCopied' ? 'text-xs' : 'sr-only'}>
        {outcome && t(`window.log.${outcome}`)}
      </p>
    </Section>
  );
}
