import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { parseHevcSequenceParameterSet } from './hevc-sequence-parameter-set.js';

/** What an HEVC decoder needs before the first frame (ISO/IEC 14496-15 §8.3.3.1). */
export interface HevcDecoderConfiguration {
  /** `general_profile_idc`: 1 main, 2 main 10, 4 range extensions. */
  readonly profile: number;
  readonly tier: 'main' | 'high';
  /** `general_level_idc`: thirty times the level; 93 is level 3.1. */
  readonly level: number;
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly nalLengthSize: number;
  /** NAL units, each with its header of two bytes. */
  readonly vps: readonly Uint8Array[];
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
  /** Pixels that are shown, from the first sequence parameter set. */
  readonly width: number;
  readonly height: number;
}

/** ITU-T H.265 table 7-1. */
const nalUnitType = { vps: 32, sps: 33, pps: 34 } as const;
/** Constraint flags, between the profile and the level. */
const constraintBytes = 10;

/** @throws MalformedError when the record breaks the rules or has no sequence parameter set. */
export function parseHevcDecoderConfiguration(bytes: Uint8Array): HevcDecoderConfiguration {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== 1) throw new MalformedError('Not an HEVCDecoderConfigurationRecord');
  const profileByte = reader.u8();
  reader.skip(constraintBytes);
  const level = reader.u8();
  reader.skip(8); // segmentation, parallelism, chroma, bit depths, frame rate
  const nalLengthSize = (reader.u8() & 3) + 1;
  if (nalLengthSize === 3) throw new MalformedError('NAL unit lengths of three bytes');
  const units = { vps: [] as Uint8Array[], sps: [] as Uint8Array[], pps: [] as Uint8Array[] };
  for (let arrays = reader.u8(); arrays > 0; arrays--) {
    const type = reader.u8() & 0x3f;
    const list = listOf(units, type);
    for (let count = reader.u16(); count > 0; count--) {
      const unit = reader.bytes(reader.u16());
      list?.push(unit);
    }
  }
  const [first] = units.sps;
  if (first === undefined) throw new MalformedError('No sequence parameter set');
  const { width, height } = parseHevcSequenceParameterSet(first);
  const tier = (profileByte & 0x20) === 0 ? 'main' : 'high';
  return { profile: profileByte & 0x1f, tier, level, nalLengthSize, ...units, width, height };
}

function listOf(
  units: { vps: Uint8Array[]; sps: Uint8Array[]; pps: Uint8Array[] },
  type: number,
): Uint8Array[] | undefined {
  switch (type) {
    case nalUnitType.vps:
      return units.vps;
    case nalUnitType.sps:
      return units.sps;
    case nalUnitType.pps:
      return units.pps;
    default:
      // Supplemental information, which decoders find in the stream as well.
      return undefined;
  }
}
