import { describe, expect, it } from 'vitest';
import { MalformedError } from '../bytes/malformed-error.js';
import { buildAudioSpecificConfig, parseAudioSpecificConfig } from './audio-specific-config.js';

const configs = [
  { bytes: [0x11, 0x90], objectType: 2, sampleRate: 48_000, channels: 2 },
  { bytes: [0x12, 0x10], objectType: 2, sampleRate: 44_100, channels: 2 },
  { bytes: [0x11, 0x88], objectType: 2, sampleRate: 48_000, channels: 1 },
  { bytes: [0x11, 0xb8], objectType: 2, sampleRate: 48_000, channels: 8 },
  { bytes: [0x15, 0x88], objectType: 2, sampleRate: 8_000, channels: 1 },
];

describe.each(configs)('$sampleRate Hz with $channels channels', ({ bytes, ...config }) => {
  it('is read', () => expect(parseAudioSpecificConfig(Uint8Array.from(bytes))).toEqual(config));
  it('is written', () => expect([...buildAudioSpecificConfig(config)]).toEqual(bytes));
});

it.each([
  { number: 11, channels: 7 },
  { number: 12, channels: 8 },
  { number: 13, channels: 24 },
  { number: 14, channels: 8 },
])('reads channel configuration $number', ({ number, channels }) => {
  const config = parseAudioSpecificConfig(Uint8Array.of(0x11, 0x80 | (number << 3)));
  expect(config.channels).toBe(channels);
});

it('reads past extensions, explicit rates and long object types', () => {
  // What ffmpeg 5.1 writes for AAC-LC: two bytes and a sync extension.
  const extended = parseAudioSpecificConfig(Uint8Array.of(0x11, 0x90, 0x56, 0xe5, 0x00));
  expect(extended).toEqual({ objectType: 2, sampleRate: 48_000, channels: 2 });
  // 00010 1111 (24 bits: 48000) 0010
  const explicit = parseAudioSpecificConfig(Uint8Array.of(0x17, 0x80, 0x5d, 0xc0, 0x10));
  expect(explicit).toEqual({ objectType: 2, sampleRate: 48_000, channels: 2 });
  // 11111 001010 (32 + 10) 0011 0001
  const long = parseAudioSpecificConfig(Uint8Array.of(0xf9, 0x46, 0x20));
  expect(long).toEqual({ objectType: 42, sampleRate: 48_000, channels: 1 });
});

it.each([[[]], [[0x11]], [[0x16, 0x90]], [[0x11, 0xc0]]])('refuses %j', (bytes) => {
  expect(() => parseAudioSpecificConfig(Uint8Array.from(bytes))).toThrow(MalformedError);
});

it('refuses to write what two bytes cannot say', () => {
  expect(() =>
    buildAudioSpecificConfig({ objectType: 2, sampleRate: 47_999, channels: 2 }),
  ).toThrow(MalformedError);
});
