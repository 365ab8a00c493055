import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { hasChromaFields, parseSequenceParameterSet } from './sequence-parameter-set.js';

/** What an H.264 decoder needs before the first frame (ISO/IEC 14496-15 §5.3.3.1). */
export interface AvcDecoderConfiguration {
  /** `AVCProfileIndication`: 66 baseline, 77 main, 100 high. */
  readonly profile: number;
  /** Ten times the level: 31 is level 3.1. */
  readonly level: number;
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly nalLengthSize: number;
  /** NAL units, each with its header byte. */
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
  /** Pixels that are shown, from the first sequence parameter set. */
  readonly width: number;
  readonly height: number;
}

/** @throws MalformedError when the record breaks the rules or has no sequence parameter set. */
export function parseAvcDecoderConfiguration(bytes: Uint8Array): AvcDecoderConfiguration {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== 1) throw new MalformedError('Not an AVCDecoderConfigurationRecord');
  const profile = reader.u8();
  reader.skip(1);
  const level = reader.u8();
  const nalLengthSize = (reader.u8() & 3) + 1;
  if (nalLengthSize === 3) throw new MalformedError('NAL unit lengths of three bytes');
  const sps = readUnits(reader, reader.u8() & 0x1f);
  const pps = readUnits(reader, reader.u8());
  const [first] = sps;
  if (first === undefined) throw new MalformedError('No sequence parameter set');
  const { width, height } = parseSequenceParameterSet(first);
  return { profile, level, nalLengthSize, sps, pps, width, height };
}

function readUnits(reader: ByteReader, count: number): Uint8Array[] {
  const units: Uint8Array[] = [];
  for (let i = 0; i < count; i++) units.push(reader.bytes(reader.u16()));
  return units;
}

/**
 * Builds the record, with four-byte NAL unit lengths, from parameter set NAL units.
 *
 * @throws MalformedError when there is no sequence parameter set or it cannot be read.
 */
export function buildAvcDecoderConfiguration(
  sps: readonly Uint8Array[],
  pps: readonly Uint8Array[],
): Uint8Array {
  const [first] = sps;
  if (first === undefined) throw new MalformedError('No sequence parameter set');
  const parsed = parseSequenceParameterSet(first);
  const writer = new ByteWriter(32 + first.length)
    .u8(1)
    .u8(parsed.profile)
    .u8(parsed.compatibility)
    .u8(parsed.level)
    .u8(0xfc | 3);
  writer.u8(0xe0 | sps.length);
  for (const unit of sps) writer.u16(unit.length).bytes(unit);
  writer.u8(pps.length);
  for (const unit of pps) writer.u16(unit.length).bytes(unit);
  if (hasChromaFields(parsed.profile)) {
    writer
      .u8(0xfc | parsed.chromaFormat)
      .u8(0xf8 | (parsed.bitDepthLuma - 8))
      .u8(0xf8 | (parsed.bitDepthChroma - 8))
      .u8(0);
  }
  return writer.finish();
}
