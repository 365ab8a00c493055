import { CircleAlert, CircleX } from 'lucide-react';

const signs = {
  error: { Icon: CircleX, className: 'text-live-text' },
  warning: { Icon: CircleAlert, className: 'text-warn' },
} as const;

export interface FieldNoteProps {
  readonly id: string;
  readonly tone: keyof typeof signs;
  readonly text: string;
}

/** What is to be known about what a field holds, or is wrong with it. */
export function FieldNote({ id, tone, text }: FieldNoteProps) {
  const { Icon, className } = signs[tone];
  return (
    <p id={id} className="mt-1 flex items-start gap-1.5 text-xs wrap-anywhere">
      <Icon aria-hidden size={14} className={`mt-px flex-none ${className}`} />
      <span>{text}</span>
    </p>
  );
}
