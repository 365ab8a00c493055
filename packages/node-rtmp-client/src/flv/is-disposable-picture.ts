import { MalformedError } from '../bytes/malformed-error.js';
import type { VideoCodec } from './encoded-packet.js';
import { nalUnitType, nalUnitTypeOf, unitsOfFrame } from './nal-units.js';

/**
 * Whether no other picture is decoded from this one, so that it can be left out and nobody sees more than a shorter
 * motion: a non-reference picture of H.264 (ITU-T H.264 §7.4.1, `nal_ref_idc` 0), as most B-frames are.
 *
 * @param frame as in an `EncodedPacket`, whatever the size of NAL unit lengths.
 * @returns false also of other codecs, whose pictures say it only together with what came before, and where the frame
 * cannot be read.
 */
export function isDisposablePicture(codec: VideoCodec, frame: Uint8Array): boolean {
  if (codec !== 'h264') return false;
  try {
    let slices = 0;
    for (const unit of unitsOfFrame(frame)) {
      const type = nalUnitTypeOf(unit);
      if (type < nalUnitType.slice || type > nalUnitType.idrSlice) continue;
      if (((unit[0] ?? 0) & 0x60) !== 0) return false;
      slices += 1;
    }
    return slices > 0;
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}
