import type { ServerSettings } from '@tallylight/contract';
import { QrCode as QrCodeIcon } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { formatMoment } from '../../state/time-format.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/check-field.js';
import { QrCode } from '../../ui/qr-code.js';
import { CopyValue } from './copy-value.js';
import { NewKeyButton } from './new-key-button.js';
import { hidden, Part } from './part.js';

export interface WatchPartProps {
  readonly host: string;
  readonly settings: ServerSettings;
  readonly locked: string | undefined;
  readonly hasCode: boolean;
  readonly onShowCode: (isShown: boolean) => void;
}

/** Where to watch, also for a phone, and who may. */
export function WatchPart(props: WatchPartProps) {
  const { host, settings, locked, hasCode, onShowCode } = props;
  const messages = useMessages();
  const { t } = messages;
  const { link, keys, openLink, fetchKeys, update } = useStore(useStudio().server);
  const { isPublic, wantsPlayKey, httpPort } = settings;
  useEffect(() => void openLink(host), [openLink, host, httpPort, isPublic, wantsPlayKey]);
  if (link?.host !== host) return undefined;
  const { url, until } = link;
  const isSigned = until !== undefined;
  return (
    <Part title={t('window.server.watch')}>
      <CopyValue
        label={t('window.server.page')}
        value={isSigned && !keys ? url.replace(/(?<=token=).*/, hidden) : url}
        whole={() => Promise.resolve(url)}
        isSecret={isSigned}
      />
      {isSigned && (
        <p className="text-xs text-muted">
          {t('window.server.expires', { time: formatMoment(until, messages) })}
        </p>
      )}
      {isPublic && (
        <>
          <Button aria-expanded={hasCode} onClick={() => onShowCode(!hasCode)}>
            <QrCodeIcon aria-hidden size={14} />
            {t(hasCode ? 'window.server.hideCode' : 'window.server.showCode')}
          </Button>
          {hasCode && (
            <div className="space-y-1">
              <QrCode text={url} label={t('window.server.code')} />
              <p className="text-center text-xs text-muted">{t('window.server.scan')}</p>
            </div>
          )}
          <CheckField
            label={t('window.server.wantsPlayKey')}
            checked={wantsPlayKey}
            locked={locked}
            onChange={(wanted) => void update({ wantsPlayKey: wanted })}
          />
        </>
      )}
      {isSigned && (
        <>
          <CopyValue
            label={t('window.server.playKey')}
            value={keys?.playKey ?? hidden}
            whole={async () => (await fetchKeys())?.playKey}
            isSecret
          />
          <NewKeyButton of="playKey" locked={locked} />
        </>
      )}
    </Part>
  );
}
