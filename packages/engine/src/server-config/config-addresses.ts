import { serverAddressKinds } from '@tallylight/contract';
import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { comment, filled, table, type Lines } from './config-text.js';
import { hostPort, type HostPort, type ServerConfigOptions } from './server-config-options.js';

/** Where to publish to, and where to play from. */
export interface ServerAddresses {
  /** Without the key; `undefined` for an edge of nginx, at which nobody publishes. */
  readonly publish?: string;
  readonly rtmp: string;
  readonly hls?: string;
  readonly dash?: string;
  readonly flv?: string;
  readonly page: string;
  readonly statistics?: string;
}

/** A server that listens on all addresses is reached by one that only its people know, or have told. */
export const shownHostPort = ({ host, port }: HostPort, told?: string): string =>
  isEverywhere(host) ? hostPort({ host: told ?? 'SERVER', port }) : hostPort({ host, port });

export const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** The addresses of an nginx; NAME, KEY and SERVER stand for what is not known. */
export function nginxAddresses(options: ServerConfigOptions): ServerAddresses {
  const rtmp = `rtmp://${shownHostPort(options.rtmp, options.host)}/${options.app}/NAME`;
  const http = `http://${shownHostPort(options.http, options.host)}`;
  return {
    ...(options.role !== 'edge' && { publish: options.publishKey ? `${rtmp}?key=KEY` : rtmp }),
    rtmp,
    ...(options.hls && { hls: `${http}/hls/NAME.m3u8` }),
    ...(options.dash && { dash: `${http}/dash/NAME.mpd` }),
    page: `${http}/`,
    ...(options.stat && { statistics: `${http}/stat` }),
  };
}

/** Where SRS has its interface for programs, which is not for everybody: SRS's own port for it, on this machine alone. */
export const srsStatistics: HostPort = { host: '127.0.0.1', port: 1985 };

/** The addresses of an SRS. */
export function srsAddresses(options: ServerConfigOptions): ServerAddresses {
  const rtmp = `rtmp://${shownHostPort(options.rtmp, options.host)}/${options.app}/NAME`;
  const http = `http://${shownHostPort(options.http, options.host)}`;
  return {
    publish: rtmp,
    rtmp,
    ...(options.hls && { hls: `${http}/hls/NAME.m3u8` }),
    ...(options.dash && { dash: `${http}/dash/NAME.mpd` }),
    flv: `${http}/${options.app}/NAME.flv`,
    page: `${http}/players/srs_player.html`,
    ...(options.stat && { statistics: `http://${hostPort(srsStatistics)}/api/v1/streams/` }),
  };
}

/** The addresses with what they are, as they are shown. */
export const addressRows = (
  addresses: ServerAddresses,
  { head }: ServerConfigWords,
): (readonly [string, string])[] =>
  serverAddressKinds.flatMap((kind) => {
    const address = addresses[kind];
    return address === undefined ? [] : [[head[kind], address] as const];
  });

/** Two sentences. Behind a full stop of Chinese there is no space. */
const joined = (first: string, second: string): string =>
  first.endsWith('。') ? first + second : `${first} ${second}`;

function keyNote(
  { variable }: { readonly variable?: string },
  { head }: ServerConfigWords,
): string {
  return variable === undefined ? head.key : joined(head.key, filled(head.keyFrom, { variable }));
}

interface Head {
  readonly titles: readonly string[];
  readonly commands: readonly (readonly [string, string])[];
  readonly addresses: ServerAddresses;
}

/** The comments at the head of a configuration. */
export function configHead(
  { titles, commands, addresses }: Head,
  options: ServerConfigOptions,
  words: ServerConfigWords,
): Lines {
  const { head } = words;
  const { origin } = options;
  // Streams neither come to an edge nor leave it but for viewers.
  const { publishKey, push } =
    options.role === 'edge' ? { publishKey: undefined, push: [] } : options;
  const listens = [options.rtmp, options.http].some(({ host }) => isEverywhere(host));
  const isOpen = publishKey === undefined && options.role !== 'edge';
  const notes = [
    head.file,
    head.name,
    listens && options.host === undefined && head.server,
    publishKey && keyNote(publishKey, words),
    isOpen && head.anybody,
    push.some(({ streamKey }) => streamKey !== undefined) && head.pushKeys,
  ];
  return [
    titles.map((title) => comment(filled(title, { origin: origin ? hostPort(origin.rtmp) : '' }))),
    '#',
    table([...commands, ...addressRows(addresses, words)]),
    '#',
    notes.flatMap((note) => (typeof note === 'string' ? comment(note) : [])),
    '',
  ];
}
