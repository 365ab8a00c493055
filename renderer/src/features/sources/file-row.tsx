import type { ListedFile } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { ChevronDown, ChevronUp, CircleX, GripVertical, Play, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { fileFacts } from '../../state/file-facts.js';
import type { SentFile } from '../../state/files-store.js';
import { formatPercent } from '../../state/number-format.js';
import { sentences } from '../../state/sentences.js';
import { IconButton } from '../../ui/icon-button.js';
import type { Reorder } from '../../ui/use-reorder.js';

interface RowProps {
  readonly name: string;
  readonly isOn?: boolean;
  readonly facts: string;
  readonly error: ListedFile['error'];
  /** What it is dragged by. */
  readonly grip?: ReactNode;
  readonly isDragged?: boolean;
  /** Where what is dragged would go. */
  readonly landing?: 'before' | 'behind' | undefined;
  /** The buttons. */
  readonly children: ReactNode;
}

function Row(props: RowProps) {
  const { name, isOn = false, facts, error, grip, isDragged = false, landing, children } = props;
  const messages = useMessages();
  return (
    <li
      aria-current={isOn || undefined}
      className={`relative flex items-center gap-1 py-1 pr-1 ${grip === undefined ? 'pl-2.5' : 'pl-0.5'} ${isOn || isDragged ? 'bg-raised' : ''}`}
    >
      {landing && (
        <span
          aria-hidden
          data-landing={landing}
          className={`pointer-events-none absolute inset-x-0 border-t-3 border-accent ${landing === 'before' ? 'top-0' : 'bottom-0'}`}
        />
      )}
      {grip}
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
  reorder,
}: {
  readonly file: ListedFile;
  readonly place: number;
  readonly reorder: Reorder;
}) {
  const messages = useMessages();
  const { t } = messages;
  const { list, move, remove } = useStore(useStudio().files);
  const { id, name, error } = file;
  const isOn = list.playback?.id === id;
  const last = list.files.length - 1;
  const { drag, grip } = reorder;
  const gap = drag?.gap;
  const landing =
    gap === place ? 'before' : gap === last + 1 && place === last ? 'behind' : undefined;
  return (
    <Row
      {...{ name, isOn, error, landing }}
      facts={fileFacts(file, list.copy, messages)}
      isDragged={drag?.id === id}
      grip={
        last > 0 && (
          // By keyboard, and for who does not see it, there are the buttons.
          <span
            aria-hidden
            title={t('window.files.drag')}
            className={`flex-none touch-none self-stretch flex items-center text-muted hover:text-text ${drag ? 'cursor-grabbing' : 'cursor-grab'}`}
            {...grip(id)}
          >
            <GripVertical size={16} />
          </span>
        )
      }
    >
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
