import { useState, type ReactNode } from 'react';

interface OptionalFieldsProps {
  readonly title: string;
  /** One of them holds something, or is wrong. */
  readonly isUsed: boolean;
  /** They are open at first although nothing is in them. */
  readonly isAskedFor?: boolean;
  readonly children: ReactNode;
}

/** Fields that few need: closed until they are used. */
export function OptionalFields({ title, isUsed, isAskedFor, children }: OptionalFieldsProps) {
  // Who clears a field to type anew must not have it taken away.
  const [wasOpened, setOpened] = useState(isUsed || isAskedFor === true);
  return (
    <details
      open={isUsed || wasOpened}
      onToggle={({ currentTarget }) => setOpened(currentTarget.open)}
      className="space-y-2"
    >
      <summary className="cursor-pointer text-xs text-muted">{title}</summary>
      {children}
    </details>
  );
}
