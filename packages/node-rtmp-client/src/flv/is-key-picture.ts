import { MalformedError } from '../bytes/malformed-error.js';
import { readObus } from './av1-obus.js';
import { BitReader } from './bit-reader.js';
import type { VideoCodec } from './encoded-packet.js';
import { nalUnitType, unitsOfFrame } from './nal-units.js';

/** ITU-T H.265 table 7-1: BLA, IDR and CRA pictures, and what is reserved for more of them. */
const hevcIntraPictures = { first: 16, last: 23 } as const;
/** AV1 §6.2.2. */
const obuType = { sequenceHeader: 1, frameHeader: 3, frame: 6 } as const;

/**
 * Whether a frame can be decoded without any before it, as the bitstream itself says: for senders who leave the frame
 * type of the tag at 0, as MediaMTX does.
 *
 * @param frame as in an `EncodedPacket`, whatever the size of NAL unit lengths.
 * @returns false also where the frame cannot be read.
 */
export function isKeyPicture(codec: VideoCodec, frame: Uint8Array): boolean {
  try {
    switch (codec) {
      case 'h264':
        return some(
          unitsOfFrame(frame),
          (unit) => ((unit[0] ?? 0) & 0x1f) === nalUnitType.idrSlice,
        );
      case 'hevc':
        return some(unitsOfFrame(frame), (unit) => {
          const type = ((unit[0] ?? 0) >> 1) & 0x3f;
          return type >= hevcIntraPictures.first && type <= hevcIntraPictures.last;
        });
      case 'av1':
        return isAv1Key(frame);
      case 'vp8':
        // RFC 6386 §9.1: the first bit of the frame tag.
        return frame.length > 0 && ((frame[0] ?? 1) & 1) === 0;
      case 'vp9':
        return isVp9Key(new BitReader(frame));
    }
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}

function some(units: Iterable<Uint8Array>, isWanted: (unit: Uint8Array) => boolean): boolean {
  for (const unit of units) if (isWanted(unit)) return true;
  return false;
}

/** AV1 §5.9.2: the first frame of the temporal unit is a key frame that is shown. */
function isAv1Key(temporalUnit: Uint8Array): boolean {
  let isReduced = false;
  for (const { type, payload } of readObus(temporalUnit)) {
    if (type === obuType.sequenceHeader) {
      // seq_profile, still_picture, reduced_still_picture_header
      isReduced = ((payload[0] ?? 0) & 0x08) !== 0;
    } else if (type === obuType.frameHeader || type === obuType.frame) {
      if (isReduced) return true;
      const bits = new BitReader(payload);
      const showsExisting = bits.flag();
      return !showsExisting && bits.bits(2) === 0 && bits.flag();
    }
  }
  return false;
}

/** VP9 §6.2, uncompressed_header. */
function isVp9Key(bits: BitReader): boolean {
  if (bits.bits(2) !== 2) return false;
  const profile = bits.bit() + 2 * bits.bit();
  if (profile === 3) bits.bit();
  const showsExisting = bits.flag();
  return !showsExisting && !bits.flag();
}
