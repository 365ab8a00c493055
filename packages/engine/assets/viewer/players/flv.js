/* global location */
// HTTP-FLV, by mpegts.js.
import { addressOf } from '../streams.js';
import { loadFlv, openFlv } from './open-flv.js';

export { loadFlv as load };

export const open = (video, stream, failed) =>
  openFlv(video, stream, new URL(addressOf(stream, '.flv'), location.href), failed);
