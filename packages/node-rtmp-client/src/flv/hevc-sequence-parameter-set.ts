import { MalformedError } from '../bytes/malformed-error.js';
import { BitReader } from './bit-reader.js';
import { readCropping } from './cropping.js';
import { withoutEmulationPrevention } from './emulation-prevention.js';

export interface HevcSequenceParameterSet {
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  /** Pixels that are shown, after the conformance window. */
  readonly width: number;
  readonly height: number;
}

const sequenceParameterSet = 33;
/** Bits of the profile and of the constraints behind it. */
const profileBits = 88;
const levelBits = 8;

/**
 * Reads what a transport needs of an HEVC sequence parameter set NAL unit (ITU-T H.265 §7.3.2.2).
 *
 * @throws MalformedError when it is something else or ends too early.
 */
export function parseHevcSequenceParameterSet(unit: Uint8Array): HevcSequenceParameterSet {
  const [header = 0] = unit;
  if (((header >> 1) & 0x3f) !== sequenceParameterSet) {
    throw new MalformedError('Not a sequence parameter set');
  }
  const reader = new BitReader(withoutEmulationPrevention(unit.subarray(2)));
  reader.bits(4); // sps_video_parameter_set_id
  const subLayers = reader.bits(3);
  // The form of further layers, which have their size from elsewhere.
  if (subLayers === 7) throw new MalformedError('The parameter set of an enhancement layer');
  reader.flag(); // sps_temporal_id_nesting_flag
  skipProfileTierLevel(reader, subLayers);
  reader.unsignedExpGolomb(); // sps_seq_parameter_set_id
  const chromaFormat = reader.unsignedExpGolomb();
  const separatePlanes = chromaFormat === 3 && reader.flag();
  const codedWidth = reader.unsignedExpGolomb();
  const codedHeight = reader.unsignedExpGolomb();
  const crop = readCropping(reader);
  // The window is counted in chroma samples (table 6-1).
  const subsampled = chromaFormat !== 0 && !separatePlanes;
  const cropX = subsampled && chromaFormat !== 3 ? 2 : 1;
  const cropY = subsampled && chromaFormat === 1 ? 2 : 1;
  const bitDepthLuma = reader.unsignedExpGolomb() + 8;
  const bitDepthChroma = reader.unsignedExpGolomb() + 8;
  const width = codedWidth - cropX * crop.horizontal;
  const height = codedHeight - cropY * crop.vertical;
  if (width <= 0 || height <= 0) throw new MalformedError('A picture without a size');
  return { chromaFormat, bitDepthLuma, bitDepthChroma, width, height };
}

/** §7.3.3, without reading it: the decoder configuration says it all again. */
function skipProfileTierLevel(reader: BitReader, subLayers: number): void {
  skipBits(reader, profileBits + levelBits);
  const present: { profile: boolean; level: boolean }[] = [];
  for (let i = 0; i < subLayers; i++)
    present.push({ profile: reader.flag(), level: reader.flag() });
  if (subLayers > 0) skipBits(reader, 2 * (8 - subLayers));
  for (const { profile, level } of present) {
    skipBits(reader, (profile ? profileBits : 0) + (level ? levelBits : 0));
  }
}

function skipBits(reader: BitReader, count: number): void {
  for (let left = count; left > 0; left -= 32) reader.bits(Math.min(32, left));
}
