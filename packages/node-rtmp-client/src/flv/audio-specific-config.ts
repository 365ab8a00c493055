import { MalformedError } from '../bytes/malformed-error.js';
import { BitReader } from './bit-reader.js';

/** The configuration of an AAC decoder, ISO/IEC 14496-3 §1.6.2.1. */
export interface AudioSpecificConfig {
  /** 2 is AAC-LC. */
  readonly objectType: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Loudspeakers of the channel configuration; 0 when the stream itself says. */
  readonly channels: number;
}

const sampleRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
  7_350,
];
/** Loudspeakers of each `channelConfiguration` (ISO/IEC 14496-3 table 1.19). */
const channelCounts = [
  ...[0, 1, 2, 3, 4, 5, 6, 8],
  ...[undefined, undefined, undefined, 7, 8, 24, 8],
];

/**
 * Reads the head of an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). With SBR or PS signalled in front, the rate
 * is the core's.
 *
 * @throws MalformedError when it ends too early or uses reserved values.
 */
export function parseAudioSpecificConfig(bytes: Uint8Array): AudioSpecificConfig {
  const reader = new BitReader(bytes);
  const short = reader.bits(5);
  const objectType = short === 31 ? 32 + reader.bits(6) : short;
  const index = reader.bits(4);
  const sampleRate = index === 15 ? reader.bits(24) : sampleRates[index];
  const channels = channelCounts[reader.bits(4)];
  if (sampleRate === undefined || channels === undefined) {
    throw new MalformedError('Reserved values in an AudioSpecificConfig');
  }
  return { objectType, sampleRate, channels };
}

/** Builds the two bytes for AAC of a standard sample rate. */
export function buildAudioSpecificConfig(config: AudioSpecificConfig): Uint8Array {
  const index = sampleRates.indexOf(config.sampleRate);
  const channels = channelCounts.indexOf(config.channels);
  if (index < 0 || channels < 0 || config.objectType > 30) {
    throw new MalformedError('Not a standard sample rate, channel count or object type');
  }
  return Uint8Array.of(
    (config.objectType << 3) | (index >> 1),
    ((index & 1) << 7) | (channels << 3),
  );
}
