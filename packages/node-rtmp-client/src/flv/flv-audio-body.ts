import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { readChannelLayout } from './channel-layout.js';
import type { AudioCodec, AudioPacket } from './encoded-packet.js';
import {
  audioPacketType,
  iterateTracks,
  readModifiers,
  writeEnhancedHeader,
  type Modifiers,
  type TrackBody,
} from './enhanced-body.js';
import type { FlvItem } from './flv-item.js';
import { flvTimes, type FlvBodyOptions } from './flv-time.js';
import { audioCodecNumbers } from './four-cc.js';
import { mp3SoundFlags } from './mp3-sound-flags.js';
import { opaqueCodecName } from './opaque-packet.js';
import { opaqueTrackItem } from './opaque-track-item.js';

/** FLV 10.1 §E.4.2.1; 9 marks the enhanced header. */
const soundFormat = { mp3: 2, enhanced: 9, aac: 10, mp3At8kHz: 14 } as const;
/**
 * AAC, "44 kHz", 16 bit, stereo: for AAC these are fixed and the AudioSpecificConfig tells the truth (FLV 10.1
 * §E.4.2.1).
 */
const aacHeader = 0xaf;
const aacPacketType = { config: 0, frame: 1 } as const;

/**
 * Reads an audio tag's body, which is also the payload of an RTMP audio message (FLV 10.1 §E.4.2; Enhanced RTMP v2,
 * "Enhanced Audio").
 *
 * @param timestampMs the tag's timestamp.
 * @returns what is in it, payloads as views: several items where there are several tracks; none for other codecs and
 * kinds, and for an empty body, which says that there is silence.
 * @throws MalformedError when an enhanced body ends too early.
 */
export function parseFlvAudioBody(timestampMs: number, body: Uint8Array): FlvItem[] {
  const first = body[0];
  const packetType = body[1];
  if (first === undefined) return [];
  switch (first >> 4) {
    case soundFormat.aac:
      if (packetType !== aacPacketType.config && packetType !== aacPacketType.frame) return [];
      return legacyItem(
        timestampMs,
        'aac',
        packetType === aacPacketType.config ? 'config' : 'frame',
        body.subarray(2),
      );
    case soundFormat.mp3:
    case soundFormat.mp3At8kHz:
      return legacyItem(timestampMs, 'mp3', 'frame', body.subarray(1));
    case soundFormat.enhanced:
      return parseEnhanced(timestampMs, body);
    default:
      return opaqueItem(timestampMs, first >> 4, body);
  }
}

function opaqueItem(timestampMs: number, format: number, body: Uint8Array): FlvItem[] {
  if (body.length === 1) return [];
  const time = timestampMs * 1000;
  const codec = opaqueCodecName('audio', format);
  const of = { track: 'audio', codec, codecId: format, type: 'frame', keyframe: true } as const;
  return [{ type: 'opaque', packet: { ...of, pts: time, dts: time, payload: body } }];
}

function legacyItem(
  timestampMs: number,
  codec: AudioCodec,
  type: 'config' | 'frame',
  payload: Uint8Array,
): FlvItem[] {
  if (payload.length === 0) return [];
  const time = timestampMs * 1000;
  const packet: AudioPacket = {
    track: 'audio',
    codec,
    type,
    keyframe: true,
    pts: time,
    dts: time,
    payload,
  };
  return [{ type: 'packet', packet }];
}

function parseEnhanced(timestampMs: number, body: Uint8Array): FlvItem[] {
  const reader = new ByteReader(body);
  const modifiers = readModifiers(reader, reader.u8() & 0x0f);
  if (modifiers === undefined || modifiers.packetType > audioPacketType.multitrack) return [];
  const items: FlvItem[] = [];
  for (const track of iterateTracks(reader, modifiers.packetType, audioPacketType.multitrack)) {
    const codec = audioCodecNumbers.codecOf.get(track.fourCc);
    const item =
      codec === undefined
        ? opaqueTrackItem(timestampMs, { track: 'audio', body, keyframe: true }, track)
        : trackItem(timestampMs, modifiers, codec, track);
    if (item !== undefined) items.push(item);
  }
  return items;
}

function trackItem(
  timestampMs: number,
  { nanoseconds }: Modifiers,
  codec: AudioCodec,
  { packetType, trackId, reader }: TrackBody,
): FlvItem | undefined {
  const timestamp = timestampMs * 1000;
  switch (packetType) {
    case audioPacketType.sequenceStart:
    case audioPacketType.codedFrames: {
      const isConfig = packetType === audioPacketType.sequenceStart;
      const payload = reader.rest();
      if (payload.length === 0 && !(isConfig && mayBeEmpty(codec))) return undefined;
      const pts = isConfig ? timestamp : (timestampMs * 1e6 + nanoseconds) / 1000;
      const packet: AudioPacket = {
        track: 'audio',
        codec,
        type: isConfig ? 'config' : 'frame',
        keyframe: true,
        pts,
        dts: pts,
        payload,
      };
      return { type: 'packet', packet: trackId === 0 ? packet : { ...packet, trackId } };
    }
    case audioPacketType.sequenceEnd:
      return { type: 'sequence-end', track: 'audio', codec, trackId, timestamp };
    case audioPacketType.multichannelConfig: {
      const layout = readChannelLayout(reader);
      return layout && { type: 'channel-layout', codec, trackId, timestamp, layout };
    }
    default:
      return undefined;
  }
}

/** The others' configuration is a record, of which nothing says nothing. */
const mayBeEmpty = (codec: AudioCodec): boolean => codec !== 'aac' && codec !== 'flac';

/**
 * What goes before the payload in an audio tag's body: AAC and MP3 of the default track in the form of FLV 10.1, all
 * else in the enhanced form. The tag's timestamp is `flvTimestamp` with the same options.
 *
 * @throws MalformedError when the track's id does not fit a byte.
 */
export function serializeFlvAudioBodyHeader(
  packet: AudioPacket,
  options?: FlvBodyOptions,
): Uint8Array {
  const { codec, type, trackId = 0 } = packet;
  if (trackId === 0 && options?.nanoseconds !== true) {
    if (codec === 'aac') return Uint8Array.of(aacHeader, aacPacketType[type]);
    if (codec === 'mp3' && type === 'frame') {
      return Uint8Array.of((soundFormat.mp3 << 4) | mp3SoundFlags(packet.payload));
    }
  }
  return writeEnhancedHeader(new ByteWriter(15), {
    kind: soundFormat.enhanced << 4,
    packetType: type === 'config' ? audioPacketType.sequenceStart : audioPacketType.codedFrames,
    multitrack: audioPacketType.multitrack,
    fourCc: audioCodecNumbers.numberOf[codec],
    trackId,
    nanoseconds: flvTimes(packet, options).nanoseconds,
  }).finish();
}
