import type { ListedFile } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { ChevronDown, ChevronUp, CircleX, Play, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { fileFacts } from '../../state/file-facts.js';
import type { SentFile } from '../../state/files-store.js';
import { formatPercent } from '../../state/number-format.js';
import { sentences } from '../../state/sentences.js';
import { IconButton } from '../../ui/icon-button.js';

interface RowProps {
  readonly name: string;
  readonly isOn?: boolean;
  readonly facts: string;
  readonly error: ListedFile['error'];
  /** The buttons. */
  readonly children: ReactNode;
}

function Row({ name, isOn = false, facts, error, children }: RowProps) {
  const messages = useMessages();
  return (
    <li
      aria-current={isOn || undefined}
      className={`flex items-center gap-1 py-1 pr-1 pl-2.5 ${isOn ? 'bg-raised' : ''}`}
    >
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5">
          {isOn && <Play aria-hidden size={14} className="flex-none text-accent" />}
          <span className={`truncate ${isOn ? 'font-semibold' : ''}`} title={name}>
            {name}
          </span>
        </p>
        {facts !== '' && <p className="numbers text-xs text-muted">{facts}</p>}
        {error && <ErrorNote {...messages.error(error)} messages={messages} />}
      </div>
      {children}
    </li>
  );
}

function ErrorNote(props: {
  readonly message: string;
  readonly remedy: string;
  readonly messages: WindowMessages;
}) {
  return (
    <p className="mt-0.5 flex items-start gap-1.5 text-xs wrap-anywhere">
      <CircleX aria-hidden size={14} className="mt-px flex-none text-live-text" />
      <span>{sentences(props.messages, props.message, props.remedy)}</span>
    </p>
  );
}

export function ListedFileRow({
  file,
  place,
}: {
  readonly file: ListedFile;
  readonly place: number;
}) {
  const messages = useMessages();
  const { t } = messages;
  const { list, move, remove } = useStore(useStudio().files);
  const { id, name, error } = file;
  const isOn = list.playback?.id === id;
  const last = list.files.length - 1;
  return (
    <Row name={name} isOn={isOn} facts={fileFacts(file, list.copy, messages)} error={error}>
      <div className="flex flex-none">
        <IconButton
          Icon={ChevronUp}
          label={t('window.files.up', { file: name })}
          disabled={place === 0}
          onClick={() => void move(id, place - 1)}
        />
        <IconButton
          Icon={ChevronDown}
          label={t('window.files.down', { file: name })}
          disabled={place === last}
          onClick={() => void move(id, place + 1)}
        />
        <IconButton
          Icon={X}
          label={t(isOn ? 'window.files.isOn' : 'window.files.remove', { file: name })}
          disabled={isOn}
          onClick={() => void remove(id)}
        />
      </div>
    </Row>
  );
}

/** A file that is on its way to the engine, or did not get there. */
export function SentFileRow({ file }: { readonly file: SentFile }) {
  const messages = useMessages();
  const { t } = messages;
  const { files } = useStudio();
  const { id, name, progress, error } = file;
  const facts = error ? '' : t('window.files.sending', { part: formatPercent(progress, messages) });
  return (
    <Row name={name} facts={facts} error={error}>
      {error && (
        <IconButton
          Icon={X}
          label={t('window.files.remove', { file: name })}
          onClick={() => files.getState().forget(id)}
        />
      )}
    </Row>
  );
}
