import { useId, type ReactNode } from 'react';

export interface ValueBoxProps {
  readonly label: string;
  readonly value: string;
  /** What can be done with it: buttons. */
  readonly children: ReactNode;
}

/** Something to be read and copied, whole: what is long takes another line. */
export function ValueBox({ label, value, children }: ValueBoxProps) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <p id={id} className="mb-0.5 text-xs text-muted">
        {label}
      </p>
      <div className="flex items-start rounded-lg border border-line pl-2.5">
        <code className="min-w-0 flex-1 py-1.5 text-xs/5 wrap-anywhere select-all">{value}</code>
        {children}
      </div>
    </div>
  );
}
