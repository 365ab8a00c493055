import { presetOf, type Profile, type ProfileField } from '@tallylight/contract';
import { Check } from 'lucide-react';
import { useEffect, useRef, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { otherServer } from '../../state/pasted-url.js';
import { sentences } from '../../state/sentences.js';
import { profileName, profileUrl } from '../../state/profile-text.js';
import type { ProfileDraft } from '../../state/profile-draft.js';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/text-field.js';
import { CredentialsFields } from './credentials-fields.js';
import { KeyField } from './key-field.js';
import { PresetField } from './preset-field.js';
import { UndoBar } from './undo-bar.js';
import { UrlHint } from './url-hint.js';
import { WatchAddressField } from './watch-address-field.js';

export interface ProfileEditorProps {
  /** Absent for a new one. */
  readonly profile: Profile | undefined;
  /** Absent while the profile cannot be edited. */
  readonly draft: ProfileDraft | undefined;
  readonly locked: string | undefined;
}

export function ProfileEditor({ profile, draft, locked }: ProfileEditorProps) {
  const messages = useMessages();
  const { t, protection } = messages;
  const { profiles, system } = useStudio();
  const { edit, pasteUrl, save, remove, saving, saved, problems, refusals, presetId } =
    useStore(profiles);
  const form = useRef<HTMLFormElement>(null);
  const removeButton = useRef<HTMLButtonElement>(null);
  const nameInput = useRef<HTMLInputElement>(null);
  const isNew = draft !== undefined && profile === undefined;
  useEffect(() => {
    if (isNew) nameInput.current?.focus();
  }, [isNew]);
  useEffect(() => {
    // What is wrong is read with its field, and can be mended at once.
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [refusals]);
  const errorOf = (field: ProfileField): string | undefined => {
    const error = problems.find((problem) => problem.field === field)?.error;
    if (!error) return undefined;
    const { message, remedy } = messages.error(error);
    return sentences(messages, message, remedy);
  };

  const preset = isNew ? presetOf(presetId) : undefined;
  const readOnly = draft === undefined;
  const name = draft?.name.trim() ?? '';
  const server = profile && draft && otherServer(draft.serverUrl, profile.serverUrl);
  const reason = locked ?? (readOnly ? t('window.profiles.readOnly') : undefined);
  const field = { readOnly, locked: locked !== undefined, title: reason };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (reason === undefined && !saving) void save();
  };
  return (
    <form ref={form} onSubmit={submit} noValidate autoComplete="off" className="space-y-2">
      {isNew && <PresetField locked={locked} />}
      <TextField
        {...field}
        label={t('window.profiles.name')}
        inputRef={nameInput}
        value={draft?.name ?? (profile ? profileName(profile, messages) : '')}
        placeholder={t('window.profiles.nameExample')}
        error={errorOf('name')}
        onChange={(name) => edit({ name })}
      />
      <TextField
        {...field}
        label={t('window.profiles.url')}
        type="text"
        inputMode="url"
        spellCheck={false}
        value={draft?.serverUrl ?? (profile ? profileUrl(profile, messages) : '')}
        placeholder={preset?.urlExample ?? t('window.profiles.urlExample')}
        error={errorOf('serverUrl')}
        onChange={(serverUrl) => edit({ serverUrl })}
        onPaste={(event) => {
          const { value, selectionStart, selectionEnd } = event.currentTarget;
          const isReplaced = selectionStart === 0 && selectionEnd === value.length;
          const text = event.clipboardData.getData('text');
          if (isReplaced && pasteUrl(text)) event.preventDefault();
        }}
      />
      <UrlHint />
      <KeyField
        profileId={profile?.id}
        field={{ ...field, error: errorOf('streamKey') }}
        value={draft?.streamKey}
        example={preset?.keyExample}
        saved={profile?.hasKey ?? false}
        destination={name === '' ? t('window.profiles.unsaved') : name}
        otherServer={server}
        reveal={() => profiles.getState().revealKey()}
        onChange={(streamKey) => edit({ streamKey })}
      />
      {draft && (
        <CredentialsFields
          key={preset?.login}
          {...{ profile, draft, field, errorOf }}
          isAskedFor={preset?.login === 'usual'}
          otherServer={server}
        />
      )}
      {draft && <WatchAddressField {...{ profile, draft, field, errorOf }} />}
      {system.secrets.type === 'key-file' && !readOnly && (
        <p className="text-xs text-muted">{protection(system.secrets)}</p>
      )}
      <div className="flex items-center gap-4 pt-1">
        <Button type="submit" disabled={reason !== undefined || saving} title={reason}>
          {t('window.profiles.save')}
        </Button>
        <Button
          kind="quiet"
          buttonRef={removeButton}
          disabled={reason !== undefined || isNew}
          title={isNew ? t('window.profiles.notSavedYet') : reason}
          onClick={() => void remove()}
        >
          {t('window.profiles.remove')}
        </Button>
        <span aria-live="polite" className="ml-auto">
          {saved && (
            <span className="flex items-center gap-1 text-ok">
              <Check aria-hidden size={15} />
              {t('window.profiles.saved')}
            </span>
          )}
        </span>
      </div>
      <UndoBar onUndone={() => removeButton.current?.focus()} />
    </form>
  );
}
