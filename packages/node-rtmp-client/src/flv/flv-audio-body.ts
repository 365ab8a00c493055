import type { AudioPacket } from './encoded-packet.js';

const soundFormatAac = 10;
/** AAC, "44 kHz", 16 bit, stereo: for AAC these are fixed and the AudioSpecificConfig tells the truth (FLV 10.1 §E.4.2.1). */
const aacHeader = 0xaf;
const aacPacketType = { config: 0, frame: 1 } as const;

/**
 * Reads an audio tag's body, which is also the payload of an RTMP audio message (FLV 10.1 §E.4.2).
 *
 * @param timestampMs the tag's timestamp.
 * @returns the packet, its payload a view; undefined for what is not AAC, or holds nothing.
 */
export function parseFlvAudioBody(timestampMs: number, body: Uint8Array): AudioPacket | undefined {
  const [header, packetType] = body;
  if (header === undefined || header >> 4 !== soundFormatAac) return undefined;
  if (packetType !== aacPacketType.config && packetType !== aacPacketType.frame) return undefined;
  if (body.length <= 2) return undefined;
  const time = timestampMs * 1000;
  return {
    track: 'audio',
    codec: 'aac',
    type: packetType === aacPacketType.config ? 'config' : 'frame',
    keyframe: true,
    pts: time,
    dts: time,
    payload: body.subarray(2),
  };
}

/** What goes before the payload in an audio tag's body. */
export function serializeFlvAudioBodyHeader(packet: AudioPacket): Uint8Array {
  return Uint8Array.of(aacHeader, aacPacketType[packet.type]);
}
