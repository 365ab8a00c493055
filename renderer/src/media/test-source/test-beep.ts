import { pulseSeconds, pulseStart } from './pulse.js';

const frequency = 1000;
/** −12 dBFS. */
const amplitude = 0.25;
/** Half of a cosine at either end, so that the beep does not click; short enough to keep its start sharp. */
const rampSeconds = 0.001;

/**
 * One channel of the test beep: 1 kHz for a tenth of each second, else silence.
 *
 * @param firstSample counted from the time 0 that the picture shares
 */
export function beepSamples(
  firstSample: number,
  count: number,
  sampleRate: number,
  fps: number,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    const time = (firstSample + index) / sampleRate;
    const since = time - pulseStart(Math.floor(time), fps);
    if (since < 0 || since >= pulseSeconds) continue;
    const edge = Math.min(1, since / rampSeconds, (pulseSeconds - since) / rampSeconds);
    const envelope = (1 - Math.cos(Math.PI * edge)) / 2;
    samples[index] = amplitude * envelope * Math.sin(2 * Math.PI * frequency * since);
  }
  return samples;
}
