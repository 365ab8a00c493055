/* global Event */
// MPEG-DASH, by dash.js.
import { MediaPlayer } from '/viewer/dash.js';
import { addressOf } from '../streams.js';

const settings = {
  debug: { logLevel: 0 },
  streaming: {
    // What is late is played faster, and jumps when it is far behind. Seconds.
    liveCatchup: { enabled: true, maxDrift: 8, playbackRate: { min: -0.05, max: 0.1 } },
    buffer: { bufferToKeep: 30 },
    // The manifest brings the server's time; nobody else's is asked for.
    utcSynchronization: { useManifestDateHeaderTimeSource: false },
    // There is one quality, so nothing to remember for the next time.
    lastBitrateCachingInfo: { enabled: false },
    lastMediaSettingsCachingInfo: { enabled: false },
  },
};

export function open(video, stream, failed) {
  const player = MediaPlayer().create();
  player.updateSettings(settings);
  player.on(MediaPlayer.events.ERROR, failed);
  player.initialize(video, addressOf(stream, '/manifest.mpd'), true);
  return {
    destroy: () => {
      // It may still wait for the picture to set its rate, and would go on to wait for the next player's.
      video.dispatchEvent(new Event('canplay'));
      player.destroy();
    },
    latency: () => {
      const seconds = player.isReady() ? player.getCurrentLiveLatency() : NaN;
      return seconds > 0 ? seconds : undefined;
    },
  };
}
