import type { Credentials } from '../session/auth-challenge.js';

/**
 * Where to connect to, as the server is told. It holds secrets (a token in the query of `app` and `tcUrl`, the stream's
 * name, credentials): what may be shown of it, `showAddress` gives. Get one from `parseRtmpUrl`.
 */
export interface RtmpAddress {
  readonly protocol: 'rtmp' | 'rtmps';
  /** A name in ASCII, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The path without the slash before it and without the stream's name, with its query. Empty where there is none. */
  readonly app: string;
  /** The stream key, with its query. Secret. Undefined when the URL has none. */
  readonly streamName?: string;
  /** What the server is told as the address it was reached by. */
  readonly tcUrl: string;
  /** The user name and the password in the URL. */
  readonly credentials?: Credentials;
}

/** What may be shown of an address. No address itself: what it leaves out, a server may need. */
export interface ShownAddress {
  readonly host: string;
  readonly port: number;
  /** Without its query. */
  readonly app: string;
  /** Without stream key, query, user name and password. */
  readonly url: string;
}

const defaultPorts = { rtmp: 1935, rtmps: 443 } as const;

export const defaultPort = (protocol: RtmpAddress['protocol']): number => defaultPorts[protocol];

/** The scheme, the host and the port as they stand in a URL; a port that goes without saying is left out. */
export function urlOrigin({
  protocol,
  host,
  port,
}: Pick<RtmpAddress, 'protocol' | 'host' | 'port'>): string {
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return `${protocol}://${shownHost}${port === defaultPort(protocol) ? '' : `:${port}`}`;
}

/** What may be shown of `address`. */
export function showAddress(address: RtmpAddress): ShownAddress {
  const { host, port } = address;
  const [app = ''] = address.app.split('?');
  return { host, port, app, url: `${urlOrigin(address)}/${app}` };
}
