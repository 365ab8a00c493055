import { useMessages } from '../../control/studio-context.js';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { keyWarnings } from '@tallylight/contract';
import { sentences } from '../../state/sentences.js';
import { IconButton } from '../../ui/icon-button.js';
import { TextField } from '../../ui/text-field.js';

export interface KeyFieldProps {
  /** Absent for a new one. */
  readonly profileId: string | undefined;
  readonly error: string | undefined;
  /** Why it is not shown now, in a sentence. */
  readonly hidden: string | undefined;
  /** What was typed; absent while the saved key is untouched. */
  readonly value: string | undefined;
  readonly saved: boolean;
  /** What keys look like there; absent or empty where that is not known. */
  readonly example?: string | undefined;
  /** What people call where it goes. */
  readonly destination: string;
  /** The server that the saved key was not saved for, and would go to. */
  readonly otherServer: string | undefined;
  /** Fetches the saved key. */
  readonly reveal: () => Promise<string | undefined>;
  readonly onChange: (value: string) => void;
}

/** The stream key: hidden until somebody asks, and fetched only then. */
export function KeyField(props: KeyFieldProps) {
  const { profileId, error, value, saved, example, destination, reveal, onChange } = props;
  const { otherServer: server, hidden } = props;
  const isHidden = hidden !== undefined;
  const messages = useMessages();
  const { t } = messages;
  const [shown, setShown] = useState(false);
  const [savedKey, setSavedKey] = useState<string>();
  const typed = value !== undefined;
  const now = { profileId, typed, isHidden };
  const [was, setWas] = useState(now);
  if (typed !== was.typed || profileId !== was.profileId || isHidden !== was.isHidden) {
    setWas(now);
    // Saved, discarded, or another's, what was fetched before may no longer be the key; on air the screen may be seen.
    if (!typed || profileId !== was.profileId || isHidden) setShown(false);
    setSavedKey(undefined);
  }
  const toggle = async (): Promise<void> => {
    if (shown) {
      setSavedKey(undefined);
      setShown(false);
      return;
    }
    if (value === undefined && saved) setSavedKey(await reveal());
    setShown(true);
  };
  const isDeleted = saved && value?.trim() === '';
  const isSentElsewhere = saved && value === undefined && server !== undefined;
  const warnings = keyWarnings(value ?? '', destination).map((warning) => {
    const { message, remedy } = messages.error(warning);
    return sentences(messages, message, remedy);
  });
  const hint = isSentElsewhere
    ? t('window.profiles.keyGoesTo', { server })
    : sentences(messages, ...warnings) || undefined;
  const name = t(shown ? 'window.profiles.hideKey' : 'window.profiles.showKey');
  return (
    <TextField
      error={error}
      label={t('window.profiles.key')}
      type={shown ? 'text' : 'password'}
      value={value ?? savedKey ?? ''}
      placeholder={saved || !example ? t(placeholder(saved, isDeleted)) : example}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      data-1p-ignore
      data-lpignore="true"
      hint={isDeleted ? t('window.profiles.keyWillBeDeleted') : hint}
      onChange={onChange}
      trailing={
        <IconButton
          Icon={shown ? EyeOff : Eye}
          label={name}
          isPressed={shown}
          disabled={isHidden}
          why={hidden}
          onClick={() => void toggle()}
        />
      }
    />
  );
}

function placeholder(saved: boolean, isDeleted: boolean) {
  if (isDeleted) return 'window.profiles.keyDeleted';
  return saved ? 'window.profiles.keySaved' : 'window.profiles.keyExample';
}
