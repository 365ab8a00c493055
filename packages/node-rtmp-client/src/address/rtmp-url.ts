import { RtmpError } from '../session/rtmp-error.js';
import type { Credentials } from '../session/auth-challenge.js';
import { defaultPort, urlOrigin, type RtmpAddress } from './rtmp-address.js';
import { splitPath, type SplitPath } from './split-path.js';

/** What is wrong with a URL: `problem` in the data of an 'invalid-url' or 'unsupported' error. */
export type RtmpUrlProblem =
  | 'no-scheme'
  | 'other-scheme'
  | 'no-host'
  | 'host-malformed'
  | 'ipv6-malformed'
  | 'ipv6-without-brackets'
  | 'port-malformed'
  | 'character'
  | 'rtmpe'
  | 'rtmpt'
  | 'rtmfp';

const problems: Record<RtmpUrlProblem, string> = {
  'no-scheme': 'it does not begin with rtmp:// or rtmps://',
  'other-scheme': 'its scheme is neither rtmp nor rtmps',
  'no-host': 'it has no host after the scheme',
  'host-malformed': 'the host name is malformed',
  'ipv6-malformed': 'the IPv6 address is malformed',
  'ipv6-without-brackets': 'an IPv6 address stands in brackets',
  'port-malformed': 'the port is not between 1 and 65535',
  character: 'it holds a character that no address has',
  rtmpe: 'RTMPE hides nothing from those who can read the network; use rtmps',
  rtmpt: 'RTMP through HTTP is not spoken here; use rtmps',
  rtmfp: 'RTMFP is another protocol',
};

/** Relatives of RTMP. */
const unsupported = new Map<string, RtmpUrlProblem>([
  ...([
    ['rtmpe', 'rtmpe'],
    ['rtmpte', 'rtmpe'],
  ] as const),
  ...([
    ['rtmpt', 'rtmpt'],
    ['rtmpts', 'rtmpt'],
  ] as const),
  ['rtmfp', 'rtmfp'],
]);

/** What stands around what was copied, and what nobody sees in it. */
const around = /^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu;
const forbidden = /[\s\p{Cc}\p{Cf}]/u;

/**
 * Reads an RTMP URL. With `withKey`, the stream key is in it, and the likeliest of {@link readRtmpUrl} is taken; without,
 * the whole path is the application's name, and a key comes from elsewhere.
 *
 * @throws RtmpError 'invalid-url', 'unsupported' for relatives of RTMP such as rtmpe; `problem` in its data says what is
 *   wrong, without repeating any of the URL, since it may hold a key.
 */
export function parseRtmpUrl(
  url: string,
  options: { readonly withKey: boolean } = { withKey: false },
): RtmpAddress {
  if (options.withKey) return readRtmpUrl(url)[0];
  const { path, ...place } = parseParts(url);
  // A fragment is not for the server to see; behind a key nobody means one.
  const [name = '', ...query] = path.replace(/#.*$/, '').split('?');
  const app = [name.replace(/^\/+|\/+$/g, ''), ...query].join('?');
  return addressOf(place, { app, streamName: '' });
}

/**
 * All the usual ways to read an RTMP URL that names a stream, the likeliest first: where the application ends and the
 * stream's name begins, only its server knows. There is more than one where the path has three segments or more.
 *
 * @throws RtmpError as {@link parseRtmpUrl} does.
 */
export function readRtmpUrl(url: string): readonly [RtmpAddress, ...RtmpAddress[]] {
  const { path, ...place } = parseParts(url);
  const [first, ...others] = splitPath(path);
  return [addressOf(place, first), ...others.map((split) => addressOf(place, split))];
}

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
    throw notSentOn('the server sends us to what is no address');
  }
  const address = parseRtmpUrl(href);
  // Ours are for the one we know, and nobody hands out another's password.
  if (address.credentials !== undefined) throw notSentOn('the server sends us on as somebody else');
  if (from.protocol === 'rtmps' && address.protocol !== 'rtmps') {
    throw new RtmpError('unsupported', 'dns', 'the server sends us to an address without TLS');
  }
  return address;
}

type Place = Pick<RtmpAddress, 'protocol' | 'host' | 'port' | 'credentials'>;

function addressOf(place: Place, { app, streamName }: SplitPath): RtmpAddress {
  return {
    ...place,
    app,
    ...(streamName !== '' && { streamName }),
    tcUrl: `${urlOrigin(place)}/${app}`,
  };
}

function parseParts(url: string): Place & { readonly path: string } {
  const text = url.replace(around, '');
  const [start = '', scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined) throw invalid('no-scheme');
  const protocol = scheme.toLowerCase();
  const why = unsupported.get(protocol);
  if (why !== undefined) throw new RtmpError('unsupported', 'dns', problems[why], { problem: why });
  if (protocol !== 'rtmp' && protocol !== 'rtmps') throw invalid('other-scheme', { scheme });
  const character = forbidden.exec(text)?.[0];
  if (character !== undefined) throw invalid('character', { character });

  const rest = text.slice(start.length);
  const [authority = ''] = /^[^/?#]*/.exec(rest) ?? [];
  const userEnd = authority.lastIndexOf('@');
  const user = userEnd < 0 ? undefined : authority.slice(0, userEnd);
  return {
    protocol,
    ...parseHostAndPort(authority.slice(userEnd + 1), protocol),
    ...(user !== undefined && user !== '' && { credentials: parseUser(user) }),
    path: rest.slice(authority.length),
  };
}

function parseHostAndPort(
  text: string,
  protocol: RtmpAddress['protocol'],
): { host: string; port: number } {
  const [, hostText = '', portText = ''] = /^(\[[^\]]*\]|[^:]*):?(.*)$/.exec(text) ?? [];
  if (hostText === '' && portText === '') throw invalid('no-host');
  if (!hostText.startsWith('[') && portText.includes(':')) throw invalid('ipv6-without-brackets');
  const host = parseHost(hostText);
  const port = portText === '' ? defaultPort(protocol) : Number(portText);
  if (!/^\d{0,5}$/.test(portText) || port < 1 || port > 65535) throw invalid('port-malformed');
  return { host, port };
}

/** A name in ASCII. */
function parseHost(text: string): string {
  if (text === '') throw invalid('no-host');
  const isIPv6 = text.startsWith('[');
  try {
    // The zone of a link-local address is for this machine alone, and no URL has one.
    const { hostname } = new URL(`http://${text.replace(/%[^%\]]+\]$/, ']')}/`);
    if (isIPv6) return text.slice(1, -1);
    if (isHostname(hostname)) return hostname;
  } catch {
    // Said below.
  }
  throw invalid(isIPv6 ? 'ipv6-malformed' : 'host-malformed');
}

/** RFC 1123, section 2.1, which `URL` does not look at; with the underscores that names of machines have all the same. */
const isHostname = (name: string): boolean =>
  name
    .replace(/\.$/, '')
    .split('.')
    .every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));

/** `user:password`, where what would end them is percent-encoded. */
function parseUser(text: string): Credentials {
  const at = text.indexOf(':');
  const [user, password] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  return { user: decode(user), password: decode(password) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const invalid = (problem: RtmpUrlProblem, data: Record<string, string> = {}): RtmpError =>
  new RtmpError('invalid-url', 'dns', problems[problem], { problem, ...data });

const notSentOn = (reason: string): RtmpError => new RtmpError('invalid-url', 'dns', reason);
