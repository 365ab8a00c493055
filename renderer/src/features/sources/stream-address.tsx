import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { TextField } from '../../ui/text-field.js';

/** Milliseconds for which it is said that something was copied. */
const saidMs = 2_000;

/** Where others publish to, as they want it. */
export function StreamAddress() {
  const { t } = useMessages();
  const { streamInput } = useStudio();
  const address = useStore(streamInput, (state) => state.address);
  return (
    <>
      <CopiedField label={t('window.sources.streamServer')} value={address?.serverUrl ?? ''} />
      <CopiedField label={t('window.sources.streamKey')} value={address?.streamKey ?? ''} />
      <p className="text-xs text-muted">{t('window.sources.streamHint')}</p>
    </>
  );
}

function CopiedField({ label, value }: { readonly label: string; readonly value: string }) {
  const { t } = useMessages();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), saidMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // The browser does not let it: the field can be copied from by hand.
    }
  };
  const Icon = isCopied ? Check : Copy;
  const name = t(isCopied ? 'window.sources.copied' : 'window.sources.copy');
  return (
    <TextField
      label={label}
      value={value}
      readOnly
      onFocus={(event) => event.target.select()}
      onChange={() => undefined}
      trailing={
        <button
          type="button"
          aria-label={t('window.sources.copyOf', { name, field: label })}
          title={name}
          onClick={() => void copy()}
          className="grid size-7 place-content-center rounded-md text-muted transition-colors hover:bg-raised-hover hover:text-text"
        >
          <Icon aria-hidden size={16} />
        </button>
      }
    />
  );
}
