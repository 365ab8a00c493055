import { destinationsOf, presetOf, shownExample, type ProfileField } from '@tallylight/contract';
import { Check, RotateCw, Undo2, X } from 'lucide-react';
import { useEffect, useId, useRef, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { otherServer } from '../../state/pasted-url.js';
import { sentences } from '../../state/sentences.js';
import { completed, fieldsInUrl, isDirty, type ProfileDraft } from '../../state/profile-draft.js';
import { isRunning } from '../../state/stage.js';
import { useMessages, useSnapshot, useStage, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/text-field.js';
import { CredentialsFields } from './credentials-fields.js';
import { KeyField } from './key-field.js';
import { PresetField } from './preset-field.js';
import { UrlHint } from './url-hint.js';
import { WatchAddressField } from './watch-address-field.js';

export interface ProfileEditorProps {
  readonly id: string;
  readonly draft: ProfileDraft;
}

/** The one editor, of a saved profile or of a new one. Also on air: what is on air stays as it was. */
export function ProfileEditor({ id, draft }: ProfileEditorProps) {
  const messages = useMessages();
  const { t, protection } = messages;
  const { check, profiles, system } = useStudio();
  const {
    profiles: list,
    saving,
    saved,
    problems,
    refusals,
    presetId,
    ...actions
  } = useStore(profiles);
  const { edit, pasteUrl, save, remove, discard, close } = actions;
  const profile = list.find((each) => each.id === draft.id);
  const headingId = useId();
  const form = useRef<HTMLFormElement>(null);
  const nameInput = useRef<HTMLInputElement>(null);
  const isNew = draft.id === undefined;
  const note = useNoteOnAir(draft.id);
  const isOnAir = isRunning(useStage());
  useEffect(() => {
    // A new one that was saved stays where it is, and so does the focus.
    if (profiles.getState().saved) return;
    form.current?.scrollIntoView({ block: 'nearest' });
    nameInput.current?.focus();
  }, [draft.id, profiles]);
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
  const name = draft.name.trim();
  const shownName = name === '' ? t('window.profiles.unsaved') : name;
  /** As it would be saved. */
  const placeOf = () => {
    const whole = completed(draft, presetId);
    const { serverUrl, streamKey, user, password } = {
      ...whole,
      ...fieldsInUrl(whole, profiles.getState()),
    };
    const service = isNew ? presetId : profile?.service;
    return {
      ...(draft.id !== undefined && { id: draft.id }),
      typed: {
        serverUrl,
        ...(streamKey !== undefined && { streamKey }),
        ...(user !== undefined && { user }),
        ...(password !== undefined && { password }),
        ...(service !== undefined && { service }),
      },
    };
  };
  const server = profile && otherServer(draft.serverUrl, profile.serverUrl);
  const whyKept = ((): string | undefined => {
    if (isNew) return t('window.profiles.notSavedYet');
    return note && t('window.destinations.notDeletedOnAir');
  })();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!saving) void save();
  };
  return (
    <form
      ref={form}
      id={id}
      aria-labelledby={headingId}
      onSubmit={submit}
      noValidate
      autoComplete="off"
      className="space-y-2 rounded-xl border border-control-line px-3 pt-2 pb-1"
    >
      <div className="flex min-h-7 items-center justify-between gap-4">
        <h3 id={headingId} className="min-w-0 font-semibold wrap-anywhere">
          {profile
            ? t('window.destinations.editing', { name: profile.name })
            : t('window.profiles.unsaved')}
        </h3>
        {profile && isDirty(draft, list) ? (
          <Button kind="quiet" onClick={discard}>
            <Undo2 aria-hidden size={14} />
            {t('window.profiles.discard')}
          </Button>
        ) : (
          <Button kind="quiet" onClick={() => void close()}>
            <X aria-hidden size={14} />
            {t('window.destinations.close')}
          </Button>
        )}
      </div>
      {note && <p className="text-xs text-muted">{t(`window.destinations.${note}`)}</p>}
      {isNew && <PresetField />}
      <TextField
        label={t('window.profiles.name')}
        inputRef={nameInput}
        value={draft.name}
        placeholder={t('window.profiles.nameExample')}
        error={errorOf('name')}
        onChange={(name) => edit({ name })}
      />
      <TextField
        label={t('window.profiles.url')}
        type="text"
        inputMode="url"
        spellCheck={false}
        value={draft.serverUrl}
        placeholder={messages.wording(shownExample(preset?.urlExample ?? 'rtmps://server/app'))}
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
        error={errorOf('streamKey')}
        hidden={isOnAir ? t('window.destinations.keyHiddenOnAir') : undefined}
        value={draft.streamKey}
        example={preset?.keyExample}
        saved={profile?.hasKey ?? false}
        destination={shownName}
        otherServer={server}
        reveal={() => profiles.getState().revealKey()}
        onChange={(streamKey) => edit({ streamKey })}
      />
      <CredentialsFields
        key={preset?.login}
        {...{ profile, draft, errorOf }}
        isAskedFor={preset?.login === 'usual'}
        otherServer={server}
      />
      <WatchAddressField {...{ profile, draft, errorOf }} />
      {system.secrets.type === 'key-file' && (
        <p className="text-xs text-muted">{protection(system.secrets, profile?.hasKey !== true)}</p>
      )}
      {draft.id !== undefined && (note === 'editedAway' || note === 'editedFailed') && (
        <RetryHere id={draft.id} isChanged={isDirty(draft, list)} />
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 pt-1">
        <Button type="submit" disabled={saving}>
          {t('window.profiles.save')}
        </Button>
        <Button kind="quiet" onClick={() => check.getState().open(shownName, placeOf())}>
          {t('window.check.check')}
        </Button>
        <Button
          kind="quiet"
          disabled={isNew || note !== undefined}
          title={whyKept}
          onClick={() => void remove()}
        >
          {t('window.profiles.remove')}
        </Button>
      </div>
      {/* In a place that is always there: beside the buttons there is none for it in every width and language. */}
      <div aria-live="polite" className="min-h-4 text-xs">
        {saved && (
          <span className="flex items-center gap-1 text-ok">
            <Check aria-hidden size={13} />
            {t('window.profiles.saved')}
          </span>
        )}
      </div>
    </form>
  );
}

/** Has it try again where it is put right, with what is put right. */
function RetryHere({ id, isChanged }: { id: string; isChanged: boolean }) {
  const { t } = useMessages();
  const { liveDestinations, profiles } = useStudio();
  const isAsked = useStore(liveDestinations.asked, (asked) => asked.has(id));
  const isSaving = useStore(profiles, (state) => state.saving);
  const retry = async (): Promise<void> => {
    if (isChanged && !(await profiles.getState().save())) return;
    await liveDestinations.retry(id);
  };
  return (
    <Button kind="primary" disabled={isAsked || isSaving} onClick={() => void retry()}>
      <RotateCw aria-hidden size={14} />
      {t(isChanged ? 'window.destinations.saveAndRetry' : 'window.destinations.retryHere')}
    </Button>
  );
}

/** What becomes of changes of a destination that the broadcast goes to. */
function useNoteOnAir(id: string | undefined) {
  const snapshot = useSnapshot();
  const isOnAir = isRunning(useStage());
  const output = destinationsOf(snapshot).find((each) => each.id === id);
  if (!isOnAir || !output || output.state === 'stopped' || output.isFinished) return undefined;
  if (output.state === 'failed') return 'editedFailed';
  return output.state === 'reconnecting' ? 'editedAway' : 'editedOnAir';
}
