import {
  builtInProfileId,
  streamChoiceOf,
  type ServerProblem,
  type ServerSnapshot,
} from '@tallylight/contract';
import { ChevronRight, FileCog, Lock, RotateCw } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useSnapshot, useStage, useStudio } from '../../control/studio-context.js';
import { sentences } from '../../state/sentences.js';
import { isRunning } from '../../state/stage.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/check-field.js';
import { StatusMark, type StatusTone } from '../../ui/status-mark.js';
import { AddressesPart } from './addresses-part.js';
import { Note, Part } from './part.js';
import { SetupPart } from './setup-part.js';
import { StreamsPart } from './streams-part.js';

const tones: Readonly<Record<ServerSnapshot['state'], StatusTone | undefined>> = {
  ...{ off: undefined, starting: 'busy', on: 'good', failed: 'poor' },
};

/** The built-in server: a line, until somebody opens it. */
export function ServerPanel() {
  const { t } = useMessages();
  const { snapshot, hideKeys } = useStore(useStudio().server);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const isGoneInto = useIsGoneInto();
  if (!snapshot) return undefined;
  const { settings, streams } = snapshot;
  // Not switched on, it runs for a broadcast that goes into it.
  const state = snapshot.state === 'off' && isGoneInto ? 'on' : snapshot.state;
  const tone = tones[state];
  const summary = ((): string => {
    if (state !== 'on') return t(`window.server.summary.${state}`);
    if (snapshot.state === 'off') return t('window.server.summary.broadcast');
    return t(settings.isPublic ? 'window.server.summary.public' : 'window.server.summary.local');
  })();
  return (
    <section aria-labelledby={id}>
      <details
        open={isOpen}
        onToggle={({ currentTarget: { open } }) => {
          setOpen(open);
          // Who opens it again may have somebody beside them.
          if (!open) hideKeys();
        }}
        className="group"
      >
        <summary className="flex min-h-6 list-none flex-wrap items-center gap-x-2 gap-y-0.5">
          <h2 id={id} className="text-[11px] font-semibold tracking-wider text-muted uppercase">
            {t('window.server.title')}
          </h2>
          <span className="ml-auto flex items-center gap-1.5 text-xs">
            {tone && <StatusMark tone={tone} size={14} />}
            {streams.length === 0
              ? summary
              : `${summary} · ${t('window.server.summary.streams', { count: streams.length })}`}
            <ChevronRight
              aria-hidden
              size={14}
              className="text-muted transition-transform group-open:rotate-90"
            />
          </span>
        </summary>
        {isOpen && <Opened snapshot={snapshot} />}
      </details>
    </section>
  );
}

function Opened({ snapshot }: { snapshot: ServerSnapshot }) {
  const messages = useMessages();
  const { t } = messages;
  const { refused, update, hideKeys } = useStore(useStudio().server);
  const isOnAir = isRunning(useStage());
  // The screen may be seen then.
  useEffect(() => {
    if (isOnAir) hideKeys();
  }, [isOnAir, hideKeys]);
  const locked = useServerLock();
  const whyId = useId();
  const { settings, state, problem } = snapshot;
  const errorOf = (field: ServerProblem['field']): string | undefined => {
    const found = [refused, problem].find((each) => each?.field === field);
    if (!found) return undefined;
    const { message, remedy } = messages.error(found.error);
    return sentences(messages, message, remedy);
  };
  const general = errorOf('isOn') ?? errorOf('publishKey') ?? errorOf('playKey');
  return (
    <div className="space-y-3.5 pt-2">
      {locked !== undefined && (
        <p className="flex items-start gap-1.5 text-xs text-muted">
          <Lock aria-hidden size={13} className="mt-px flex-none" />
          {locked}
        </p>
      )}
      <div>
        <CheckField
          label={t('window.server.isOn')}
          checked={settings.isOn}
          locked={locked}
          onChange={(isOn) => void update({ isOn })}
        />
        <CheckField
          label={t('window.server.isPublic')}
          checked={settings.isPublic}
          locked={locked}
          describedBy={whyId}
          onChange={(isPublic) => void update({ isPublic })}
        />
        <p id={whyId} className="pl-6 text-xs text-muted">
          {t('window.server.isPublicWhy')}
        </p>
        <div aria-live="polite">
          {general !== undefined && <Note tone="error">{general}</Note>}
          {state === 'failed' && (
            <div className="mt-1.5">
              <Button
                disabled={locked !== undefined}
                title={locked}
                onClick={() => void update({ isOn: true })}
              >
                <RotateCw aria-hidden size={14} />
                {t('window.server.tryAgain')}
              </Button>
            </div>
          )}
        </div>
      </div>
      {state === 'on' && <StreamsPart {...snapshot} />}
      {/* These two whatever the state: they keep what is open, chosen, typed and focused while the server starts anew. */}
      <AddressesPart {...{ snapshot, locked }} />
      <SetupPart {...{ settings, locked, errorOf }} />
      <OtherServersPart />
    </div>
  );
}

/** The way to servers that carry more. */
function OtherServersPart() {
  const { t } = useMessages();
  const { open } = useStore(useStudio().serverConfig);
  return (
    <Part title={t('window.serverConfig.heading')}>
      <p className="text-xs text-muted">{t('window.serverConfig.why')}</p>
      <Button onClick={open}>
        <FileCog aria-hidden size={14} />
        {t('window.serverConfig.open')}
      </Button>
    </Part>
  );
}

/** Why the server cannot be changed: what the broadcast goes into, or comes from, would be taken from it. */
function useServerLock(): string | undefined {
  const { t } = useMessages();
  const { capturedBy } = useSnapshot();
  const cameraId = useStore(useStudio().settings, ({ settings }) => settings.cameraId);
  const isOnAir = isRunning(useStage());
  if (useIsGoneInto()) return t('window.server.locked');
  if (!isOnAir) return undefined;
  const comesFromIt = capturedBy === 'stream' && streamChoiceOf(cameraId)?.from !== undefined;
  return comesFromIt ? t('window.server.lockedAsSource') : undefined;
}

/** Whether the broadcast goes into this server, which runs for it, whether it is switched on or not. */
function useIsGoneInto(): boolean {
  const { outputs } = useSnapshot();
  const isOnAir = isRunning(useStage());
  return (
    isOnAir &&
    outputs.some(
      ({ id, state }) => id === builtInProfileId && state !== 'failed' && state !== 'stopped',
    )
  );
}
