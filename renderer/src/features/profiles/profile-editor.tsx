import type { Profile } from '@tallylight/contract';
import { useEffect, useRef, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { ProfileDraft } from '../../state/profiles-store.js';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/text-field.js';
import { KeyField } from './key-field.js';

export interface ProfileEditorProps {
  /** Absent for a new one. */
  readonly profile: Profile | undefined;
  /** Absent while the profile cannot be edited. */
  readonly draft: ProfileDraft | undefined;
  readonly locked: string | undefined;
}

export function ProfileEditor({ profile, draft, locked }: ProfileEditorProps) {
  const { t, protection } = useMessages();
  const { profiles, alerts, system } = useStudio();
  const { edit, save, remove, saving } = useStore(profiles);
  const problem = useStore(
    alerts,
    (state) => state.alerts.find(({ topic }) => topic === 'profile')?.error.code,
  );
  const nameInput = useRef<HTMLInputElement>(null);
  const isNew = draft !== undefined && profile === undefined;
  useEffect(() => {
    if (isNew) nameInput.current?.focus();
  }, [isNew]);

  const readOnly = draft === undefined;
  const reason = locked ?? (readOnly ? t('window.profiles.readOnly') : undefined);
  const field = { readOnly, disabled: locked !== undefined, title: reason };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" className="space-y-2">
      <TextField
        {...field}
        label={t('window.profiles.name')}
        inputRef={nameInput}
        value={draft?.name ?? profile?.name ?? ''}
        placeholder={t('window.profiles.nameExample')}
        maxLength={80}
        aria-invalid={problem === 'PROFILE_NAME_TAKEN' || undefined}
        onChange={(name) => edit({ name })}
      />
      <TextField
        {...field}
        label={t('window.profiles.url')}
        type="text"
        inputMode="url"
        spellCheck={false}
        value={draft?.serverUrl ?? profile?.serverUrl ?? ''}
        placeholder={t('window.profiles.urlExample')}
        maxLength={2048}
        aria-invalid={problem === 'INVALID_URL' || undefined}
        onChange={(serverUrl) => edit({ serverUrl })}
      />
      <KeyField
        field={field}
        value={draft?.streamKey}
        saved={profile?.hasKey ?? false}
        reveal={() => profiles.getState().revealKey()}
        onChange={(streamKey) => edit({ streamKey })}
      />
      {system.secrets.type === 'key-file' && !readOnly && (
        <p className="text-xs text-muted">{protection(system.secrets)}</p>
      )}
      <div className="flex items-center gap-4 pt-1">
        <Button type="submit" disabled={reason !== undefined || saving} title={reason}>
          {t('window.profiles.save')}
        </Button>
        <Button
          kind="quiet"
          disabled={reason !== undefined || isNew}
          title={isNew ? t('window.profiles.notSavedYet') : reason}
          onClick={() => void remove()}
        >
          {t('window.profiles.remove')}
        </Button>
      </div>
    </form>
  );
}
