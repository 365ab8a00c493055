/* global AbortController */
// HLS by the browser itself, where it has no Media Source Extensions.
import { addressOf } from '../streams.js';

export function open(video, stream, failed) {
  const listening = new AbortController();
  video.addEventListener('error', failed, { signal: listening.signal });
  video.src = addressOf(stream, '/index.m3u8');
  return {
    destroy: () => listening.abort(),
    latency: () => {
      const { seekable, currentTime } = video;
      return seekable.length > 0 ? seekable.end(seekable.length - 1) - currentTime : undefined;
    },
  };
}
