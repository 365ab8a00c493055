import type { StreamChoice } from '@tallylight/contract';
import { Check, Copy } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { useCopied } from '../../control/use-copied.js';
import { TextField } from '../../ui/text-field.js';

/** Where others publish to, as they want it; of the built-in server its panel tells that. */
export function StreamAddress({ of: { from } }: { readonly of: StreamChoice }) {
  const { t } = useMessages();
  const { streamInput } = useStudio();
  const address = useStore(streamInput, (state) => state.address);
  if (from) return <p className="text-xs text-muted">{t('window.sources.serverStreamHint')}</p>;
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
  const { outcome, copy } = useCopied();
  const isCopied = outcome === 'copied';
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
          onClick={() => void copy(value)}
          className="grid size-7 place-content-center rounded-md text-muted transition-colors hover:bg-raised-hover hover:text-text"
        >
          <Icon aria-hidden size={16} />
        </button>
      }
    />
  );
}
