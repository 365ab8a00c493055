import { mostDestinationGroups } from '@tallylight/contract';
import { FolderPlus, X } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import {
  areGroupsFull,
  isChosenGroup,
  usableGroups,
  withGroup,
} from '../../state/destination-groups.js';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { useTicked } from '../../control/use-targets.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/text-field.js';

/** With fewer profiles of their own nobody needs a name for several. */
const fewestProfiles = 2;

/** Ticks that are kept by a name. */
export function DestinationGroups() {
  const { t } = useMessages();
  const { profiles: store, settings, ticks } = useStudio();
  const profiles = useStore(store, (state) => state.profiles);
  const saved = useStore(settings, (state) => state.settings.destinationGroups);
  const ticked = useTicked();
  const [isNaming, setNaming] = useState(false);
  const groups = usableGroups(saved, profiles);
  const isWanted = profiles.filter(({ kind }) => kind === 'rtmp').length >= fewestProfiles;
  if (!isWanted && groups.length === 0) return undefined;
  const remove = (name: string): void =>
    settings
      .getState()
      .update({ destinationGroups: groups.filter((group) => group.name !== name) });
  return (
    <div role="group" aria-label={t('window.destinations.groups')} className="space-y-2">
      <div className="flex flex-wrap items-center gap-1.5">
        {groups.map((group) => {
          const isChosen = isChosenGroup(group, profiles, ticked);
          return (
            <span
              key={group.name}
              className={`flex min-w-0 items-center rounded-full border text-xs ${isChosen ? 'border-accent' : 'border-control-line'}`}
            >
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => ticks.set(group.profileIds)}
                className="min-w-0 rounded-full px-2.5 py-1 text-left wrap-anywhere"
              >
                {group.name}
              </button>
              {isChosen && (
                <button
                  type="button"
                  aria-label={t('window.destinations.deleteGroup', { name: group.name })}
                  title={t('window.destinations.deleteGroup', { name: group.name })}
                  onClick={() => remove(group.name)}
                  className="-ml-1 flex size-6 flex-none items-center justify-center text-muted hover:text-text"
                >
                  <X aria-hidden size={14} />
                </button>
              )}
            </span>
          );
        })}
        {!isNaming &&
          ticked.length > 0 &&
          !groups.some((g) => isChosenGroup(g, profiles, ticked)) && (
            <span className="ml-2">
              <Button kind="quiet" onClick={() => setNaming(true)}>
                <FolderPlus aria-hidden size={14} />
                {t('window.destinations.saveGroup')}
              </Button>
            </span>
          )}
      </div>
      {isNaming && <NewGroup onDone={() => setNaming(false)} />}
    </div>
  );
}

function NewGroup({ onDone }: { onDone: () => void }) {
  const { t } = useMessages();
  const { profiles: store, settings } = useStudio();
  const profiles = useStore(store, (state) => state.profiles);
  const saved = useStore(settings, (state) => state.settings.destinationGroups);
  const ticked = useTicked();
  const [typed, setTyped] = useState('');
  const name = typed.trim();
  const groups = usableGroups(saved, profiles);
  const isFull = areGroupsFull(groups, name);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name === '' || isFull) return;
    settings.getState().update({ destinationGroups: withGroup(groups, name, ticked) });
    onDone();
  };
  return (
    <form onSubmit={submit} autoComplete="off" className="space-y-2">
      <TextField
        // Whoever asked for it types next.
        autoFocus
        label={t('window.destinations.groupName')}
        value={typed}
        maxLength={60}
        error={
          isFull
            ? t('window.destinations.tooManyGroups', { count: mostDestinationGroups })
            : undefined
        }
        onChange={setTyped}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
      />
      <div className="flex gap-4">
        <Button type="submit" disabled={name === '' || isFull}>
          {t('window.destinations.save')}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          {t('window.destinations.cancel')}
        </Button>
      </div>
    </form>
  );
}
