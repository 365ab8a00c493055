import type { AppErrorInfo } from '@tallylight/contract';
import type { Logger } from './logger.js';
import { rtmpErrorToAppError } from './outputs/rtmp/destination-errors.js';
import {
  secretsOf,
  shownPlace,
  withoutKeys,
  type StreamPlace,
} from './outputs/rtmp/stream-place.js';
import { RtmpOrigin } from './sources/stream/rtmp-origin.js';
import type { StreamOrigin } from './sources/stream/stream-origin.js';

/** A stream that is pulled from any server. `onTrouble` is told why it has to wait. */
export function rtmpOrigin(
  place: StreamPlace,
  logger: Logger,
  onTrouble: (error: AppErrorInfo) => void,
): StreamOrigin {
  for (const secret of secretsOf(place)) logger.addSecret(secret);
  const shown = shownPlace(place);
  return new RtmpOrigin({
    name: shown.url,
    ...{ address: place.address, streamKey: place.streamKey },
    explain: (error) =>
      rtmpErrorToAppError(error, {
        ...shown,
        redact: logger.redact,
        hideKey: (app) => withoutKeys(app, place),
      }),
    onTrouble,
  });
}
