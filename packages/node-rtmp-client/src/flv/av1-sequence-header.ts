import { readObus } from './av1-obus.js';
import { BitReader } from './bit-reader.js';

const sequenceHeader = 1;

export interface Av1SequenceHeader {
  /** The largest frame, in pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Looks for a sequence header among OBUs and reads what a transport needs of it (AV1 §5.5).
 *
 * @returns undefined when there is none.
 * @throws MalformedError when an OBU ends too early.
 */
export function findAv1SequenceHeader(obus: Uint8Array): Av1SequenceHeader | undefined {
  for (const { type, payload } of readObus(obus)) {
    if (type === sequenceHeader) return parseSequenceHeader(payload);
  }
  return undefined;
}

function parseSequenceHeader(payload: Uint8Array): Av1SequenceHeader {
  const reader = new BitReader(payload);
  reader.bits(3); // seq_profile
  reader.flag(); // still_picture
  const isReduced = reader.flag();
  if (isReduced)
    reader.bits(5); // seq_level_idx
  else skipOperatingPoints(reader);
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  return { width: reader.bits(widthBits) + 1, height: reader.bits(heightBits) + 1 };
}

function skipOperatingPoints(reader: BitReader): void {
  const delayBits = reader.flag() ? skipTiming(reader) : undefined;
  const hasDisplayDelay = reader.flag();
  for (let count = reader.bits(5) + 1; count > 0; count--) {
    reader.bits(12); // operating_point_idc
    if (reader.bits(5) > 7) reader.flag(); // seq_level_idx, seq_tier
    if (delayBits !== undefined && reader.flag()) {
      reader.bits(delayBits); // decoder_buffer_delay
      reader.bits(delayBits); // encoder_buffer_delay
      reader.flag(); // low_delay_mode_flag
    }
    if (hasDisplayDelay && reader.flag()) reader.bits(4);
  }
}

/** @returns the bits of a buffer delay; undefined when there is no decoder model. */
function skipTiming(reader: BitReader): number | undefined {
  reader.bits(32); // num_units_in_display_tick
  reader.bits(32); // time_scale
  if (reader.flag()) skipUnsignedVariable(reader); // num_ticks_per_picture_minus_1
  if (!reader.flag()) return undefined;
  const delayBits = reader.bits(5) + 1;
  reader.bits(32); // num_units_in_decoding_tick
  reader.bits(10); // buffer_removal_time_length_minus_1, frame_presentation_time_length_minus_1
  return delayBits;
}

/** uvlc() of §4.10.3, whose value nobody asks for. */
function skipUnsignedVariable(reader: BitReader): void {
  let zeros = 0;
  while (!reader.flag()) zeros++;
  if (zeros < 32) reader.bits(zeros);
}
