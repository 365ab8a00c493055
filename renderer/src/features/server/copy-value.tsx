import { Check, Copy, Eye, EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { IconButton } from '../../ui/icon-button.js';
import { ValueBox } from '../../ui/value-box.js';

export interface CopyValueProps {
  readonly label: string;
  /** What is seen: of a secret, with something in its place while it is hidden. */
  readonly value: string;
  /** All of it, fetched when it is copied; undefined where that failed. */
  readonly whole: () => Promise<string | undefined>;
  /** It can be shown and hidden. */
  readonly isSecret?: boolean;
}

/** How long it is said that it was copied, in milliseconds. */
const saidMs = 4000;

/** Something to type elsewhere, which can be copied whole without being shown. */
export function CopyValue({ label: name, value, whole, isSecret = false }: CopyValueProps) {
  const { t } = useMessages();
  const { keys, showKeys, hideKeys } = useStore(useStudio().server);
  const [outcome, setOutcome] = useState<'copied' | 'notCopied'>();
  useEffect(() => {
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome(undefined), saidMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    const text = await whole();
    if (text === undefined) return;
    const copied = navigator.clipboard.writeText(text).then(
      () => 'copied' as const,
      () => 'notCopied' as const,
    );
    setOutcome(await copied);
  };
  const isShown = keys !== undefined;
  return (
    <div>
      <ValueBox label={name} value={value}>
        {isSecret && (
          <IconButton
            Icon={isShown ? EyeOff : Eye}
            label={t(isShown ? 'window.server.hide' : 'window.server.show', { name })}
            isPressed={isShown}
            onClick={() => (isShown ? hideKeys() : void showKeys())}
          />
        )}
        <IconButton
          Icon={outcome === 'copied' ? Check : Copy}
          label={t('window.server.copy', { name })}
          onClick={() => void copy()}
        />
      </ValueBox>
      <p aria-live="polite" className={outcome === 'notCopied' ? 'mt-1 text-xs' : 'sr-only'}>
        {outcome && t(`window.server.${outcome}`, { name })}
      </p>
    </div>
  );
}
