import {
  describeError,
  keyWarnings,
  serviceWarnings,
  type AppErrorInfo,
  type StreamSettings,
} from '@tallylight/contract';
import { keyInServerUrl, splitWholeUrl } from 'node-rtmp-client';
import type { DestinationTarget } from '../outputs/rtmp/destination-aim.js';
import { exampleApp } from '../outputs/rtmp/destination-errors.js';
import { shownPlace, type StreamPlace } from '../outputs/rtmp/stream-place.js';

/** A stream's place, by what people call it. */
export type NamedPlace = StreamPlace &
  Pick<Partial<DestinationTarget>, 'name' | 'service' | 'otherwise'>;

/**
 * What is worth a word before anything is sent, though it may be just what was meant.
 *
 * @param settings what will be sent; absent where nothing is encoded, or nothing sent.
 */
export function placeWarnings(target: NamedPlace, settings?: StreamSettings): AppErrorInfo[] {
  const { address, streamKey, service, otherwise = [] } = target;
  const { host, app, url } = shownPlace(target);
  const destination = target.name ?? url;
  const warnings: AppErrorInfo[] = [];
  if (app === '') {
    warnings.push(describeError('URL_WITHOUT_APP', { url, example: exampleApp(url) }));
  }
  // A server that has a query or a password to know us by may need no key.
  const isKeyUsual = !address.app.includes('?') && address.credentials === undefined;
  if (streamKey === '' && isKeyUsual) warnings.push(describeError('EMPTY_KEY', { destination }));
  warnings.push(...keyWarnings(streamKey, destination));
  if (isKeyInUrl(target) && otherwise.length === 0) {
    warnings.push(describeError('KEY_IN_URL', { destination }));
  }
  if (otherwise.length > 0) warnings.push(describeError('URL_READ_AS', { app, host }));
  warnings.push(...serviceWarnings({ serverUrl: address.tcUrl, service }, settings));
  return warnings;
}

/** Whether the server's URL seems to end with the key: by its look, or since there is no other or the same. */
function isKeyInUrl({ address, streamKey }: StreamPlace): boolean {
  if (keyInServerUrl(address.tcUrl) !== undefined) return true;
  const behind = splitWholeUrl(address.tcUrl)?.streamKey;
  const isKeyless = streamKey === '' && address.credentials === undefined;
  return behind !== undefined && (isKeyless || streamKey === behind);
}

/** What matters also where no stream is published. */
export const isOfServer = ({ code }: AppErrorInfo): boolean =>
  code === 'URL_WITHOUT_APP' || code === 'SERVICE_NEEDS_TLS';
