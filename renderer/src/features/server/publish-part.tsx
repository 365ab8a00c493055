import type { ServerSettings } from '@tallylight/contract';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { publishAddresses, type PublishAddresses } from '../../state/server-addresses.js';
import { CopyValue } from './copy-value.js';
import { NewKeyButton } from './new-key-button.js';
import { hidden, Part } from './part.js';

export interface PublishPartProps {
  readonly host: string;
  readonly settings: ServerSettings;
  readonly locked: string | undefined;
}

/** What to type into programs that publish. */
export function PublishPart({ host, settings, locked }: PublishPartProps) {
  const { t } = useMessages();
  const { keys, fetchKeys } = useStore(useStudio().server);
  const isSecret = settings.isPublic;
  const shown = publishAddresses(
    host,
    settings,
    isSecret ? (keys?.publishKey ?? hidden) : undefined,
  );
  const whole = (field: keyof PublishAddresses) => async (): Promise<string | undefined> => {
    if (!isSecret) return shown[field];
    const fetched = await fetchKeys();
    return fetched && publishAddresses(host, settings, fetched.publishKey)[field];
  };
  return (
    <>
      <Part title={t('window.server.publish')}>
        <p className="text-xs text-muted">{t('window.server.publishHow')}</p>
        <CopyValue
          label={t('window.server.obsServer')}
          value={shown.obsServer}
          whole={whole('obsServer')}
        />
        <CopyValue
          label={t('window.server.obsKey')}
          value={shown.obsKey}
          whole={whole('obsKey')}
          isSecret={isSecret}
        />
      </Part>
      {settings.isPublic && (
        <Part title={t('window.server.publishPhone')}>
          <CopyValue
            label={t('window.server.larixUrl')}
            value={shown.url}
            whole={whole('url')}
            isSecret
          />
          <NewKeyButton of="publishKey" locked={locked} />
        </Part>
      )}
    </>
  );
}
