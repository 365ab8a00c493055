import { workerScope } from '../worker-scope.js';
import { PeakLevel } from './peak-level.js';

export interface LevelMeterOrder {
  readonly readable: ReadableStream<AudioData>;
}

/** Microseconds of sound in each report: about 20 reports a second. */
const reportInterval = 50_000;

const scope = workerScope<LevelMeterOrder, number>();
scope.onMessage(({ readable }) => void measure(readable));

async function measure(readable: ReadableStream<AudioData>): Promise<void> {
  const level = new PeakLevel();
  let samples = new Float32Array();
  let gathered = 0;
  const reader = readable.getReader();
  for (;;) {
    const { done, value: data } = await reader.read();
    if (done) return;
    if (samples.length !== data.numberOfFrames) samples = new Float32Array(data.numberOfFrames);
    for (let planeIndex = 0; planeIndex < data.numberOfChannels; planeIndex++) {
      data.copyTo(samples, { planeIndex, format: 'f32-planar' });
      level.add(samples);
    }
    gathered += data.duration;
    data.close();
    if (gathered < reportInterval) continue;
    gathered = 0;
    scope.postMessage(level.takeDb());
  }
}
