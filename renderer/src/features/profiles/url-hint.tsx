import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { looksWhole } from '../../state/pasted-url.js';
import { Button } from '../../ui/button.js';

/** Says that a pasted URL was told apart, or asks about one that looks as if a stream key were in it. */
export function UrlHint() {
  const { t } = useMessages();
  const { draft, pasted, joinUrl, splitUrl } = useStore(useStudio().profiles);
  if (!draft) return undefined;
  if (pasted !== undefined) {
    return (
      <div aria-live="polite" className="text-xs text-muted">
        {t('window.profiles.urlTaken')}{' '}
        <Button kind="quiet" onClick={joinUrl}>
          {t('window.profiles.keepInUrl')}
        </Button>
      </div>
    );
  }
  if (!looksWhole(draft.serverUrl)) return undefined;
  return (
    <div aria-live="polite" className="text-xs text-muted">
      {t('window.profiles.keyInUrl')}{' '}
      <Button kind="quiet" onClick={splitUrl}>
        {t('window.profiles.useAsKey')}
      </Button>
    </div>
  );
}
