import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { RtmpError } from '../session/rtmp-error.js';

/** Where an RTMP URL leads. Get one from `parseRtmpUrl`. */
export interface RtmpAddress {
  readonly protocol: 'rtmp' | 'rtmps';
  /** A name in ASCII, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The path without the slash before it, and without the stream key. */
  readonly app: string;
  /** The stream key: the last segment of the path and the query. Secret. Undefined when the URL has none. */
  readonly streamName?: string;
  /** What the server is told as the address it was reached by. */
  readonly tcUrl: string;
  /** The URL without the stream key and any query; safe to show. */
  readonly serverUrl: string;
}

const defaultPorts = { rtmp: 1935, rtmps: 443 } as const;
const pattern = /^(rtmps?):\/\/(\[[^\]/]+\]|[^\s/:?#@[\]]+)(?::(\d{1,5}))?(\/\S*)?$/i;

/**
 * Reads an RTMP URL. With `withKey`, the last segment of the path is the stream key; without, the whole path is the
 * application's name, and a key comes from elsewhere.
 *
 * @throws RtmpError 'invalid-url', 'unsupported' for relatives of RTMP such as rtmpe. What is wrong is said without repeating any of the URL, since it may hold a key.
 */
export function parseRtmpUrl(
  url: string,
  options: { readonly withKey: boolean } = { withKey: false },
): RtmpAddress {
  const text = url.trim();
  const match = pattern.exec(text);
  if (match === null) throw explain(text);
  const [, scheme = '', hostText = '', portText, path = ''] = match;
  const protocol = scheme.toLowerCase() === 'rtmps' ? 'rtmps' : 'rtmp';
  const host = parseHost(hostText);
  const port = portText === undefined ? defaultPorts[protocol] : Number(portText);
  if (port < 1 || port > 65535) throw invalid('the port is not between 1 and 65535');

  // A fragment is not for the server to see; behind a key nobody means one.
  const { app, streamName } = splitPath(
    options.withKey ? path : path.replace(/#.*$/, ''),
    options.withKey,
  );
  const shownHost = isIPv6(host) ? `[${host}]` : host;
  const shownPort = port === defaultPorts[protocol] ? '' : `:${port}`;
  const tcUrl = `${protocol}://${shownHost}${shownPort}/${app}`;
  return {
    protocol,
    host,
    port,
    app,
    ...(streamName !== '' && { streamName }),
    tcUrl,
    serverUrl: tcUrl.replace(/\?.*$/, ''),
  };
}

const encrypted = 'RTMPE hides nothing from those who can read the network; use rtmps';
const tunnelled = 'RTMP through HTTP is not spoken here; use rtmps';
/** Relatives of RTMP. */
const unsupported = new Map([
  ['rtmpe', encrypted],
  ['rtmpt', tunnelled],
  ['rtmpte', encrypted],
  ['rtmpts', tunnelled],
  ['rtmfp', 'RTMFP is another protocol'],
]);

/**
 * Where a server sends us: an absolute or relative reference to its own address, as Enhanced RTMP v2 "Reconnect
 * Request" has it. The whole path is the application's name.
 *
 * @throws RtmpError 'invalid-url'; 'unsupported', also when the way there would be less protected than the way here.
 */
export function resolveTcUrl(reference: string, from: RtmpAddress): RtmpAddress {
  let href: string;
  try {
    ({ href } = new URL(reference.trim(), from.tcUrl));
  } catch {
    throw invalid('the server sends us to what is no address');
  }
  const address = parseRtmpUrl(href);
  if (from.protocol === 'rtmps' && address.protocol !== 'rtmps') {
    throw new RtmpError('unsupported', 'dns', 'the server sends us to an address without TLS');
  }
  return address;
}

function splitPath(path: string, withKey: boolean): { app: string; streamName: string } {
  const queryAt = path.indexOf('?');
  const query = queryAt < 0 ? '' : path.slice(queryAt);
  // A slash after the key must not make the key part of the application, which is shown.
  const name = (queryAt < 0 ? path : path.slice(0, queryAt)).replace(/^\/+|\/+$/g, '');
  const segments = name.split('/');
  // A single segment is an application whose key is missing.
  const key = withKey && segments.length > 1 ? (segments.pop() ?? '') : '';
  const app = segments.join('/').replace(/\/+$/, '');
  if (app === '') throw invalid('it has no application after the host');
  if (key === '') return { app: withKey ? app : app + query, streamName: '' };
  return { app, streamName: key + query };
}

function parseHost(text: string): string {
  if (text.startsWith('[')) {
    const address = text.slice(1, -1);
    if (!isIPv6(address)) throw invalid('the IPv6 address is malformed');
    return address;
  }
  const host = domainToASCII(text);
  if (host === '') throw invalid('the host name is malformed');
  return host;
}

function explain(text: string): RtmpError {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return invalid('it does not begin with rtmp:// or rtmps://');
  const why = unsupported.get(scheme);
  if (why !== undefined) return new RtmpError('unsupported', 'dns', why);
  if (scheme !== 'rtmp' && scheme !== 'rtmps') {
    return invalid(`"${scheme}" is neither rtmp nor rtmps`);
  }
  if (/^[^:]+:\/\/[^/]*@/.test(text)) {
    return invalid('it holds a user name, which is not supported here: give it as credentials');
  }
  return invalid('the host, the port or the path is malformed');
}

const invalid = (reason: string): RtmpError => new RtmpError('invalid-url', 'dns', reason);
