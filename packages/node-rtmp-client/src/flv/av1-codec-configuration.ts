import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { findAv1SequenceHeader } from './av1-sequence-header.js';

/** What an AV1 decoder may know before the first frame (AV1 in ISOBMFF §2.3.3). */
export interface Av1CodecConfiguration {
  /** `seq_profile`: 0 main, 1 high, 2 professional. */
  readonly profile: number;
  /** `seq_level_idx_0`: 8 is level 4.0, 31 any. */
  readonly level: number;
  readonly tier: 'main' | 'high';
  readonly bitDepth: 8 | 10 | 12;
  readonly monochrome: boolean;
  /** The largest frame, in pixels; absent when the record holds no sequence header. */
  readonly width?: number;
  readonly height?: number;
}

/** @throws MalformedError when the record breaks the rules. */
export function parseAv1CodecConfiguration(bytes: Uint8Array): Av1CodecConfiguration {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== 0x81) throw new MalformedError('Not an AV1CodecConfigurationRecord');
  const profileAndLevel = reader.u8();
  const flags = reader.u8();
  reader.skip(1); // initial presentation delay
  return {
    profile: profileAndLevel >> 5,
    level: profileAndLevel & 0x1f,
    tier: (flags & 0x80) === 0 ? 'main' : 'high',
    bitDepth: bitDepthOf(flags),
    monochrome: (flags & 0x10) !== 0,
    ...findAv1SequenceHeader(reader.rest()),
  };
}

function bitDepthOf(flags: number): 8 | 10 | 12 {
  if ((flags & 0x40) === 0) return 8;
  return (flags & 0x20) === 0 ? 10 : 12;
}
