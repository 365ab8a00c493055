import { defaultServerPorts, type ServerHost, type ServerSettings } from '@tallylight/contract';

const app = 'live';
/** Apart, so that OBS and a phone can publish at the same time. */
const names = { obs: 'obs', phone: 'phone' } as const;

export interface PublishAddresses {
  /** The two fields of OBS. */
  readonly obsServer: string;
  readonly obsKey: string;
  /** What programs take that want it all in one. */
  readonly url: string;
}

/** What to type into programs that publish. @param key stands where the publish key does; absent: none is wanted. */
export function publishAddresses(
  host: string,
  { rtmpPort }: Pick<ServerSettings, 'rtmpPort'>,
  key: string | undefined,
): PublishAddresses {
  const port = rtmpPort === defaultServerPorts.rtmpPort ? '' : `:${rtmpPort}`;
  const query = key === undefined ? '' : `?key=${key}`;
  const obsServer = `rtmp://${host}${port}/${app}`;
  return {
    obsServer,
    obsKey: `${names.obs}${query}`,
    url: `${obsServer}/${names.phone}${query}`,
  };
}

/** The address that is shown: the chosen one, while it is there, else that which most probably helps. */
export const shownHost = (
  hosts: readonly ServerHost[],
  chosen: string | undefined,
): ServerHost | undefined => hosts.find(({ host }) => host === chosen) ?? hosts[0];
