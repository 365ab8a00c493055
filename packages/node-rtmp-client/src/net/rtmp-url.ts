import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { RtmpError } from '../session/rtmp-error.js';

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
  /** The URL without the stream key; safe to show. */
  readonly serverUrl: string;
}

const defaultPorts = { rtmp: 1935, rtmps: 443 } as const;
const pattern = /^(rtmps?):\/\/(\[[^\]/]+\]|[^\s/:?#@[\]]+)(?::(\d{1,5}))?(\/\S*)?$/i;

/**
 * Reads an RTMP URL. With `withKey`, the last segment of the path is the stream key; without, the whole path is the
 * application's name, and a key comes from elsewhere.
 *
 * @throws RtmpError 'invalid-url'. What is wrong is said without repeating any of the URL, since it may hold a key.
 */
export function parseRtmpUrl(
  url: string,
  options: { readonly withKey: boolean } = { withKey: false },
): RtmpAddress {
  const text = url.trim();
  const match = pattern.exec(text);
  if (match === null) throw invalid(explain(text));
  const [, scheme = '', hostText = '', portText, path = ''] = match;
  const protocol = scheme.toLowerCase() === 'rtmps' ? 'rtmps' : 'rtmp';
  const host = parseHost(hostText);
  const port = portText === undefined ? defaultPorts[protocol] : Number(portText);
  if (port < 1 || port > 65535) throw invalid('the port is not between 1 and 65535');

  const { app, streamName } = splitPath(path, options.withKey);
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
    serverUrl: tcUrl,
  };
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

function explain(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'it does not begin with rtmp:// or rtmps://';
  if (scheme !== 'rtmp' && scheme !== 'rtmps') return `"${scheme}" is neither rtmp nor rtmps`;
  if (/^[^:]+:\/\/[^/]*@/.test(text)) return 'it holds a user name, which is not supported';
  return 'the host, the port or the path is malformed';
}

const invalid = (reason: string): RtmpError => new RtmpError('invalid-url', 'dns', reason);
