import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** What a FLAC decoder needs before the first frame (RFC 9639 §8.2). */
export interface FlacStreamInfo {
  /** Samples of a block, for each channel. */
  readonly minBlockSize: number;
  readonly maxBlockSize: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
}

const streamInfoLength = 34;

/**
 * Reads a STREAMINFO block: behind `fLaC` and a block's header as the specification has it, or alone, as some
 * publishers write it.
 *
 * @throws MalformedError when it is something else or ends too early.
 */
export function parseFlacStreamInfo(bytes: Uint8Array): FlacStreamInfo {
  const reader = new ByteReader(bytes);
  const hasSignature = bytes.length > streamInfoLength;
  if (hasSignature) {
    if (reader.text(4) !== 'fLaC') throw new MalformedError('Not a FLAC stream');
    if ((reader.u8() & 0x7f) !== 0 || reader.u24() !== streamInfoLength) {
      throw new MalformedError('FLAC without STREAMINFO in front');
    }
  }
  const block = new ByteReader(reader.bytes(streamInfoLength));
  const minBlockSize = block.u16();
  const maxBlockSize = block.u16();
  block.skip(6); // frame sizes
  // 20 bits of rate, 3 of channels less 1, 5 of bits less 1; the rest is the number of samples.
  const packed = block.u32();
  const sampleRate = packed >>> 12;
  if (sampleRate === 0) throw new MalformedError('FLAC without a sample rate');
  return {
    minBlockSize,
    maxBlockSize,
    sampleRate,
    channels: ((packed >> 9) & 7) + 1,
    bitsPerSample: ((packed >> 4) & 31) + 1,
  };
}
