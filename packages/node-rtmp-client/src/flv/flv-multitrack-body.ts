import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { AudioPacket, EncodedPacket, VideoPacket } from './encoded-packet.js';
import {
  audioPacketType,
  checkedTrackId,
  multitrackType,
  videoPacketType,
  writeModifiers,
} from './enhanced-body.js';
import { flvTimes, hasCompositionTime, type FlvBodyOptions } from './flv-time.js';
import { checkComposition } from './flv-video-body.js';
import { audioCodecNumbers, videoCodecNumbers } from './four-cc.js';

/** The enhanced header of each kind of body, in the upper half of its first byte. */
const kinds = { keyFrame: 0x90, interFrame: 0xa0, sound: 0x90 } as const;

/**
 * One body for packets of several tracks (Enhanced RTMP v2, `ManyTracks`; `ManyTracksManyCodecs` when their codecs
 * differ), in pieces so that payloads are not copied. Its tag's timestamp is `flvTimestamp` of any of them.
 *
 * The packets share what the body says once: they are all picture or all sound, of one type and one timestamp, and all
 * key frames or none.
 *
 * @throws MalformedError when they do not, when there is none, or when something does not fit its field.
 */
export function serializeFlvMultitrackBody(
  packets: readonly VideoPacket[] | readonly AudioPacket[],
  options?: FlvBodyOptions,
): Uint8Array[] {
  const [first] = packets;
  if (first === undefined) throw new MalformedError('A body without tracks');
  const times = flvTimes(first, options);
  const isOneCodec = packets.every(({ codec }) => codec === first.codec);
  const head = new ByteWriter(16);
  const multitrack =
    first.track === 'video' ? videoPacketType.multitrack : audioPacketType.multitrack;
  writeModifiers(head, { kind: kindOf(first), nanoseconds: times.nanoseconds }, multitrack);
  const type = isOneCodec ? multitrackType.manyTracks : multitrackType.manyTracksManyCodecs;
  head.u8((type << 4) | packetTypeOf(first));
  if (isOneCodec) head.u32(fourCcOf(first));
  const pieces: Uint8Array[] = [head.finish()];
  for (const packet of packets) {
    const own = flvTimes(packet, options);
    const isAlike =
      packet.track === first.track &&
      packet.type === first.type &&
      packet.keyframe === first.keyframe &&
      own.timestampMs === times.timestampMs &&
      own.nanoseconds === times.nanoseconds;
    if (!isAlike) throw new MalformedError('Packets that do not go into one body');
    pieces.push(trackHeader(packet, isOneCodec, own.compositionMs), packet.payload);
  }
  return pieces;
}

function trackHeader(
  packet: EncodedPacket,
  isOneCodec: boolean,
  compositionMs: number,
): Uint8Array {
  const isComposed = packet.type === 'frame' && hasCompositionTime(packet.codec);
  const size = packet.payload.length + (isComposed ? 3 : 0);
  if (size > 0xffffff) throw new MalformedError(`${size} bytes do not fit a track's size`);
  checkComposition(compositionMs);
  const writer = new ByteWriter(11);
  if (!isOneCodec) writer.u32(fourCcOf(packet));
  writer.u8(checkedTrackId(packet.trackId ?? 0)).u24(size);
  if (isComposed) writer.i24(compositionMs);
  return writer.finish();
}

function kindOf(packet: EncodedPacket): number {
  if (packet.track === 'audio') return kinds.sound;
  return packet.keyframe ? kinds.keyFrame : kinds.interFrame;
}

/** Sequence start and coded frames have the same numbers for sound and picture. */
const packetTypeOf = ({ type }: EncodedPacket): number =>
  type === 'config' ? videoPacketType.sequenceStart : videoPacketType.codedFrames;

const fourCcOf = (packet: EncodedPacket): number =>
  packet.track === 'video'
    ? videoCodecNumbers.numberOf[packet.codec]
    : audioCodecNumbers.numberOf[packet.codec];
