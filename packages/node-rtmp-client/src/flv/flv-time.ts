import type { EncodedPacket } from './encoded-packet.js';

/** Microseconds to the milliseconds of FLV and RTMP. Rounding keeps tracks within half a millisecond of each other. */
export const flvMilliseconds = (microseconds: number): number => Math.round(microseconds / 1000);

/** How the body of a tag or message is written. */
export interface FlvBodyOptions {
  /**
   * Writes what milliseconds leave of the presentation time as nanoseconds beside it (`TimestampOffsetNano`), and
   * therefore everything in the enhanced form. Only for a peer that says it knows ModEx. False by default.
   */
  readonly nanoseconds?: boolean;
}

/** A packet's times in the units of the wire. */
export interface FlvTimes {
  /** Of the tag or message, in milliseconds. */
  readonly timestampMs: number;
  /** Signed, in milliseconds; 0 for codecs without. */
  readonly compositionMs: number;
  /** Below a million; what the presentation time has beyond `timestampMs` and `compositionMs`. */
  readonly nanoseconds: number;
}

/** Only these have frames that are decoded in another order than they are shown in. */
export const hasCompositionTime = (codec: EncodedPacket['codec']): boolean =>
  codec === 'h264' || codec === 'hevc';

/** The timestamp of the tag or message that carries `packet`, in milliseconds: its decode time. */
export const flvTimestamp = (packet: EncodedPacket, options?: FlvBodyOptions): number =>
  options?.nanoseconds === true
    ? flvTimes(packet, options).timestampMs
    : flvMilliseconds(hasCompositionTime(packet.codec) ? packet.dts : packet.pts);

/** In whole milliseconds, without what nanoseconds would say; 0 for a configuration. */
export const compositionOf = ({ codec, type, pts, dts }: EncodedPacket): number =>
  hasCompositionTime(codec) && type === 'frame' ? flvMilliseconds(pts) - flvMilliseconds(dts) : 0;

/** Rounds to milliseconds; with nanoseconds asked for, it rounds down so that they only ever add to them. */
export function flvTimes(packet: EncodedPacket, options?: FlvBodyOptions): FlvTimes {
  if (options?.nanoseconds !== true) {
    return {
      timestampMs: flvTimestamp(packet),
      compositionMs: compositionOf(packet),
      nanoseconds: 0,
    };
  }
  const presentation = Math.round(packet.pts * 1000);
  const presentationMs = Math.floor(presentation / 1e6);
  const timestampMs = hasCompositionTime(packet.codec)
    ? Math.floor(Math.round(packet.dts * 1000) / 1e6)
    : presentationMs;
  return {
    timestampMs,
    compositionMs: packet.type === 'frame' ? presentationMs - timestampMs : 0,
    nanoseconds: packet.type === 'frame' ? presentation - presentationMs * 1e6 : 0,
  };
}
