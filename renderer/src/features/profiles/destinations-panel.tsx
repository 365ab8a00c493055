import { Plus } from 'lucide-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { destinationRows } from '../../state/destination-rows.js';
import { useMessages, useSnapshot, useStage, useStudio } from '../../control/studio-context.js';
import { useTicked } from '../../control/use-targets.js';
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/section.js';
import { ProfileEditor } from './profile-editor.js';
import { TickNote } from './tick-note.js';
import { UndoBar } from './undo-bar.js';
import { DestinationGroups } from './destination-groups.js';
import { DestinationItem } from './destination-item.js';

/** Where it goes: what is ticked before, and how that does on air. */
export function DestinationsPanel() {
  const { t } = useMessages();
  const { liveDestinations, profiles: store } = useStudio();
  const { profiles, draft, startNew } = useStore(store);
  const editorId = useId();
  const rows = destinationRows({
    ...{ profiles, ticked: useTicked() },
    ...{ stage: useStage(), snapshot: useSnapshot(), asked: useStore(liveDestinations.asked) },
  });
  return (
    <Section
      isGroup
      title={t('window.destinations.title')}
      action={
        <Button kind="quiet" onClick={() => void startNew()}>
          <Plus aria-hidden size={14} />
          {t('window.profiles.add')}
        </Button>
      }
    >
      <ul className="divide-y divide-line rounded-xl border border-line bg-raised pr-1 pl-3">
        {rows.map((row) => (
          <DestinationItem
            key={row.profile.id}
            row={row}
            editorId={draft?.id === row.profile.id ? editorId : undefined}
          />
        ))}
      </ul>
      <TickNote />
      <DestinationGroups />
      {draft && <ProfileEditor id={editorId} draft={draft} />}
      <UndoBar
        onUndone={() => document.getElementById(editorId)?.querySelector('input')?.focus()}
      />
    </Section>
  );
}
