import type { ServerSettings } from '@tallylight/contract';
import { useId } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { publishAddresses, type PublishAddresses } from '../../state/server-addresses.js';
import { CheckField } from '../../ui/check-field.js';
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
  const { keys, fetchKeys, update } = useStore(useStudio().server);
  const whyId = useId();
  const isSecret = settings.isPublic;
  const shown = publishAddresses(
    host,
    settings,
    isSecret ? (keys?.publishKey ?? hidden) : undefined,
  );
  const whole =
    (valueOf: (addresses: PublishAddresses) => string | undefined) =>
    async (): Promise<string | undefined> => {
      if (!isSecret) return valueOf(shown);
      const fetched = await fetchKeys();
      return fetched && valueOf(publishAddresses(host, settings, fetched.publishKey));
    };
  const { login } = shown;
  return (
    <>
      <Part title={t('window.server.publish')}>
        <p className="text-xs text-muted">{t('window.server.publishHow')}</p>
        <CopyValue
          label={t('window.server.obsServer')}
          value={shown.obsServer}
          whole={whole(({ obsServer }) => obsServer)}
        />
        <CopyValue
          label={t('window.server.obsKey')}
          value={shown.obsKey}
          whole={whole(({ obsKey }) => obsKey)}
          isSecret={isSecret && !login}
        />
        {login && (
          <>
            <p className="text-xs text-muted">{t('window.server.loginHow')}</p>
            <CopyValue
              label={t('window.server.user')}
              value={login.user}
              whole={() => Promise.resolve(login.user)}
            />
            <CopyValue
              label={t('window.server.password')}
              value={login.password}
              whole={whole((addresses) => addresses.login?.password)}
              isSecret
            />
          </>
        )}
      </Part>
      {settings.isPublic && (
        <Part title={t('window.server.publishPhone')}>
          <CopyValue
            label={t('window.server.larixUrl')}
            value={shown.url}
            whole={whole(({ url }) => url)}
            isSecret
          />
          <CheckField
            label={t('window.server.wantsPublishAuth')}
            checked={settings.wantsPublishAuth}
            locked={locked}
            describedBy={whyId}
            onChange={(wantsPublishAuth) => void update({ wantsPublishAuth })}
          />
          <p id={whyId} className="pl-6 text-xs text-muted">
            {t('window.server.wantsPublishAuthWhy')}
          </p>
          <NewKeyButton of="publishKey" locked={locked} />
        </Part>
      )}
    </>
  );
}
