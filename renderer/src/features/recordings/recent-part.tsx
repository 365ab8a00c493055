import type { RecordingsSnapshot, SavedRecording } from '@tallylight/contract';
import { Check, Copy, FolderOpen } from 'lucide-react';
import { useId } from 'react';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { useCopied } from '../../control/use-copied.js';
import { formatBytes, formatShortClock } from '../../state/number-format.js';
import { IconButton } from '../../ui/icon-button.js';

/** The last recordings, and the way to each. */
export function RecentPart({ snapshot }: { readonly snapshot: RecordingsSnapshot }) {
  const { t } = useMessages();
  const { recordings, canShow } = snapshot;
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-1.5">
      <h3 id={id} className="font-semibold">
        {t('window.recording.recent')}
      </h3>
      {recordings.length === 0 ? (
        <p className="text-xs text-muted">{t('window.recording.none')}</p>
      ) : (
        <ul className="divide-y divide-line rounded-xl border border-line bg-raised pr-1 pl-3">
          {recordings.map((recording) => (
            <Recent key={recording.path} recording={recording} canShow={canShow} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface RecentProps {
  readonly recording: SavedRecording;
  readonly canShow: boolean;
}

function Recent({ recording, canShow }: RecentProps) {
  const { t } = useMessages();
  const { name, path, bytes } = recording;
  const { recording: controller } = useStudio();
  const { outcome, copy } = useCopied();
  return (
    <li className="flex items-center gap-2 py-1.5">
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere" title={path}>
          {name}
        </p>
        <p className="numbers text-xs text-muted">{useFacts(recording)}</p>
        <p aria-live="polite" className={outcome === 'notCopied' ? 'text-xs' : 'sr-only'}>
          {outcome && t(`window.server.${outcome}`, { name })}
        </p>
      </div>
      {bytes !== undefined &&
        (canShow ? (
          <IconButton
            Icon={FolderOpen}
            label={t('window.recording.showOf', { name })}
            onClick={() => void controller.showInFolder(path)}
          />
        ) : (
          <IconButton
            Icon={outcome === 'copied' ? Check : Copy}
            label={t('window.recording.copyPathOf', { name })}
            onClick={() => void copy(path)}
          />
        ))}
    </li>
  );
}

/** Length and size; or that it is not there any more. */
function useFacts({ bytes, durationMs, files }: SavedRecording): string {
  const messages = useMessages();
  const { t } = messages;
  if (bytes === undefined) return t('window.recording.gone');
  const size = formatBytes(bytes, messages);
  const facts =
    durationMs === undefined
      ? size
      : t('window.recording.file', { length: formatShortClock(durationMs), size });
  return files === 1 ? facts : `${facts} · ${t('window.recording.inFiles', { count: files })}`;
}
