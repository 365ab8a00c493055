import type { BitReader } from './bit-reader.js';

/**
 * The cropping flag and offsets of a sequence parameter set, in the stream's own units: H.264 §7.3.2.1.1
 * (`frame_cropping_flag`) and H.265 §7.3.2.2.1 (`conformance_window_flag`) write them alike.
 */
export function readCropping(reader: BitReader): { horizontal: number; vertical: number } {
  if (!reader.flag()) return { horizontal: 0, vertical: 0 };
  const left = reader.unsignedExpGolomb();
  const right = reader.unsignedExpGolomb();
  const top = reader.unsignedExpGolomb();
  const bottom = reader.unsignedExpGolomb();
  return { horizontal: left + right, vertical: top + bottom };
}
