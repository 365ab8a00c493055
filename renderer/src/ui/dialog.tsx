import { useId, type ReactNode } from 'react';
import { useModal } from './use-modal.js';

export interface DialogProps {
  readonly title: string;
  readonly text: string;
  /** Buttons, the safest first: it gets the focus. */
  readonly children: ReactNode;
  /** Escape. */
  readonly onCancel: () => void;
}

/** A question that must be answered. The browser keeps the focus inside, and gives it back at the end. */
export function Dialog({ title, text, children, onCancel }: DialogProps) {
  const dialog = useModal();
  const titleId = useId();
  const textId = useId();
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      className="m-auto w-[min(420px,calc(100vw-32px))] rounded-xl border border-control-line bg-surface p-5 text-text shadow-2xl backdrop:bg-black/60"
    >
      <h2 id={titleId} className="text-base font-bold text-balance wrap-anywhere">
        {title}
      </h2>
      <p id={textId} className="mt-1.5 text-muted wrap-anywhere">
        {text}
      </p>
      <div className="mt-4 flex flex-wrap justify-end gap-2.5">{children}</div>
    </dialog>
  );
}
