import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** `nal_unit_type` of ITU-T H.264 table 7-1, as far as a transport needs to tell them apart. */
export const nalUnitType = {
  slice: 1,
  idrSlice: 5,
  sei: 6,
  sequenceParameterSet: 7,
  pictureParameterSet: 8,
  accessUnitDelimiter: 9,
} as const;

/** Far more than any level allows in a picture. Each of those in an access unit costs memory beyond its bytes. */
const maxUnits = 4096;

/** The type of a NAL unit, from its header byte. */
export const nalUnitTypeOf = (unit: Uint8Array): number => (unit[0] ?? 0) & 0x1f;

/**
 * The NAL units of an access unit in which each follows its length (ISO/IEC 14496-15 §5.2.3), as views.
 *
 * @param lengthSize bytes of each length: 1, 2 or 4, from the AVCDecoderConfigurationRecord.
 * @throws MalformedError when a length points past the end, or there are more than 4096.
 */
export function* iterateLengthPrefixed(
  accessUnit: Uint8Array,
  lengthSize = 4,
): Generator<Uint8Array> {
  let at = 0;
  let count = 0;
  while (at < accessUnit.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + (accessUnit[at + i] ?? 0);
    const start = at + lengthSize;
    if (start + length > accessUnit.length) {
      throw new MalformedError(`NAL unit of ${length} bytes at offset ${at} ends past its frame`);
    }
    if (length > 0) {
      if (++count > maxUnits) throw new MalformedError('Too many NAL units in a frame');
      yield accessUnit.subarray(start, start + length);
    }
    at = start + length;
  }
}

/** The NAL units of an Annex B byte stream (ITU-T H.264 §B.1), as views without start codes and trailing zeros. */
export function* iterateAnnexB(bytes: Uint8Array): Generator<Uint8Array> {
  let start = findStartCode(bytes, 0);
  while (start < bytes.length) {
    const begin = start + 3;
    const next = findStartCode(bytes, begin);
    let end = next;
    // A NAL unit never ends in a zero byte, so zeros belong to the next start code or are trailing_zero_8bits.
    while (end > begin && bytes[end - 1] === 0) end--;
    if (end > begin) yield bytes.subarray(begin, end);
    start = next;
  }
}

/** Index of the next 00 00 01, or the length of `bytes`. */
function findStartCode(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(1, from + 2); at !== -1; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] === 0 && bytes[at - 2] === 0) return at - 2;
  }
  return bytes.length;
}

/** True when the bytes begin with a start code. */
export const isAnnexB = (bytes: Uint8Array): boolean =>
  bytes[0] === 0 && bytes[1] === 0 && (bytes[2] === 1 || (bytes[2] === 0 && bytes[3] === 1));

/**
 * The NAL units of a frame behind four-byte lengths, or what else senders put into a tag: shorter lengths, start codes. As
 * views.
 *
 * @throws MalformedError when it is none of these.
 */
export function unitsOfFrame(frame: Uint8Array): Iterable<Uint8Array> {
  if (isAnnexB(frame)) return iterateAnnexB(frame);
  const lengthSize = [4, 2, 1].find((size) => areLengths(frame, size)) ?? 4;
  return iterateLengthPrefixed(frame, lengthSize);
}

/** Whether lengths of that size lead to just the end of the frame. */
function areLengths(frame: Uint8Array, lengthSize: number): boolean {
  const reader = new ByteReader(frame);
  while (reader.remaining >= lengthSize) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + reader.u8();
    if (length > reader.remaining) return false;
    reader.skip(length);
  }
  return reader.remaining === 0;
}

/** Puts a four-byte length before each NAL unit: the form that {@link EncodedPacket} carries. */
export function joinLengthPrefixed(units: Iterable<Uint8Array>): Uint8Array {
  const list = [...units];
  const writer = new ByteWriter(list.reduce((sum, unit) => sum + 4 + unit.length, 0));
  for (const unit of list) writer.u32(unit.length).bytes(unit);
  return writer.finish();
}

/**
 * Annex B to four-byte lengths.
 *
 * @param keep which NAL units to keep by their type; all by default.
 */
export function annexBToLengthPrefixed(
  bytes: Uint8Array,
  keep: (type: number) => boolean = () => true,
): Uint8Array {
  return joinLengthPrefixed([...iterateAnnexB(bytes)].filter((unit) => keep(nalUnitTypeOf(unit))));
}

/** Lengths to Annex B with four-byte start codes. */
export function lengthPrefixedToAnnexB(accessUnit: Uint8Array, lengthSize = 4): Uint8Array {
  const writer = new ByteWriter(accessUnit.length + 16);
  for (const unit of iterateLengthPrefixed(accessUnit, lengthSize)) writer.u32(1).bytes(unit);
  return writer.finish();
}
