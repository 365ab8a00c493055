/* global location */
// HTTP-FLV, by mpegts.js.
import { pathOf } from '../streams.js';
import { openFlv } from './open-flv.js';

export const open = (video, stream, failed) =>
  openFlv(video, stream, new URL(`${pathOf(stream)}.flv`, location.href), failed);
