import { Worker } from 'node:worker_threads';
import { AudioSample } from 'mediabunny';
import { parseAudioSpecificConfig, type AudioPacket } from 'node-rtmp-client';
import { expect, test, vi } from 'vitest';
import { encodeAac } from './aac-track.js';

const sampleRate = 48_000;

/** 10 ms of stereo, at the given time in seconds. */
const block = (timestamp: number): AudioSample =>
  new AudioSample({
    data: new Float32Array(2 * 480).fill(0.1),
    format: 'f32',
    numberOfChannels: 2,
    sampleRate,
    timestamp,
  });

async function encode(times: readonly number[]): Promise<AudioPacket[]> {
  const packets: AudioPacket[] = [];
  const samples = (async function* () {
    for (const time of times) yield await Promise.resolve(block(time));
  })();
  for await (const packet of encodeAac(samples, 128_000)) packets.push(packet);
  return packets;
}

const range = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i * 0.01);

/** Microseconds of one AAC frame. */
const frameUs = (1024 / sampleRate) * 1e6;

test('the encoder’s own samples come before the time of the first one', async () => {
  const [config, ...frames] = await encode(range(100, 5));
  expect(config).toMatchObject({ type: 'config' });
  expect(parseAudioSpecificConfig(config?.payload ?? new Uint8Array())).toMatchObject({
    sampleRate,
    channels: 2,
  });
  expect(frames[0]?.dts).toBeCloseTo(5e6 - frameUs, -1);
  // One second, filled up to whole frames, and the one frame before it.
  expect(frames).toHaveLength(Math.ceil(sampleRate / 1024) + 1);
  frames.forEach((frame, i) => expect(frame.dts - 5e6).toBeCloseTo((i - 1) * frameUs, -1));
});

test('times that jitter do not disturb the even track', async () => {
  const even = await encode(range(100));
  const jittery = await encode(range(100).map((at, i) => at + (i % 2 ? 0.009 : 0)));
  expect(jittery.map(({ dts }) => dts)).toEqual(even.map(({ dts }) => dts));
});

test('a gap is filled, so that what follows is in its place', async () => {
  const whole = await encode(range(200));
  const gappy = await encode([...range(50), ...range(100, 1)]);
  expect(gappy.at(-1)?.dts).toBe(whole.at(-1)?.dts);
});

test('an overlap is left out', async () => {
  const whole = await encode(range(100));
  const overlapping = await encode([...range(50), ...range(80, 0.2)]);
  expect(overlapping.at(-1)?.dts).toBe(whole.at(-1)?.dts);
});

test('sound that is late for good is moved there, though each block alone could be jitter', async () => {
  const late = await encode([...range(200), ...range(200, 2.03)]);
  const whole = await encode(range(403));
  expect(late.at(-1)?.dts).toBe(whole.at(-1)?.dts);
});

test('whoever leaves early leaves no encoder thread behind', async () => {
  const terminate = vi.spyOn(Worker.prototype, 'terminate');
  try {
    const samples = (async function* () {
      for (const time of range(1_000)) yield await Promise.resolve(block(time));
    })();
    for await (const packet of encodeAac(samples, 128_000)) {
      expect(terminate).not.toHaveBeenCalled();
      if (packet.dts > 100_000) break;
    }
    expect(terminate).toHaveBeenCalledOnce();
  } finally {
    terminate.mockRestore();
  }
});
