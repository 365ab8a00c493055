import { isAmfObject, type AmfObject, type AmfValue } from '../amf/amf-value.js';
import type { AudioCodec, VideoCodec } from '../flv/encoded-packet.js';
import { audioFourCc, videoFourCc } from '../flv/four-cc.js';

/** What a peer can do with a codec, Enhanced RTMP v2 "FourCcInfoMask". Combined with a bitwise or. */
export const fourCcInfo = { canDecode: 1, canEncode: 2, canForward: 4 } as const;

/** Extensions beyond codecs, Enhanced RTMP v2 "CapsExMask". */
export interface ExtendedCapabilities {
  /** Follows NetConnection.Connect.ReconnectRequest. */
  readonly reconnect: boolean;
  readonly multitrack: boolean;
  /** Can read, or at least pass over, ModEx. */
  readonly modEx: boolean;
  readonly timestampNanoOffset: boolean;
}

/**
 * What one end of a connection can do: declared by the client in the object of `connect`, and by the server in its
 * answer (RTMP 1.0 §7.2.1.1, Enhanced RTMP v2 "Enhancing NetConnection connect Command").
 */
export interface Capabilities {
  /** Codecs by FourCC, "*" for any: how Enhanced RTMP v1 says it. */
  readonly fourCcList: readonly string[];
  /** Bits of `fourCcInfo` by FourCC; those of "*" hold for every codec. */
  readonly videoFourCcInfoMap: Readonly<Record<string, number>>;
  readonly audioFourCcInfoMap: Readonly<Record<string, number>>;
  readonly capsEx: ExtendedCapabilities;
  /** 0 for AMF0, 3 for AMF3. */
  readonly objectEncoding: number;
  /** Bits of the old lists of codecs; undefined when there were none. */
  readonly audioCodecs?: number;
  readonly videoCodecs?: number;
  /** 1 seeks to exact frames, 2 shows HDR, 4 reads video metadata packets, 8 large-scale tiles. */
  readonly videoFunction: number;
}

const capsExBits = { reconnect: 1, multitrack: 2, modEx: 4, timestampNanoOffset: 8 } as const;
/** More codecs than anybody has; a peer must not make us keep what it makes up. */
const maxCodecs = 64;
const fourCcPattern = /^(\*|.{4})$/su;

/** Says nothing at all: a peer from before Enhanced RTMP. */
export const noCapabilities: Capabilities = {
  fourCcList: [],
  videoFourCcInfoMap: {},
  audioFourCcInfoMap: {},
  capsEx: { reconnect: false, multitrack: false, modEx: false, timestampNanoOffset: false },
  objectEncoding: 0,
  videoFunction: 0,
};

const everything = fourCcInfo.canDecode | fourCcInfo.canEncode | fourCcInfo.canForward;
const mapOf = (fourCcs: Readonly<Record<string, string>>): Record<string, number> =>
  Object.fromEntries(Object.values(fourCcs).map((fourCc) => [fourCc, everything]));

/**
 * What this library carries, in either role. It neither decodes nor encodes; what it is asked is whether it takes and
 * brings the codec, and peers look for either bit.
 */
export const libraryCapabilities: Capabilities = {
  fourCcList: [...Object.values(videoFourCc), ...Object.values(audioFourCc)],
  videoFourCcInfoMap: mapOf(videoFourCc),
  audioFourCcInfoMap: mapOf(audioFourCc),
  capsEx: { reconnect: true, multitrack: true, modEx: true, timestampNanoOffset: true },
  objectEncoding: 0,
  videoFunction: 0,
};

/**
 * Reads what `connect` or its answer declares. Whatever is missing, of the wrong type or beyond reason is left out; no
 * connection ends for it.
 */
export function parseCapabilities(object: Readonly<AmfObject>): Capabilities {
  const own = (key: string): AmfValue => (Object.hasOwn(object, key) ? object[key] : undefined);
  const number = (key: string): number | undefined => {
    const value = own(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const bits = number('capsEx') ?? 0;
  const [audio, video] = [number('audioCodecs'), number('videoCodecs')];
  return {
    fourCcList: parseList(own('fourCcList')),
    videoFourCcInfoMap: parseMap(own('videoFourCcInfoMap')),
    audioFourCcInfoMap: parseMap(own('audioFourCcInfoMap')),
    capsEx: {
      reconnect: (bits & capsExBits.reconnect) !== 0,
      multitrack: (bits & capsExBits.multitrack) !== 0,
      modEx: (bits & capsExBits.modEx) !== 0,
      timestampNanoOffset: (bits & capsExBits.timestampNanoOffset) !== 0,
    },
    objectEncoding: number('objectEncoding') ?? 0,
    ...(audio !== undefined && { audioCodecs: audio }),
    ...(video !== undefined && { videoCodecs: video }),
    videoFunction: number('videoFunction') ?? 0,
  };
}

/** The properties for the object of `connect`, or for the server's answer; only those that say something. */
export function serializeCapabilities(capabilities: Capabilities): AmfObject {
  const { fourCcList, videoFourCcInfoMap, audioFourCcInfoMap, capsEx, objectEncoding } =
    capabilities;
  const { audioCodecs: audio, videoCodecs: video, videoFunction } = capabilities;
  let bits = 0;
  for (const name of Object.keys(capsExBits) as (keyof ExtendedCapabilities)[]) {
    if (capsEx[name]) bits |= capsExBits[name];
  }
  return {
    ...(audio !== undefined && { audioCodecs: audio }),
    ...(video !== undefined && { videoCodecs: video }),
    ...(videoFunction !== 0 && { videoFunction }),
    ...(objectEncoding !== 0 && { objectEncoding }),
    ...(fourCcList.length > 0 && { fourCcList: [...fourCcList] }),
    ...(Object.keys(videoFourCcInfoMap).length > 0 && {
      videoFourCcInfoMap: { ...videoFourCcInfoMap },
    }),
    ...(Object.keys(audioFourCcInfoMap).length > 0 && {
      audioFourCcInfoMap: { ...audioFourCcInfoMap },
    }),
    ...(bits !== 0 && { capsEx: bits }),
  };
}

/**
 * Whether a peer takes a codec, be it to decode or to pass it on. H.264, AAC and MP3 are taken unless the old list of
 * codecs leaves them out: they are what RTMP always carried.
 */
export function canDecode(capabilities: Capabilities, codec: VideoCodec | AudioCodec): boolean {
  return listsCodec(capabilities, codec) || isLegacy(capabilities, codec);
}

/** Whether a peer has named the codec by its FourCC, and so takes the enhanced form of it. */
export function listsCodec(capabilities: Capabilities, codec: VideoCodec | AudioCodec): boolean {
  const { fourCcList, videoFourCcInfoMap, audioFourCcInfoMap } = capabilities;
  const [fourCc, map] = isVideo(codec)
    ? [videoFourCc[codec], videoFourCcInfoMap]
    : [audioFourCc[codec], audioFourCcInfoMap];
  if (fourCcList.includes(fourCc) || fourCcList.includes('*')) return true;
  const takes = fourCcInfo.canDecode | fourCcInfo.canForward;
  return ((flagsOf(map, fourCc) | flagsOf(map, '*')) & takes) !== 0;
}

const isVideo = (codec: VideoCodec | AudioCodec): codec is VideoCodec =>
  Object.hasOwn(videoFourCc, codec);

/** Bits of the old lists, RTMP 1.0 §7.2.1.1. */
function isLegacy(
  { audioCodecs: audio, videoCodecs: video }: Capabilities,
  codec: VideoCodec | AudioCodec,
): boolean {
  switch (codec) {
    case 'h264':
      return video === undefined || (video & 0x0080) !== 0;
    case 'aac':
      return audio === undefined || (audio & 0x0400) !== 0;
    case 'mp3':
      return audio === undefined || (audio & 0x0004) !== 0;
    default:
      return false;
  }
}

const flagsOf = (map: Readonly<Record<string, number>>, fourCc: string): number =>
  Object.hasOwn(map, fourCc) ? (map[fourCc] ?? 0) : 0;

function parseList(value: AmfValue): string[] {
  // Some writers send an array as an object with keys "0", "1", ….
  const entries = Array.isArray(value) ? value : isAmfObject(value) ? Object.values(value) : [];
  return entries
    .slice(0, maxCodecs)
    .filter((entry): entry is string => typeof entry === 'string' && fourCcPattern.test(entry));
}

function parseMap(value: AmfValue): Record<string, number> {
  if (!isAmfObject(value)) return {};
  const known = Object.entries(value)
    .slice(0, maxCodecs)
    .filter((entry): entry is [string, number] => {
      const [fourCc, flags] = entry;
      return fourCcPattern.test(fourCc) && typeof flags === 'number' && flags >= 0 && flags <= 255;
    });
  return Object.fromEntries(known);
}
