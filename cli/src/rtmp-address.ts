import { appError } from '@tallylight/contract';
import { parseRtmpUrl, RtmpError, type RtmpAddress } from 'node-rtmp-client';

/** Parses a URL; its last path segment is the stream key if `withKey`. @throws AppError `INVALID_URL` without the key. */
export function parseAddress(url: string, withKey: boolean): RtmpAddress {
  try {
    return parseRtmpUrl(url, { withKey });
  } catch (error) {
    const reason = error instanceof RtmpError ? String(error.data['reason']) : String(error);
    throw appError('INVALID_URL', { url: withoutKey(url), reason: reason.replace(/\.$/, '') });
  }
}

/** A URL for an error message: whatever may be a key or a password is left out, however broken the URL is. */
export function withoutKey(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/@]*@)?([^/?#]*)([^?#]*)/is.exec(url.trim());
  const [, scheme, host = '', path = ''] = match ?? [];
  if (scheme === undefined) return '…';
  const lastSlash = path.lastIndexOf('/');
  const shown = scheme + host + path.slice(0, lastSlash + 1);
  return path.length > lastSlash + 1 ? `${shown}…` : shown;
}
