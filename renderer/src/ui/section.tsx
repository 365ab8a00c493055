import { useId, type ReactNode } from 'react';

export interface SectionProps {
  readonly title: string;
  /** The title is somebody's name for something, and is shown as it was written. */
  readonly isName?: boolean;
  /** What is in it belongs together, and is told of as a group. */
  readonly isGroup?: boolean;
  /** At the right end of the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Section({
  title,
  isName = false,
  isGroup = isName,
  action,
  children,
}: SectionProps) {
  const id = useId();
  return (
    // No landmark where somebody has named it: it might be called as another is.
    <section role={isGroup ? 'group' : undefined} aria-labelledby={id} className="space-y-2">
      <div className="flex h-6 items-center justify-between gap-2">
        <h2
          id={id}
          title={title}
          className={`truncate font-semibold text-muted ${isName ? 'text-xs' : 'text-[11px] tracking-wider uppercase'}`}
        >
          {title}
        </h2>
        {action}
      </div>
      {children}
    </section>
  );
}
