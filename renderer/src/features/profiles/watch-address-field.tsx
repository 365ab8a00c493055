import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { TextField } from '../../ui/text-field.js';
import type { CredentialsFieldsProps } from './credentials-fields.js';
import { OptionalFields } from './optional-fields.js';

type WatchAddressFieldProps = Omit<CredentialsFieldsProps, 'isAskedFor' | 'otherServer'>;

/** Where viewers get it, for the monitor; closed until it is used. */
export function WatchAddressField({ profile, draft, errorOf }: WatchAddressFieldProps) {
  const { t } = useMessages();
  const { edit } = useStore(useStudio().profiles);
  const error = errorOf('playUrl');
  const isUsed = profile?.playUrl !== undefined || Boolean(draft.playUrl) || error !== undefined;
  return (
    <OptionalFields title={t('window.profiles.watching')} isUsed={isUsed}>
      <TextField
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
    </OptionalFields>
  );
}
