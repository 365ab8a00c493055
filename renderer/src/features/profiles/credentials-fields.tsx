import type { Profile, ProfileField } from '@tallylight/contract';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import type { ProfileDraft } from '../../state/profile-draft.js';
import { TextField } from '../../ui/text-field.js';
import { OptionalFields } from './optional-fields.js';

export interface CredentialsFieldsProps {
  readonly profile: Profile | undefined;
  readonly draft: ProfileDraft;
  /** The server is of a kind that mostly asks. */
  readonly isAskedFor: boolean;
  /** The server that the saved password was not saved for, and would go to. */
  readonly otherServer: string | undefined;
  readonly errorOf: (field: ProfileField) => string | undefined;
}

/** Who publishes, for the few servers that ask; closed until it is used. */
export function CredentialsFields(props: CredentialsFieldsProps) {
  const { profile, draft, isAskedFor, otherServer: server, errorOf } = props;
  const { t } = useMessages();
  const { edit } = useStore(useStudio().profiles);
  const errors = { user: errorOf('user'), password: errorOf('password') };
  const isWrong = errors.user !== undefined || errors.password !== undefined;
  const isUsed = profile?.user !== undefined || Boolean(draft.user) || isWrong;
  const isSentElsewhere =
    profile?.hasPassword === true && draft.password === undefined && server !== undefined;
  return (
    <OptionalFields title={t('window.profiles.credentials')} {...{ isUsed, isAskedFor }}>
      <TextField
        label={t('window.profiles.user')}
        value={draft.user ?? profile?.user ?? ''}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        error={errors.user}
        onChange={(user) => edit({ user })}
      />
      <TextField
        label={t('window.profiles.password')}
        type="password"
        value={draft.password ?? ''}
        placeholder={profile?.hasPassword === true ? t('window.profiles.keySaved') : ''}
        autoComplete="off"
        data-1p-ignore
        data-lpignore="true"
        error={errors.password}
        hint={isSentElsewhere ? t('window.profiles.passwordGoesTo', { server }) : undefined}
        onChange={(password) => edit({ password })}
      />
    </OptionalFields>
  );
}
