import { Pencil } from 'lucide-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import type { DestinationAction } from '../../state/destination-actions.js';
import type { DestinationRow } from '../../state/destination-rows.js';
import { lacksApp, looksWhole } from '../../state/pasted-url.js';
import { profileName } from '../../state/profile-text.js';
import { serviceNotes } from '../../state/service-notes.js';
import { isRunning } from '../../state/stage.js';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { useDestinationCommand } from '../../control/use-destination-command.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/check-field.js';
import { IconButton } from '../../ui/icon-button.js';
import { StatusMark } from '../../ui/status-mark.js';
import { outputTones } from '../../state/output-tones.js';

export interface DestinationItemProps {
  readonly row: DestinationRow;
  /** Of the editor, while it holds this profile. */
  readonly editorId: string | undefined;
}

/** A profile with its tick; on air how it does, and what begins or ends it alone. */
export function DestinationItem({ row, editorId }: DestinationItemProps) {
  const { profile, isTicked } = row;
  const messages = useMessages();
  const { t } = messages;
  const { check, profiles, settings: settingsStore, ticks } = useStudio();
  const settings = useStore(settingsStore, (state) => state.settings);
  const stateId = useId();
  const nameId = useId();
  const name = profileName(profile, messages);
  const isOnAir = isRunning(useStage());
  const hint = isOnAir ? undefined : hintOf(row);
  const isMeant = isTicked && !isOnAir && profile.kind === 'rtmp';
  const notes = isMeant ? serviceNotes(profile, settings).map(messages.error) : [];
  const isNoted = hint !== undefined || notes.length > 0;
  return (
    <li className="py-1">
      <div className="flex items-start justify-between gap-2">
        <CheckField
          isName
          label={name}
          checked={isTicked}
          describedBy={isOnAir || isNoted ? stateId : undefined}
          onChange={(checked) => (checked ? ticks.add(profile.id) : ticks.remove(profile.id))}
        />
        <div
          // A quiet button reaches beyond its place: without another one behind it that would be beyond the row, too.
          className={`-my-0.5 flex flex-none items-center gap-1 ${profile.kind === 'rtmp' ? '' : 'pr-2'}`}
        >
          <Button
            kind="quiet"
            aria-describedby={nameId}
            onClick={() => check.getState().open(name, { id: profile.id })}
          >
            {t('window.check.check')}
          </Button>
          <span id={nameId} hidden>
            {name}
          </span>
          {profile.kind === 'rtmp' && (
            <IconButton
              Icon={Pencil}
              label={t('window.destinations.edit', { name })}
              controls={editorId}
              isExpanded={editorId !== undefined}
              onClick={() => void profiles.getState().open(profile.id)}
            />
          )}
        </div>
      </div>
      {isOnAir && <OnAir row={row} stateId={stateId} />}
      {isNoted && (
        <div id={stateId} className="space-y-1 pb-1 pl-6 text-xs text-muted">
          {hint && <p>{t(`window.destinations.${hint}`)}</p>}
          {notes.map(({ message, remedy }) => (
            <p key={message} title={remedy} className="flex gap-1.5 text-warn">
              <StatusMark tone="fair" size={14} />
              {message}
            </p>
          ))}
        </div>
      )}
    </li>
  );
}

/** What may be wrong with what is saved of one that Go Live takes. */
function hintOf({ profile, isTicked }: DestinationRow) {
  if (!isTicked || profile.kind === 'built-in') return undefined;
  if (looksWhole(profile.serverUrl)) return 'keyInUrl';
  if (lacksApp(profile.serverUrl)) return 'noApp';
  const isKnown = profile.serverUrl.includes('?') || profile.user !== undefined;
  return profile.hasKey || isKnown ? undefined : 'noKey';
}

/** How it does, what becomes of a tick that says otherwise, and the button that does that now. */
function OnAir({ row, stateId }: { row: DestinationRow; stateId: string }) {
  const { output, action, difference } = row;
  const { t } = useMessages();
  const tone = output && outputTones[output.state];
  return (
    <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-3 gap-y-1 pr-2 pb-1 pl-6">
      <div id={stateId} className="min-w-0 flex-[1_1_140px] text-xs">
        <p className="flex items-center gap-1.5 text-muted">
          {tone && <StatusMark tone={tone} size={14} />}
          {output ? t(`window.progress.states.${output.state}`) : t('window.destinations.notOnAir')}
        </p>
        {difference && <p>{t(`window.destinations.differences.${difference}`)}</p>}
      </div>
      {action && <RowCommand row={row} action={action} stateId={stateId} />}
    </div>
  );
}

interface RowCommandProps {
  readonly row: DestinationRow;
  readonly action: DestinationAction;
  readonly stateId: string;
}

function RowCommand({ row, action, stateId }: RowCommandProps) {
  const { profile, difference } = row;
  const messages = useMessages();
  const name = profileName(profile, messages);
  const { label, fullLabel, isBusy, run } = useDestinationCommand(profile.id, name, action);
  if (difference && action === 'start') {
    return (
      <Button aria-describedby={stateId} disabled={isBusy} onClick={run}>
        {messages.t('window.destinations.addNow')}
      </Button>
    );
  }
  return (
    <Button
      // Where the tick asks for it, it is what is looked for.
      kind={difference ? 'plain' : 'quiet'}
      aria-label={fullLabel}
      disabled={isBusy}
      onClick={run}
    >
      {label}
    </Button>
  );
}
