import { X } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { IconButton } from './icon-button.js';
import { useModal } from './use-modal.js';

export interface WindowDialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  /** What is scrolled. */
  readonly children: ReactNode;
  /** Stays in sight below it. */
  readonly actions: ReactNode;
}

/** Something to be done by itself, as large as that needs. The browser keeps the focus inside, and gives it back. */
export function WindowDialog(props: WindowDialogProps) {
  const { title, closeLabel, onClose, children, actions } = props;
  const dialog = useModal();
  const titleId = useId();
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto flex h-[min(760px,calc(100dvh-32px))] max-h-none w-[min(960px,calc(100vw-32px))] max-w-none flex-col rounded-xl border border-control-line bg-surface text-text shadow-2xl backdrop:bg-black/60"
    >
      <div className="flex flex-none items-center justify-between gap-2 border-b border-line py-2 pr-2 pl-5">
        <h2 id={titleId} className="text-base font-bold wrap-anywhere">
          {title}
        </h2>
        <IconButton Icon={X} label={closeLabel} onClick={onClose} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
      <div className="flex flex-none flex-wrap items-center justify-end gap-2.5 border-t border-line px-5 py-3">
        {actions}
      </div>
    </dialog>
  );
}
