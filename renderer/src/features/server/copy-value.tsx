import { Check, Copy, Eye, EyeOff } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { useCopied } from '../../control/use-copied.js';
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

/** Something to type elsewhere, which can be copied whole without being shown. */
export function CopyValue({ label: name, value, whole, isSecret = false }: CopyValueProps) {
  const { t } = useMessages();
  const { keys, showKeys, hideKeys } = useStore(useStudio().server);
  const { outcome, copy } = useCopied();
  const copyWhole = async (): Promise<void> => {
    const text = await whole();
    if (text !== undefined) await copy(text);
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
          onClick={() => void copyWhole()}
        />
      </ValueBox>
      <p aria-live="polite" className={outcome === 'notCopied' ? 'mt-1 text-xs' : 'sr-only'}>
        {outcome && t(`window.server.${outcome}`, { name })}
      </p>
    </div>
  );
}
