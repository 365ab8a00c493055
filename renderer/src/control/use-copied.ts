import { useEffect, useState } from 'react';

/** How long it is said that something was copied, in milliseconds. */
const saidMs = 4000;

/** What became of copying: for a moment `copied`; `notCopied`, where the browser does not let it, until the next try. */
export function useCopied(): {
  readonly outcome: 'copied' | 'notCopied' | undefined;
  readonly copy: (text: string) => Promise<void>;
} {
  const [outcome, setOutcome] = useState<'copied' | 'notCopied'>();
  useEffect(() => {
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome(undefined), saidMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (text: string): Promise<void> => {
    const copied = navigator.clipboard.writeText(text).then(
      () => 'copied' as const,
      () => 'notCopied' as const,
    );
    setOutcome(await copied);
  };
  return { outcome, copy };
}
