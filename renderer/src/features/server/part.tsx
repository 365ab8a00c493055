import { CircleAlert, CircleX } from 'lucide-react';
import { useId, type ReactNode } from 'react';

/** Stands where a key does, while that is hidden. */
export const hidden = '••••••••';

/** A part of the panel, with a heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-1.5">
      <h3 id={id} className="font-semibold">
        {title}
      </h3>
      {children}
    </section>
  );
}

const notes = {
  error: { Icon: CircleX, className: 'text-live-text' },
  warning: { Icon: CircleAlert, className: 'text-warn' },
} as const;

/** What is wrong, or worth a word, beside what it is about. */
export function Note({ tone, children }: { tone: keyof typeof notes; children: ReactNode }) {
  const { Icon, className } = notes[tone];
  return (
    <p className="mt-1 flex items-start gap-1.5 text-xs wrap-anywhere">
      <Icon aria-hidden size={14} className={`mt-px flex-none ${className}`} />
      <span>{children}</span>
    </p>
  );
}
