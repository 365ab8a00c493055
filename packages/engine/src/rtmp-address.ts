import { AppError, invalidUrl } from '@tallylight/contract';
import { parseRtmpUrl, readRtmpUrl, tidyTypedUrl, type RtmpAddress } from 'node-rtmp-client';

/** A server's URL as it was typed, the key coming from elsewhere. @throws AppError `INVALID_URL`, which tells no key. */
export const readServerUrl = (url: string): RtmpAddress => explaining(url, parseRtmpUrl);

/**
 * A URL with the stream key in it: the usual readings of it, the likeliest first.
 *
 * @throws AppError `INVALID_URL`, which tells no key.
 */
export const readWholeUrl = (url: string): readonly [RtmpAddress, ...RtmpAddress[]] =>
  explaining(url, readRtmpUrl);

function explaining<T>(typed: string, read: (url: string) => T): T {
  const url = tidyTypedUrl(typed);
  try {
    return read(url);
  } catch (error) {
    throw new AppError(invalidUrl(url, error), { cause: error });
  }
}
