/* global location */
// WebSocket-FLV, by mpegts.js: the same FLV in the messages of a WebSocket.
import { addressOf } from '../streams.js';
import { loadFlv, openFlv } from './open-flv.js';

export { loadFlv as load };

export function open(video, stream, failed) {
  const url = new URL(addressOf(stream, '.flv'), location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return openFlv(video, stream, url, failed);
}
