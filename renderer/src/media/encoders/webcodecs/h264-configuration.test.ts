import { describe, expect, it } from 'vitest';
import { candidates, codecString } from './h264-configuration.js';

const size = (width: number, height: number, fps: number) => ({
  width,
  height,
  fps,
  videoBitrate: 2_500_000,
});

describe('codecString', () => {
  it.each([
    [640, 360, 30, 'avc1.4d001f'],
    [1280, 720, 30, 'avc1.4d001f'],
    [1280, 720, 60, 'avc1.4d0020'],
    [1920, 1080, 30, 'avc1.4d0028'],
    [1920, 1080, 60, 'avc1.4d002a'],
    [3840, 2160, 30, 'avc1.4d0033'],
    [3840, 2160, 60, 'avc1.4d0034'],
    [7680, 4320, 60, 'avc1.4d0034'],
  ])('%i×%i at %i fps is %s', (width, height, fps, codec) => {
    expect(codecString('4d00', size(width, height, fps))).toBe(codec);
  });
});

describe('candidates', () => {
  it('asks for realtime H.264 with its parameter sets apart, the better profiles first', () => {
    const configurations = candidates(size(1280, 720, 30));
    expect(configurations.map(({ codec }) => codec)).toEqual([
      ...['avc1.64001f', 'avc1.4d001f', 'avc1.42e01f'],
    ]);
    for (const configuration of configurations) {
      expect(configuration).toMatchObject({
        latencyMode: 'realtime',
        bitrateMode: 'constant',
        avc: { format: 'avc' },
        bitrate: 2_500_000,
      });
    }
  });
});
