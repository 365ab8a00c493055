import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { VideoPacket } from './encoded-packet.js';
import { flvMilliseconds } from './flv-time.js';

const codecIdAvc = 7;
const frameType = { key: 1, inter: 2, command: 5 } as const;
const avcPacketType = { config: 0, frame: 1 } as const;
/** Frame type and codec, packet type, composition time. */
const headerLength = 5;

/**
 * Reads a video tag's body, which is also the payload of an RTMP video message (FLV 10.1 §E.4.3).
 *
 * @param timestampMs the tag's timestamp: the decode time.
 * @returns the packet, its payload a view, whatever the size of its NAL unit lengths; undefined for what is not H.264, or holds nothing to decode.
 */
export function parseFlvVideoBody(timestampMs: number, body: Uint8Array): VideoPacket | undefined {
  if (body.length <= headerLength) return undefined;
  const reader = new ByteReader(body);
  const first = reader.u8();
  // The top bit marks the enhanced header, where the low half is no codec.
  if (first >= 0x80 || (first & 0x0f) !== codecIdAvc || first >> 4 === frameType.command) {
    return undefined;
  }
  const packetType = reader.u8();
  if (packetType !== avcPacketType.config && packetType !== avcPacketType.frame) return undefined;
  const compositionMs = reader.i24();
  const isConfig = packetType === avcPacketType.config;
  return {
    track: 'video',
    codec: 'h264',
    type: isConfig ? 'config' : 'frame',
    keyframe: isConfig || first >> 4 === frameType.key,
    dts: timestampMs * 1000,
    pts: (timestampMs + (isConfig ? 0 : compositionMs)) * 1000,
    payload: reader.rest(),
  };
}

/**
 * What goes before the payload in a video tag's body.
 *
 * @throws MalformedError when pts and dts lie further apart than signed 24 bits of milliseconds.
 */
export function serializeFlvVideoBodyHeader(packet: VideoPacket): Uint8Array {
  const compositionMs =
    packet.type === 'config' ? 0 : flvMilliseconds(packet.pts) - flvMilliseconds(packet.dts);
  if (compositionMs < -0x800000 || compositionMs > 0x7fffff) {
    throw new MalformedError(`A composition time of ${compositionMs} ms does not fit 24 bits`);
  }
  return new ByteWriter(headerLength)
    .u8(((packet.keyframe ? frameType.key : frameType.inter) << 4) | codecIdAvc)
    .u8(avcPacketType[packet.type])
    .i24(compositionMs)
    .finish();
}
