import { showTyped } from '@tallylight/contract';
import { looksLikeKey } from 'node-rtmp-client';
import { shownPlace } from '../outputs/rtmp/stream-place.js';
import { readServerUrl } from '../rtmp-address.js';

/** A server URL as anybody may see it, on a screen or in a log. */
export function shownUrl(serverUrl: string): string {
  try {
    return shownPlace({ address: readServerUrl(serverUrl), streamKey: '' }).url;
  } catch {
    // Somebody else wrote the file.
    return showTyped(serverUrl);
  }
}

/** An address for watching as anybody may see it: without user, query, and what in its path looks like a key. */
export function shownPlayUrl(playUrl: string): string {
  const [, scheme = '', host = '', path = ''] =
    /^([a-z]+:\/\/)(?:[^/?#]*@)?([^/?#]*)([^?#]*)/i.exec(playUrl.trim()) ?? [];
  const parts = path.split('/').map((part) => {
    const [, name = part, ending = ''] = /^(.*)(\.\w{2,4})$/.exec(part) ?? [];
    return looksLikeKey(name) ? `***${ending}` : part;
  });
  return scheme + host + parts.join('/');
}

/** What in a URL's query says where to go, and gives nothing away. */
const harmless = new Set(['vhost', 'domain', 'backup']);

/** `serverUrl` without its query, where that may hold a token. */
export function withoutTokens(serverUrl: string): string {
  const [place = '', query] = serverUrl.split('?');
  const names = [...new URLSearchParams(query).keys()];
  return names.every((name) => harmless.has(name)) ? serverUrl : place;
}

/** Whether both lead to the same application of the same server, by the same protocol. */
export function isSamePlace(a: string, b: string): boolean {
  try {
    const [one, other] = [a, b].map((url) => {
      const { protocol, host, port, app } = readServerUrl(withoutTokens(url));
      return JSON.stringify([protocol, host.toLowerCase(), port, app]);
    });
    return one === other;
  } catch {
    return false; // Somebody else wrote the file.
  }
}
