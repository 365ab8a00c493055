import { useId, type ReactNode } from 'react';

export interface SectionProps {
  readonly title: string;
  /** At the right end of the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, action, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-2">
      <div className="flex h-6 items-center justify-between gap-2">
        <h2
          id={id}
          title={title}
          className="truncate text-[11px] font-semibold tracking-wider text-muted uppercase"
        >
          {title}
        </h2>
        {action}
      </div>
      {children}
    </section>
  );
}
