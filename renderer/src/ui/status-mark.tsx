import { Check, CircleAlert, CircleX, LoaderCircle } from 'lucide-react';

export type StatusTone = 'good' | 'fair' | 'poor' | 'busy';

const marks = {
  good: { Icon: Check, className: 'text-ok' },
  fair: { Icon: CircleAlert, className: 'text-warn' },
  poor: { Icon: CircleX, className: 'text-live-text' },
  busy: { Icon: LoaderCircle, className: 'spinner text-warn' },
} as const;

/** A sign whose shape says the same as its colour. */
export function StatusMark({ tone, size = 16 }: { tone: StatusTone; size?: number }) {
  const { Icon, className } = marks[tone];
  return <Icon aria-hidden size={size} strokeWidth={2.25} className={`flex-none ${className}`} />;
}
