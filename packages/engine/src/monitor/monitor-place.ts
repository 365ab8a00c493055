import { appError, playWayOf } from '@tallylight/contract';
import type { StreamPlace } from '../outputs/rtmp/stream-place.js';
import { readWholeUrl } from '../rtmp-address.js';

/** Where viewers get a stream. */
export type MonitorPlace =
  | ({ readonly way: 'rtmp' } & StreamPlace)
  | { readonly way: 'http-flv'; readonly url: string }
  | { readonly way: 'hls' | 'dash'; readonly url: string };

/** @throws AppError `PLAY_URL_INVALID`, or `INVALID_URL` of an RTMP address. */
export function readPlayUrl(url: string): MonitorPlace {
  const way = playWayOf(url);
  if (way === undefined) throw appError('PLAY_URL_INVALID');
  if (way === 'rtmp') {
    const [address] = readWholeUrl(url);
    return { way, address, streamKey: address.streamName ?? '' };
  }
  return way === 'http-flv' ? { way, url: url.trim() } : { way, url: url.trim() };
}
