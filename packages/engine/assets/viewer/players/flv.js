/* global location */
// HTTP-FLV, by mpegts.js.
import { addressOf } from '../streams.js';
import { openFlv } from './open-flv.js';

export const open = (video, stream, failed) =>
  openFlv(video, stream, new URL(addressOf(stream, '.flv'), location.href), failed);
