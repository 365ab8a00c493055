import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** What VP8 and VP9 say before the first frame; the size is in the frames (VP Codec ISO Media File Format Binding). */
export interface VpCodecConfiguration {
  readonly profile: number;
  /** Ten times the level; 0 when it is not known. */
  readonly level: number;
  readonly bitDepth: number;
  readonly chromaSubsampling: number;
  readonly fullRange: boolean;
  /** Of ISO/IEC 23091-4: 2 is unspecified. */
  readonly colourPrimaries: number;
  readonly transferCharacteristics: number;
  readonly matrixCoefficients: number;
}

const bitDepths = [8, 10, 12];

/**
 * Reads a VPCodecConfigurationRecord. Publishers put the version and the flags of MP4's box before it or do not; both
 * are read.
 *
 * @throws MalformedError when it ends too early, or has a bit depth that there is not.
 */
export function parseVpCodecConfiguration(bytes: Uint8Array): VpCodecConfiguration {
  const reader = new ByteReader(bytes);
  // As a record this would be profile 1 with a bit depth of 0.
  if (bytes[0] === 1 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0) reader.skip(4);
  const profile = reader.u8();
  const level = reader.u8();
  const format = reader.u8();
  const configuration = {
    profile,
    level,
    bitDepth: format >> 4,
    chromaSubsampling: (format >> 1) & 7,
    fullRange: (format & 1) === 1,
    colourPrimaries: reader.u8(),
    transferCharacteristics: reader.u8(),
    matrixCoefficients: reader.u8(),
  };
  if (!bitDepths.includes(configuration.bitDepth)) {
    throw new MalformedError('Not a VPCodecConfigurationRecord');
  }
  return configuration;
}
