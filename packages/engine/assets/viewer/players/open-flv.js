/* global mpegts */
import { loadScript } from './load-script.js';

/** Seconds. What is a little late is played a little faster, what is far behind jumps. */
const config = {
  isLive: true,
  enableStashBuffer: false,
  lazyLoad: false,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: 60,
  autoCleanupMinBackwardDuration: 30,
  liveSync: true,
  liveSyncMaxLatency: 1.5,
  liveSyncTargetLatency: 0.8,
  liveSyncPlaybackRate: 1.1,
  liveBufferLatencyChasing: true,
  liveBufferLatencyMaxLatency: 4,
  liveBufferLatencyMinRemain: 0.8,
};

export const loadFlv = () => loadScript('/viewer/mpegts.js');

/**
 * Plays FLV that never ends into `video`.
 *
 * @param failed is called when the stream ends, too: the server ends it with its publisher.
 */
export function openFlv(video, stream, url, failed) {
  mpegts.LoggingControl.enableVerbose = false;
  mpegts.LoggingControl.enableDebug = false;
  const player = mpegts.createPlayer(
    {
      type: 'flv',
      isLive: true,
      url: url.href,
      hasVideo: stream.video !== undefined,
      hasAudio: stream.audio !== undefined,
    },
    config,
  );
  player.on(mpegts.Events.ERROR, failed);
  player.on(mpegts.Events.LOADING_COMPLETE, failed);
  player.attachMediaElement(video);
  player.load();
  return {
    destroy: () => player.destroy(),
    latency: () => {
      const { buffered, currentTime } = video;
      return buffered.length > 0 ? buffered.end(buffered.length - 1) - currentTime : undefined;
    },
  };
}
