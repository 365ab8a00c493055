import { MalformedError } from '../bytes/malformed-error.js';
import { BitReader } from './bit-reader.js';
import { readCropping } from './cropping.js';
import { withoutEmulationPrevention } from './emulation-prevention.js';
import { nalUnitType, nalUnitTypeOf } from './nal-units.js';

export interface SequenceParameterSet {
  /** `profile_idc`: 66 baseline, 77 main, 100 high. */
  readonly profile: number;
  /** The constraint flags, as the byte between profile and level. */
  readonly compatibility: number;
  /** `level_idc`: ten times the level. */
  readonly level: number;
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  /** Pixels that are shown, after cropping. */
  readonly width: number;
  readonly height: number;
}

/** Profiles whose parameter set has the chroma fields (ITU-T H.264 §7.3.2.1.1). */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

export const hasChromaFields = (profile: number): boolean => highProfiles.has(profile);

/**
 * Reads what a transport needs of a sequence parameter set NAL unit (ITU-T H.264 §7.3.2.1).
 *
 * @throws MalformedError when it is something else, ends too early, or its cropping leaves nothing.
 */
export function parseSequenceParameterSet(unit: Uint8Array): SequenceParameterSet {
  if (nalUnitTypeOf(unit) !== nalUnitType.sequenceParameterSet) {
    throw new MalformedError('Not a sequence parameter set');
  }
  const reader = new BitReader(withoutEmulationPrevention(unit.subarray(1)));
  const profile = reader.bits(8);
  const compatibility = reader.bits(8);
  const level = reader.bits(8);
  reader.unsignedExpGolomb(); // seq_parameter_set_id
  const chroma = hasChromaFields(profile)
    ? readChroma(reader)
    : { chromaFormat: 1, separatePlanes: false, bitDepthLuma: 8, bitDepthChroma: 8 };
  skipPictureOrder(reader);
  reader.unsignedExpGolomb(); // max_num_ref_frames
  reader.flag(); // gaps_in_frame_num_value_allowed_flag
  const widthInBlocks = reader.unsignedExpGolomb() + 1;
  const heightInUnits = reader.unsignedExpGolomb() + 1;
  const framesOnly = reader.flag();
  if (!framesOnly) reader.flag(); // mb_adaptive_frame_field_flag
  reader.flag(); // direct_8x8_inference_flag
  const crop = readCropping(reader);
  // Cropping is counted in chroma samples, and in field lines where there are fields (equations 7-19 to 7-22).
  const subsampled = !chroma.separatePlanes && chroma.chromaFormat !== 0;
  const cropX = subsampled && chroma.chromaFormat !== 3 ? 2 : 1;
  const cropY = (subsampled && chroma.chromaFormat === 1 ? 2 : 1) * (framesOnly ? 1 : 2);
  const width = widthInBlocks * 16 - cropX * crop.horizontal;
  const height = heightInUnits * 16 * (framesOnly ? 1 : 2) - cropY * crop.vertical;
  if (width <= 0 || height <= 0) throw new MalformedError('A picture without a size');
  const { chromaFormat, bitDepthLuma, bitDepthChroma } = chroma;
  return {
    profile,
    compatibility,
    level,
    chromaFormat,
    bitDepthLuma,
    bitDepthChroma,
    width,
    height,
  };
}

function readChroma(reader: BitReader) {
  const chromaFormat = reader.unsignedExpGolomb();
  const separatePlanes = chromaFormat === 3 && reader.flag();
  const bitDepthLuma = reader.unsignedExpGolomb() + 8;
  const bitDepthChroma = reader.unsignedExpGolomb() + 8;
  reader.flag(); // qpprime_y_zero_transform_bypass_flag
  if (reader.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let i = 0; i < lists; i++) {
      if (reader.flag()) skipScalingList(reader, i < 6 ? 16 : 64);
    }
  }
  return { chromaFormat, separatePlanes, bitDepthLuma, bitDepthChroma };
}

/** §7.3.2.1.1.1 */
function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + reader.signedExpGolomb() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipPictureOrder(reader: BitReader): void {
  reader.unsignedExpGolomb(); // log2_max_frame_num_minus4
  const type = reader.unsignedExpGolomb();
  if (type === 0) {
    reader.unsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
  } else if (type === 1) {
    reader.flag(); // delta_pic_order_always_zero_flag
    reader.signedExpGolomb(); // offset_for_non_ref_pic
    reader.signedExpGolomb(); // offset_for_top_to_bottom_field
    const count = reader.unsignedExpGolomb();
    if (count > 255) throw new MalformedError('Too many frames in the picture order cycle');
    for (let i = 0; i < count; i++) reader.signedExpGolomb();
  }
}
