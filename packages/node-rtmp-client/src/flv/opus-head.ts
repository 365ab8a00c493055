import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** The ID header of an Opus stream (RFC 7845 §5.1). */
export interface OpusHead {
  readonly channels: number;
  /** Samples at 48 kHz to be left out at the start. */
  readonly preSkip: number;
  /** Hz, of what was encoded; Opus itself always runs at 48 kHz. 0 when it is not known. */
  readonly inputSampleRate: number;
  /** Q7.8 dB, to be applied when it is decoded. */
  readonly outputGain: number;
  /** 0: mono or stereo. 1: Vorbis order. 255: no meaning. */
  readonly mappingFamily: number;
  /** How the channels are coded; only for other families than 0. */
  readonly mapping?: {
    readonly streams: number;
    readonly coupled: number;
    /** The decoded channel of each output channel. */
    readonly channels: readonly number[];
  };
}

/** @throws MalformedError when it is no ID header of version 0 or 1, or breaks its rules. */
export function parseOpusHead(bytes: Uint8Array): OpusHead {
  const reader = new ByteReader(bytes);
  if (reader.text(8) !== 'OpusHead') throw new MalformedError('Not an Opus ID header');
  // The upper half is the major version; a minor one changes nothing that is read here.
  if (reader.u8() >> 4 !== 0) throw new MalformedError('An Opus ID header of another version');
  const channels = reader.u8();
  if (channels === 0) throw new MalformedError('Opus without channels');
  const preSkip = swap16(reader.u16());
  const inputSampleRate = reader.u32le();
  const outputGain = (swap16(reader.u16()) << 16) >> 16;
  const mappingFamily = reader.u8();
  const head = { channels, preSkip, inputSampleRate, outputGain, mappingFamily };
  if (mappingFamily === 0) {
    if (channels > 2) throw new MalformedError('More Opus channels than mapping family 0 has');
    return head;
  }
  const streams = reader.u8();
  const coupled = reader.u8();
  return { ...head, mapping: { streams, coupled, channels: [...reader.bytes(channels)] } };
}

const swap16 = (value: number): number => ((value & 0xff) << 8) | (value >> 8);
