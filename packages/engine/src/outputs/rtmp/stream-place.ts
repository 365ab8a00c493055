import { domainToUnicode } from 'node:url';
import { showAddress, type RtmpAddress, type ShownAddress } from 'node-rtmp-client';

/** A server's application, and the name of a stream there. */
export interface StreamPlace {
  readonly address: RtmpAddress;
  readonly streamKey: string;
}

/** Where a stream goes, and how else the URL that it comes from can be read. */
interface Place extends StreamPlace {
  readonly otherwise?: readonly StreamPlace[];
  /** Where to watch, for the built-in server. */
  readonly watchUrl?: string;
}

/** What of a target must be in no log. The name of a stream that is watched on this machine is in its link. */
export function secretsOf(target: Place): string[] {
  const isOurs = target.watchUrl !== undefined;
  return [target, ...(target.otherwise ?? [])].flatMap(({ address, streamKey }) => {
    const password = address.credentials?.password ?? '';
    const key = isOurs ? queryOf(streamKey) : streamKey;
    return [key, queryOf(address.app), password].filter((secret) => secret !== '');
  });
}

const queryOf = (text: string): string => text.split('?').slice(1).join('?');

/** What may be shown of where a stream goes. A key that was typed into the server's URL, too, is left out. */
export function shownPlace(place: Place): ShownAddress {
  const shown = showAddress(place.address);
  const hide = (path: string): string => withoutKeys(path, place);
  const host = readableHost(shown.host);
  const url = hide(shown.url).replace(`://${shown.host}`, `://${host}`);
  return { ...shown, host, app: hide(shown.app), url };
}

/**
 * The application without a key in it. Its first part stays: every server has one, and were it the key, nobody could
 * tell by it. So stay the words of a path that the key is only a part of. While it is open how the URL is to be read, all
 * behind that first part may be the key.
 */
export function withoutKeys(path: string, place: Place): string {
  const [, first = '', rest = ''] = /^((?:[^/]*:\/\/[^/]*\/)?[^/]*)(.*)$/s.exec(path) ?? [];
  if (place.otherwise?.length) return first + rest.replaceAll(/[^/]+/g, '***');
  const names = secretsOf(place).map((secret) => secret.split('?')[0] ?? '');
  const clean = names
    .filter((name) => name !== '')
    .reduce(
      (left, name) => left.replaceAll(new RegExp(`/${escaped(name)}(?=/|$)`, 'g'), '/***'),
      rest,
    );
  return first + clean;
}

/** A name as people write it; the address has it as DNS does. */
export const readableHost = (host: string): string =>
  /(^|\.)xn--/i.test(host) ? domainToUnicode(host) || host : host;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
