import type { ServerHost, ServerSnapshot } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { useState } from 'react';
import { useMessages } from '../../control/studio-context.js';
import { shownHost } from '../../state/server-addresses.js';
import { SelectField } from '../../ui/select-field.js';
import { Note } from './part.js';
import { PublishPart } from './publish-part.js';
import { WatchPart } from './watch-part.js';

export interface AddressesPartProps {
  readonly snapshot: ServerSnapshot;
  readonly locked: string | undefined;
}

/** Where the server is reached, and what is to be typed for that. */
export function AddressesPart({
  snapshot: { state, hosts, settings },
  locked,
}: AddressesPartProps) {
  const messages = useMessages();
  const { t } = messages;
  const [chosen, setChosen] = useState<string>();
  const [hasCode, setHasCode] = useState(false);
  const shown = shownHost(hosts, chosen);
  if (!shown || state !== 'on') return undefined;
  const { host } = shown;
  const isGone = chosen !== undefined && chosen !== host;
  const isAlone = hosts.every(({ reach }) => reach === 'this-machine');
  return (
    <>
      {settings.isPublic && (
        <div className="space-y-1">
          <SelectField
            label={t('window.server.address')}
            value={host}
            options={hosts.map((each) => option(each, messages))}
            onChange={setChosen}
          />
          <div aria-live="polite">
            {isGone && (
              <Note tone="warning">{t('window.server.addressGone', { host: chosen })}</Note>
            )}
            {isAlone && <Note tone="warning">{t('window.server.noNetwork')}</Note>}
          </div>
          {!isAlone && <p className="text-xs text-muted">{t('window.server.notReached')}</p>}
        </div>
      )}
      <PublishPart {...{ host, settings, locked }} />
      <WatchPart {...{ host, settings, locked, hasCode }} onShowCode={setHasCode} />
    </>
  );
}

const option = ({ host, network, reach }: ServerHost, { t }: WindowMessages) => ({
  value: host,
  label:
    reach === 'this-machine'
      ? t('window.server.thisComputer', { host })
      : t('window.server.addressOf', { host, network }),
  ...(reach === 'virtual' && { group: t('window.server.virtual') }),
});
