import { useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { TextField } from '../../ui/text-field.js';
import type { CredentialsFieldsProps } from './credentials-fields.js';

type WatchAddressFieldProps = Omit<CredentialsFieldsProps, 'isAskedFor' | 'otherServer'>;

/** Where viewers get it, for the monitor; closed until it is used. */
export function WatchAddressField({ profile, draft, field, errorOf }: WatchAddressFieldProps) {
  const { t } = useMessages();
  const { edit } = useStore(useStudio().profiles);
  const error = errorOf('playUrl');
  const isUsed = profile?.playUrl !== undefined || Boolean(draft.playUrl) || error !== undefined;
  // Who clears the field to type anew must not have it taken away.
  const [wasOpened, setOpened] = useState(isUsed);
  return (
    <details
      open={isUsed || wasOpened}
      onToggle={({ currentTarget }) => setOpened(currentTarget.open)}
      className="space-y-2"
    >
      <summary className="cursor-pointer text-xs text-muted">
        {t('window.profiles.watching')}
      </summary>
      <TextField
        {...field}
        label={t('window.profiles.playUrl')}
        type="text"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={draft.playUrl ?? profile?.playUrl ?? ''}
        placeholder={t('window.profiles.playUrlExample')}
        error={error}
        onChange={(playUrl) => edit({ playUrl })}
      />
      <p className="text-xs text-muted">{t('window.profiles.playUrlHint')}</p>
    </details>
  );
}
