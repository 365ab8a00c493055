import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { isAddress, lacksApp, looksWhole } from '../../state/pasted-url.js';
import { completed, fieldsInUrl } from '../../state/profile-draft.js';
import { Button } from '../../ui/button.js';

/** What is worth a word of a URL that can be saved as it is. */
export function UrlHint() {
  const { t } = useMessages();
  const state = useStore(useStudio().profiles);
  const { draft, pasted, presetId, joinUrl, splitUrl } = state;
  if (!draft) return undefined;
  const asSaved = completed(draft, presetId);
  if (asSaved !== draft && isAddress(asSaved.serverUrl)) {
    const { serverUrl: url = asSaved.serverUrl, streamKey } = fieldsInUrl(asSaved, state) ?? {};
    return (
      <Hint
        text={t(streamKey ? 'window.profiles.urlAndKeyToSave' : 'window.profiles.urlToSave', {
          url,
        })}
      />
    );
  }
  if (pasted !== undefined) {
    const { serverUrl } = pasted.before;
    // In the field of the key it was a whole address: what stood in this field before is gone.
    const isReplaced = pasted.field === 'streamKey' && serverUrl !== '';
    return isReplaced && serverUrl !== draft.serverUrl ? (
      <Hint
        text={t('window.profiles.urlReplaced')}
        action={t('window.profiles.putUrlBack')}
        onAction={joinUrl}
      />
    ) : (
      <Hint
        text={t('window.profiles.urlTaken')}
        action={t('window.profiles.keepInUrl')}
        onAction={joinUrl}
      />
    );
  }
  if (looksWhole(draft.serverUrl)) {
    return (
      <Hint
        text={t('window.profiles.keyInUrl')}
        action={t('window.profiles.useAsKey')}
        onAction={splitUrl}
      />
    );
  }
  if (fieldsInUrl(draft, state)?.streamKey) {
    return (
      <Hint
        text={t('window.profiles.urlWillBeTaken')}
        action={t('window.profiles.useAsKey')}
        onAction={splitUrl}
      />
    );
  }
  return lacksApp(draft.serverUrl) ? <Hint text={t('window.profiles.noApp')} /> : undefined;
}

interface HintProps {
  readonly text: string;
  readonly action?: string;
  readonly onAction?: () => void;
}

const Hint = ({ text, action, onAction }: HintProps) => (
  <div aria-live="polite" className="text-xs text-muted">
    {text}{' '}
    {action !== undefined && (
      <Button kind="link" onClick={onAction}>
        {action}
      </Button>
    )}
  </div>
);
