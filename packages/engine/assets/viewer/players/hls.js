// HLS with its low-latency parts, by hls.js.
import Hls from '/viewer/hls.js';
import { addressOf } from '../streams.js';

const config = {
  // Its worker would be a script that no server has given, which the page's policy forbids; CMAF needs none.
  enableWorker: false,
  lowLatencyMode: true,
  /** What is late is played faster, up to this rate. */
  maxLiveSyncPlaybackRate: 1.1,
  backBufferLength: 30,
};

export function open(video, stream, failed) {
  const hls = new Hls(config);
  // What is this many segments behind jumps. As an option it would ask for the distance to the newest as well, which would
  // then no longer be the server's.
  hls.config.liveMaxLatencyDurationCount = 4;
  let recoveries = 0;
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    // A decoder that stumbled over what was lost goes on from the next keyframe; what never played does not.
    if (type === Hls.ErrorTypes.MEDIA_ERROR && video.readyState > 0 && recoveries === 0) {
      recoveries += 1;
      hls.recoverMediaError();
    } else failed();
  });
  hls.loadSource(addressOf(stream, '/index.m3u8'));
  hls.attachMedia(video);
  return {
    destroy: () => hls.destroy(),
    latency: () => (hls.latency > 0 ? hls.latency : undefined),
  };
}
