import { appError, reason } from '@tallylight/contract';
import {
  splitWholeUrl,
  tidyTypedKey,
  tidyTypedUrl,
  type Credentials,
  type RtmpAddress,
} from 'node-rtmp-client';
import { readServerUrl, readWholeUrl } from './rtmp-address.js';

/** A server's URL and a stream key as they were typed. */
export interface TypedDestination {
  readonly serverUrl: string;
  readonly streamKey?: string | undefined;
}

export interface ReadDestination {
  /** As it was meant, without user name and password. */
  readonly serverUrl: string;
  readonly address: RtmpAddress;
  readonly streamKey: string | undefined;
  /** Those that stood in the URL. */
  readonly credentials: Credentials | undefined;
}

/**
 * Tells apart what was typed together: a user name and a password in the URL, and a key that is the whole URL.
 *
 * @throws AppError `INVALID_URL`; `INVALID_OPTION` where the key is the URL of another server.
 */
export function readTypedDestination({ serverUrl, streamKey }: TypedDestination): ReadDestination {
  const { credentials, ...address } = readServerUrl(serverUrl);
  const tidyUrl = tidyTypedUrl(serverUrl);
  const plainUrl =
    credentials === undefined ? tidyUrl : tidyUrl.replace(/^(\s*[^/]*\/\/)[^/?#]*@/, '$1');
  if (streamKey === undefined || splitWholeUrl(streamKey)?.streamKey === undefined) {
    const key = streamKey === undefined ? undefined : tidyTypedKey(streamKey);
    return { serverUrl: plainUrl, address, streamKey: key, credentials };
  }
  const whole = readWholeUrl(streamKey).find(({ tcUrl }) => tcUrl === address.tcUrl);
  if (whole === undefined) {
    throw appError('INVALID_OPTION', { reason: reason('key-is-other-url') });
  }
  return {
    ...{ serverUrl: plainUrl, address, streamKey: whole.streamName },
    credentials: credentials ?? whole.credentials,
  };
}
