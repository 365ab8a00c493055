import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { parseColorInfo } from './color-info.js';
import type { VideoCodec, VideoPacket } from './encoded-packet.js';
import {
  iterateTracks,
  readModifiers,
  videoPacketType,
  writeEnhancedHeader,
  type Modifiers,
  type TrackBody,
} from './enhanced-body.js';
import type { FlvItem } from './flv-item.js';
import { compositionOf, flvTimes, hasCompositionTime, type FlvBodyOptions } from './flv-time.js';
import { videoCodecNumbers } from './four-cc.js';
import { isKeyPicture } from './is-key-picture.js';
import { opaqueCodecName } from './opaque-packet.js';
import { opaqueTrackItem } from './opaque-track-item.js';

const codecIdAvc = 7;
/** In no specification, but sent by Chinese encoders and phones; its tags are those of AVC otherwise. */
const codecIdHevc = 12;
const avcPacketType = { config: 0, frame: 1, end: 2 } as const;
/** Frame type and codec, packet type, composition time. */
const legacyHeaderLength = 5;

/** FLV 10.1 §E.4.3.1; three bits in the enhanced form, whose top bit says that it is one. */
const frameType = { key: 1, inter: 2, disposableInter: 3, generatedKey: 4, command: 5 } as const;
const enhancedBit = 0x80;

/**
 * Reads a video tag's body, which is also the payload of an RTMP video message (FLV 10.1 §E.4.3; Enhanced RTMP v2,
 * "Enhanced Video").
 *
 * @param timestampMs the tag's timestamp: the decode time.
 * @returns what is in it, payloads as views, whatever the size of NAL unit lengths: several items where there are
 * several tracks; none for other codecs and kinds, and where there is nothing to decode.
 * @throws MalformedError when an enhanced body ends too early.
 */
export function parseFlvVideoBody(timestampMs: number, body: Uint8Array): FlvItem[] {
  // By index: taking bytes apart by destructuring goes through an iterator, and this is on the way of every frame.
  const first = body[0];
  if (first === undefined) return [];
  return first >= enhancedBit
    ? parseEnhanced(timestampMs, body)
    : parseLegacy(timestampMs, first, body);
}

function parseLegacy(timestampMs: number, first: number, body: Uint8Array): FlvItem[] {
  const kind = first >> 4;
  const codecId = first & 0x0f;
  const codec = legacyCodecOf(codecId);
  if (kind === frameType.command) {
    // Servers leave out the packet type and the composition time of AVC, which have no meaning here.
    const at = codec !== undefined && body.length > legacyHeaderLength ? legacyHeaderLength : 1;
    return commandItem(timestampMs, body[at]);
  }
  if (codec === undefined) return opaqueItem(timestampMs, codecId, body);
  if (body.length < legacyHeaderLength) return [];
  const packetType = body[1];
  const dts = timestampMs * 1000;
  if (packetType === avcPacketType.end) {
    return [{ type: 'sequence-end', track: 'video', codec, trackId: 0, timestamp: dts }];
  }
  const isConfig = packetType === avcPacketType.config;
  if (body.length === legacyHeaderLength || !(isConfig || packetType === avcPacketType.frame)) {
    return [];
  }
  const compositionMs =
    (((body[2] ?? 0) << 24) | ((body[3] ?? 0) << 16) | ((body[4] ?? 0) << 8)) >> 8;
  const payload = body.subarray(legacyHeaderLength);
  const packet: VideoPacket = {
    track: 'video',
    codec,
    type: isConfig ? 'config' : 'frame',
    keyframe: isConfig || isKey(kind, codec, payload),
    dts,
    pts: isConfig ? dts : dts + compositionMs * 1000,
    payload,
  };
  return [{ type: 'packet', packet }];
}

function legacyCodecOf(codecId: number): 'h264' | 'hevc' | undefined {
  if (codecId === codecIdAvc) return 'h264';
  return codecId === codecIdHevc ? 'hevc' : undefined;
}

function opaqueItem(timestampMs: number, codecId: number, body: Uint8Array): FlvItem[] {
  if (body.length === 1) return [];
  const time = timestampMs * 1000;
  const codec = opaqueCodecName('video', codecId);
  const keyframe = !isInter((body[0] ?? 0) >> 4);
  const of = { track: 'video', codec, codecId, type: 'frame', keyframe } as const;
  return [{ type: 'opaque', packet: { ...of, pts: time, dts: time, payload: body } }];
}

const isInter = (kind: number): boolean =>
  kind === frameType.inter || kind === frameType.disposableInter;

/** What the frame type says; where it says nothing, what the frame says. */
function isKey(kind: number, codec: VideoCodec, frame: Uint8Array): boolean {
  switch (kind) {
    case frameType.key:
    case frameType.generatedKey:
      return true;
    case frameType.inter:
    case frameType.disposableInter:
      return false;
    default:
      return isKeyPicture(codec, frame);
  }
}

function commandItem(timestampMs: number, command: number | undefined): FlvItem[] {
  if (command !== 0 && command !== 1) return [];
  const name = command === 0 ? 'start-seek' : 'end-seek';
  return [{ type: 'video-command', command: name, timestamp: timestampMs * 1000 }];
}

function parseEnhanced(timestampMs: number, body: Uint8Array): FlvItem[] {
  const reader = new ByteReader(body);
  const first = reader.u8();
  const kind = (first >> 4) & 7;
  const modifiers = readModifiers(reader, first & 0x0f);
  if (modifiers === undefined) return [];
  const { packetType } = modifiers;
  if (kind === frameType.command && packetType !== videoPacketType.metadata) {
    return commandItem(timestampMs, reader.u8());
  }
  if (packetType > videoPacketType.multitrack) return [];
  const items: FlvItem[] = [];
  for (const track of iterateTracks(reader, packetType, videoPacketType.multitrack)) {
    const codec = videoCodecNumbers.codecOf.get(track.fourCc);
    const item =
      codec === undefined
        ? opaqueTrackItem(timestampMs, { track: 'video', body, keyframe: !isInter(kind) }, track)
        : trackItem(timestampMs, modifiers, kind, codec, track);
    if (item !== undefined) items.push(item);
  }
  return items;
}

function trackItem(
  timestampMs: number,
  { nanoseconds }: Modifiers,
  kind: number,
  codec: VideoCodec,
  { packetType, trackId, reader }: TrackBody,
): FlvItem | undefined {
  const timestamp = timestampMs * 1000;
  switch (packetType) {
    case videoPacketType.sequenceStart:
    case videoPacketType.codedFrames:
    case videoPacketType.codedFramesX: {
      const isConfig = packetType === videoPacketType.sequenceStart;
      const isComposed = packetType === videoPacketType.codedFrames && hasCompositionTime(codec);
      const presentationMs = timestampMs + (isComposed ? reader.i24() : 0);
      const pts = (presentationMs * 1e6 + (isConfig ? 0 : nanoseconds)) / 1000;
      const payload = reader.rest();
      // A configuration without a record says nothing either, and some close on it.
      if (payload.length === 0) return undefined;
      const packet: VideoPacket = {
        track: 'video',
        codec,
        type: isConfig ? 'config' : 'frame',
        keyframe: isConfig || isKey(kind, codec, payload),
        dts: hasCompositionTime(codec) ? timestamp : pts,
        pts,
        payload,
      };
      return { type: 'packet', packet: trackId === 0 ? packet : { ...packet, trackId } };
    }
    case videoPacketType.sequenceEnd:
      return { type: 'sequence-end', track: 'video', codec, trackId, timestamp };
    case videoPacketType.metadata: {
      const value = parseColorInfo(reader.rest());
      return value && { type: 'color-info', codec, trackId, timestamp, value };
    }
    default:
      // Also what an MPEG-2 transport stream begins with: its frames are in another form than a packet's.
      return undefined;
  }
}

/**
 * What goes before the payload in a video tag's body: H.264 of the default track in the form of FLV 10.1, all else in
 * the enhanced form. The tag's timestamp is `flvTimestamp` with the same options.
 *
 * @throws MalformedError when pts and dts lie further apart than signed 24 bits of milliseconds, or the track's id does
 * not fit a byte.
 */
export function serializeFlvVideoBodyHeader(
  packet: VideoPacket,
  options?: FlvBodyOptions,
): Uint8Array {
  const { codec, trackId = 0 } = packet;
  const kind = packet.keyframe ? frameType.key : frameType.inter;
  if (codec === 'h264' && trackId === 0 && options?.nanoseconds !== true) {
    const compositionMs = compositionOf(packet);
    checkComposition(compositionMs);
    return Uint8Array.of(
      (kind << 4) | codecIdAvc,
      avcPacketType[packet.type],
      compositionMs >> 16,
      compositionMs >> 8,
      compositionMs,
    );
  }
  const { compositionMs, nanoseconds } = flvTimes(packet, options);
  checkComposition(compositionMs);
  const packetType = packetTypeOf(packet, compositionMs);
  const writer = writeEnhancedHeader(new ByteWriter(18), {
    kind: enhancedBit | (kind << 4),
    packetType,
    multitrack: videoPacketType.multitrack,
    fourCc: videoCodecNumbers.numberOf[codec],
    trackId,
    nanoseconds,
  });
  if (packetType === videoPacketType.codedFrames && hasCompositionTime(codec)) {
    writer.i24(compositionMs);
  }
  return writer.finish();
}

function packetTypeOf({ type, codec }: VideoPacket, compositionMs: number): number {
  if (type === 'config') return videoPacketType.sequenceStart;
  return hasCompositionTime(codec) && compositionMs === 0
    ? videoPacketType.codedFramesX
    : videoPacketType.codedFrames;
}

/** @throws MalformedError when it does not fit signed 24 bits. */
export function checkComposition(compositionMs: number): void {
  if (compositionMs < -0x800000 || compositionMs > 0x7fffff) {
    throw new MalformedError(`A composition time of ${compositionMs} ms does not fit 24 bits`);
  }
}
