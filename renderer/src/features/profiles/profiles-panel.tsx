import { Plus, Undo2 } from 'lucide-react';
import { useStore } from 'zustand';
import { profileName } from '../../state/profile-text.js';
import { goesElsewhere } from '../../state/going-to.js';
import { isDirty } from '../../state/profile-draft.js';
import { chosenProfile } from '../../state/profiles-store.js';
import {
  useLockReason,
  useMessages,
  useSnapshot,
  useStage,
  useStudio,
} from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/section.js';
import { SelectField } from '../../ui/select-field.js';
import { ProfileEditor } from './profile-editor.js';

/** Stands for the draft of a new profile in the list. */
const unsavedId = '';

/** Where it goes. */
export function ProfilesPanel() {
  const messages = useMessages();
  const { t } = messages;
  const { profiles: store, settings } = useStudio();
  const { profiles, draft, select, startNew, discard } = useStore(store);
  const profileId = useStore(settings, (state) => state.settings.profileId);
  const locked = useLockReason();
  const chosen = chosenProfile(profiles, profileId);
  const isOther = goesElsewhere({
    stage: useStage(),
    snapshot: useSnapshot(),
    profile: chosen,
    draft,
  });
  const isNew = draft !== undefined && draft.id === undefined;
  const options = profiles.map((profile) => ({
    value: profile.id,
    label: profileName(profile, messages),
  }));
  return (
    <Section
      title={t(isOther ? 'window.profiles.titleNext' : 'window.profiles.title')}
      action={
        isDirty(draft, profiles) ? (
          <Button kind="quiet" onClick={discard} disabled={locked !== undefined}>
            <Undo2 aria-hidden size={14} />
            {t('window.profiles.discard')}
          </Button>
        ) : (
          <Button kind="quiet" onClick={startNew} disabled={locked !== undefined} title={locked}>
            <Plus aria-hidden size={14} />
            {t('window.profiles.add')}
          </Button>
        )
      }
    >
      <SelectField
        label={t('window.profiles.label')}
        value={isNew ? unsavedId : (chosen?.id ?? '')}
        options={
          isNew ? [{ value: unsavedId, label: t('window.profiles.unsaved') }, ...options] : options
        }
        locked={locked}
        onChange={(id) => {
          if (id !== unsavedId) void select(id);
        }}
      />
      <ProfileEditor profile={isNew ? undefined : chosen} draft={draft} locked={locked} />
    </Section>
  );
}
