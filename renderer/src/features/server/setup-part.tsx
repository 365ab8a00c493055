import type { ServerProblem, ServerSettings } from '@tallylight/contract';
import { useState, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { TextField } from '../../ui/text-field.js';

export interface SetupPartProps {
  readonly settings: ServerSettings;
  readonly locked: string | undefined;
  readonly errorOf: (field: ServerProblem['field']) => string | undefined;
}

/** What most never change: open while something is wrong with it. */
export function SetupPart({ settings, locked, errorOf }: SetupPartProps) {
  const { t } = useMessages();
  const { update } = useStore(useStudio().server);
  const fields = ['rtmpPort', 'httpPort', 'recordTo'] as const;
  const isWrong = fields.some((field) => errorOf(field) !== undefined);
  const [wasOpened, setOpened] = useState(false);
  const port = (field: 'rtmpPort' | 'httpPort', other: 'rtmpPort' | 'httpPort') => (
    <CommittedField
      label={t(`window.server.${field}`)}
      value={String(settings[field])}
      locked={locked}
      inputMode="numeric"
      error={errorOf(field)}
      problemOf={(text) => {
        if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535)
          return t('window.server.notAPort');
        return Number(text) === settings[other] ? t('window.server.samePorts') : undefined;
      }}
      onCommit={(text) => void update({ [field]: Number(text) })}
    />
  );
  return (
    <details
      open={isWrong || wasOpened}
      onToggle={({ currentTarget }) => setOpened(currentTarget.open)}
      className="space-y-2"
    >
      <summary className="text-xs text-muted">{t('window.server.more')}</summary>
      <div className="grid grid-cols-2 gap-2">
        {port('rtmpPort', 'httpPort')}
        {port('httpPort', 'rtmpPort')}
      </div>
      <CommittedField
        label={t('window.server.recordTo')}
        value={settings.recordTo}
        locked={locked}
        placeholder={t('window.server.recordExample')}
        error={errorOf('recordTo')}
        problemOf={() => undefined}
        onCommit={(recordTo) => void update({ recordTo })}
      />
    </details>
  );
}

interface CommittedFieldProps {
  readonly label: string;
  readonly value: string;
  readonly locked: string | undefined;
  readonly inputMode?: 'numeric';
  readonly placeholder?: string;
  /** What the engine says of what it has, or was given last. */
  readonly error: string | undefined;
  /** Why it is not even given to the engine. */
  readonly problemOf: (text: string) => string | undefined;
  readonly onCommit: (text: string) => void;
}

/** Takes effect when it is left, or at Enter: every change makes the server listen anew. */
function CommittedField(props: CommittedFieldProps) {
  const { label, value, locked, inputMode, placeholder, error, problemOf, onCommit } = props;
  const [typed, setTyped] = useState<string>();
  const [was, setWas] = useState(value);
  if (value !== was) {
    setWas(value);
    setTyped(undefined);
  }
  const text = (typed ?? value).trim();
  const problem = typed === undefined ? undefined : problemOf(text);
  const commit = (): void => {
    if (text !== value && problem === undefined) onCommit(text);
    // What the engine does not take stays, with why; else it comes back as the value.
    if (text === value) setTyped(undefined);
  };
  return (
    <TextField
      label={label}
      value={typed ?? value}
      locked={locked !== undefined}
      title={locked}
      inputMode={inputMode}
      placeholder={placeholder}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      error={problem ?? error}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={({ key }: KeyboardEvent) => {
        if (key === 'Enter') commit();
      }}
    />
  );
}
