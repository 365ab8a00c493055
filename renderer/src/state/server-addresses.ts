import { defaultServerPorts, type ServerHost, type ServerSettings } from '@tallylight/contract';

const app = 'live';
/** Apart, so that OBS and a phone can publish at the same time. */
const names = { obs: 'obs', phone: 'phone' } as const;
const anybody = 'tallylight';

export interface PublishAddresses {
  /** The two fields of OBS. */
  readonly obsServer: string;
  readonly obsKey: string;
  /** What programs take that want it all in one. */
  readonly url: string;
  /** Present where the server asks publishers to authenticate; anybody's name is taken. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** What to type into programs that publish. @param key stands where the publish key does; absent: none is wanted. */
export function publishAddresses(
  host: string,
  { rtmpPort, wantsPublishAuth }: Pick<ServerSettings, 'rtmpPort' | 'wantsPublishAuth'>,
  key: string | undefined,
): PublishAddresses {
  const port = rtmpPort === defaultServerPorts.rtmpPort ? '' : `:${rtmpPort}`;
  const query = key === undefined ? '' : `?key=${key}`;
  const obsServer = `rtmp://${host}${port}/${app}`;
  if (key !== undefined && wantsPublishAuth) {
    const login = { user: anybody, password: key };
    // The server asks before it is told the stream's name, but not those who connect with the key.
    return { obsServer, obsKey: names.obs, url: `${obsServer}${query}/${names.phone}`, login };
  }
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
