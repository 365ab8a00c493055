import { recordingName, type RecordingsSnapshot, type Settings } from '@tallylight/contract';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { useTargets } from '../../control/use-targets.js';
import {
  parseSplit,
  replayBytes,
  replayChoices,
  splitChoices,
  splitValue,
} from '../../state/recording-choices.js';
import { formatBytes } from '../../state/number-format.js';
import { sentences } from '../../state/sentences.js';
import { targetName } from '../../state/targets.js';
import { SelectField } from '../../ui/select-field.js';
import { TextField } from '../../ui/text-field.js';
import { MakeFolderButton } from './make-folder-button.js';

/** What holds from the next recording, and the next start, on. */
export function RecordingFields({ snapshot }: { readonly snapshot: RecordingsSnapshot }) {
  const messages = useMessages();
  const { t } = messages;
  const { settings: store } = useStudio();
  const { settings, update } = useStore(store);
  const { ownFolder, problem } = snapshot;
  const told = problem && messages.error(problem);
  return (
    <div className="space-y-2">
      <KeptField
        label={t('window.recording.folder')}
        saved={settings.recordingFolder === '' ? ownFolder : settings.recordingFolder}
        error={told && sentences(messages, told.message, told.remedy)}
        onKeep={(folder) => update({ recordingFolder: folder === ownFolder ? '' : folder })}
      />
      <MakeFolderButton problem={problem} />
      <div>
        <KeptField
          label={t('window.recording.pattern')}
          saved={settings.recordingPattern}
          onKeep={(recordingPattern) => {
            if (recordingPattern !== '') update({ recordingPattern });
          }}
        />
        <p className="mt-1 text-xs wrap-anywhere text-muted">
          {sentences(
            messages,
            t('window.recording.patternHint'),
            t('window.recording.example', { name: useExample(settings) }),
          )}
        </p>
      </div>
      <div className="grid grid-cols-2 gap-2">
        <SelectField
          label={t('window.recording.format')}
          value={settings.recordingFormat}
          options={[
            { value: 'mp4', label: t('window.recording.mp4') },
            { value: 'flv', label: t('window.recording.flv') },
          ]}
          onChange={(value) => update({ recordingFormat: value === 'flv' ? 'flv' : 'mp4' })}
        />
        <SelectField
          label={t('window.recording.split')}
          value={splitValue(settings.recordingSplit)}
          options={splitChoices(settings.recordingSplit, messages)}
          onChange={(value) => update({ recordingSplit: parseSplit(value) })}
        />
      </div>
      <div>
        <SelectField
          label={t('window.recording.replay')}
          value={String(settings.replaySeconds)}
          options={replayChoices(settings.replaySeconds, messages)}
          onChange={(value) => update({ replaySeconds: Number(value) })}
        />
        {settings.replaySeconds > 0 && (
          <p className="mt-1 text-xs text-muted">
            {t('window.recording.replayMemory', {
              size: formatBytes(replayBytes(settings), messages),
            })}
          </p>
        )}
      </div>
    </div>
  );
}

/** What a recording that begins now would be called. */
function useExample({ recordingPattern, recordingFormat }: Settings): string {
  const messages = useMessages();
  const [first] = useTargets();
  const destination = first ? targetName(first, messages) : '';
  const [at] = useState(() => new Date());
  const name = recordingName({ pattern: recordingPattern, at, destination, n: 1 });
  return `${name}.${recordingFormat}`;
}

interface KeptFieldProps {
  readonly label: string;
  readonly saved: string;
  readonly error?: string | undefined;
  /** Told when somebody has finished typing something else. */
  readonly onKeep: (value: string) => void;
}

function KeptField({ label, saved, error, onKeep }: KeptFieldProps) {
  const [typed, setTyped] = useState<string>();
  const keep = (): void => {
    const value = typed?.trim();
    setTyped(undefined);
    if (value !== undefined && value !== saved) onKeep(value);
  };
  return (
    <TextField
      {...{ label, error }}
      value={typed ?? saved}
      spellCheck={false}
      autoComplete="off"
      onChange={setTyped}
      onBlur={keep}
      onKeyDown={({ key }) => {
        if (key === 'Enter') keep();
        if (key === 'Escape') setTyped(undefined);
      }}
    />
  );
}
