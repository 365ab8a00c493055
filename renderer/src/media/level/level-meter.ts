import type { LevelMeterOrder } from './level-meter.worker.js';

export interface LevelMeter {
  /** The peak of the last twentieth of a second in dBFS; -Infinity for silence. */
  readonly peakDb: () => number;
  close(): void;
}

/** Without news for this long there is no sound, whatever the last report said. */
const staleMs = 500;

/**
 * Measures how loud a track is. Reads the track's data itself rather than through an AudioContext, which stays silent
 * until the user has clicked, opens an audio output and resamples.
 */
export function openLevelMeter(track: MediaStreamTrack): LevelMeter {
  const worker = new Worker(new URL('./level-meter.worker.ts', import.meta.url), {
    type: 'module',
    name: 'level meter',
  });
  let latest = -Infinity;
  let heardAt = 0;
  worker.addEventListener('message', (event: MessageEvent<number>) => {
    latest = event.data;
    heardAt = performance.now();
  });
  const { readable } = new MediaStreamTrackProcessor({ track: track as MediaStreamAudioTrack });
  const order: LevelMeterOrder = { readable };
  worker.postMessage(order, [readable]);
  return {
    peakDb: () => (performance.now() - heardAt < staleMs ? latest : -Infinity),
    close: () => worker.terminate(),
  };
}
