import { ByteWriter } from '../bytes/byte-writer.js';
import {
  audioPacketType,
  multitrackType,
  videoPacketType,
  type TrackBody,
} from './enhanced-body.js';
import type { OpaqueItem } from './flv-item.js';
import { fourCcName } from './opaque-packet.js';

/** The body of a tag or message in the enhanced form, of one track or several. */
interface WholeBody {
  readonly track: 'video' | 'audio';
  readonly body: Uint8Array;
  readonly keyframe: boolean;
}

const modEx = 7;

/**
 * A track whose FourCC is not known. Where its body has others too, it gets one of its own.
 *
 * @returns undefined where there is nothing in it.
 */
export function opaqueTrackItem(
  timestampMs: number,
  { track, body, keyframe }: WholeBody,
  { packetType, fourCc, trackId, reader }: TrackBody,
): OpaqueItem | undefined {
  const types = track === 'video' ? videoPacketType : audioPacketType;
  const rest = reader.rest();
  if (rest.length === 0) return undefined;
  const isConfig = packetType === types.sequenceStart;
  const first = body[0] ?? 0;
  const outer = first & 0x0f;
  const isAlone = outer !== modEx && outer !== types.multitrack;
  const time = timestampMs * 1000;
  return {
    type: 'opaque',
    packet: {
      track,
      codec: fourCcName(fourCc),
      codecId: fourCc,
      type: isConfig ? 'config' : 'frame',
      keyframe: isConfig || keyframe,
      pts: time,
      dts: time,
      ...(trackId > 0 && { trackId }),
      payload: isAlone ? body : bodyOfOne(first & 0xf0, types.multitrack),
    },
  };

  /** Without what modified it: who does not know the codec does not know what that means for it, either. */
  function bodyOfOne(kind: number, multitrack: number): Uint8Array {
    const writer = new ByteWriter(rest.length + 7);
    if (trackId === 0) writer.u8(kind | packetType);
    else writer.u8(kind | multitrack).u8((multitrackType.oneTrack << 4) | packetType);
    writer.u32(fourCc);
    if (trackId > 0) writer.u8(trackId);
    return writer.bytes(rest).finish();
  }
}
