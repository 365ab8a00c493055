import type { AmfObject } from '../amf/amf-value.js';
import type { EncodedPacket } from './encoded-packet.js';
import type { FlvItem } from './flv-item.js';
import { without } from './flv-metadata.js';
import { audioCodecId, videoCodecId } from './four-cc.js';
import { audioFormatOf, videoFormatOf } from './media-format.js';
import type { MediaPacket } from './opaque-packet.js';

/** A frame that seems to last longer is followed by a gap. Microseconds. */
const longestFrame = 10_000_000;

/** Properties that describe the tracks from 1 on. */
export const infoMaps = ['videoTrackIdInfoMap', 'audioTrackIdInfoMap'] as const;

interface TrackFacts {
  /** What onMetaData says of this track. */
  readonly properties: AmfObject;
  /** Microseconds. */
  lastDts: number | undefined;
  frameDuration: number;
}

/** Where the tags lie in the file that they are to be in. Bytes. */
export interface FlvFileLayout {
  /** What stands before the first tag that was noted. */
  readonly headLength: number;
  readonly fileLength: number;
}

/**
 * What onMetaData says of a whole file, gathered tag by tag: duration, size, codecs, and an index of keyframes that
 * spans the whole file however long it gets: when it is full, every other keyframe is left out.
 */
export class FlvFileFacts {
  readonly #tracks = new Map<string, TrackFacts>();
  readonly #maxKeyframes: number;
  #times: number[] = [];
  #offsets: number[] = [];
  #keyframes = 0;
  /** Every so many keyframes one is in the index. */
  #stride = 1;
  #endsWithKeyframe = false;
  /** Microseconds. A recording of a stream that ran before does not begin at 0. */
  #start = Infinity;
  #end = 0;

  constructor(maxKeyframes: number) {
    this.#maxKeyframes = Math.max(2, maxKeyframes);
  }

  has(track: EncodedPacket['track']): boolean {
    return [...this.#tracks.keys()].some((key) => key.startsWith(track));
  }

  /** @param offset of the item's tag, from the first tag that is noted. */
  note(item: FlvItem, offset: number): void {
    if (!('packet' in item)) return;
    const { packet } = item;
    const track = this.#trackOf(packet);
    if (packet.type === 'config') {
      if (item.type === 'packet') Object.assign(track.properties, formatProperties(item.packet));
      return;
    }
    const duration = packet.dts - (track.lastDts ?? packet.dts);
    if (duration > 0 && duration < longestFrame) track.frameDuration = duration;
    track.lastDts = packet.dts;
    this.#start = Math.min(this.#start, packet.dts);
    this.#end = Math.max(this.#end, packet.pts + track.frameDuration);
    if (packet.track !== 'video' || (packet.trackId ?? 0) !== 0) return;
    this.#endsWithKeyframe = packet.keyframe;
    if (packet.keyframe) this.#noteKeyframe(packet.dts / 1e6, offset);
  }

  /** @param given what is not known better is taken over from it. */
  metadata(given: AmfObject, { headLength, fileLength }: FlvFileLayout): AmfObject {
    return {
      duration: Math.max(0, this.#end - this.#start) / 1e6,
      filesize: fileLength,
      ...without(given, 'duration', 'filesize', 'keyframes'),
      ...this.#tracks.get('video0')?.properties,
      ...this.#tracks.get('audio0')?.properties,
      ...this.#infoMap('video', infoMaps[0]),
      ...this.#infoMap('audio', infoMaps[1]),
      ...(this.#offsets.length > 0 && {
        canSeekToEnd: this.#endsWithKeyframe,
        keyframes: {
          times: [...this.#times],
          filepositions: this.#offsets.map((offset) => headLength + offset),
        },
      }),
    };
  }

  #trackOf(packet: MediaPacket): TrackFacts {
    const key = `${packet.track}${packet.trackId ?? 0}`;
    const known = this.#tracks.get(key);
    if (known !== undefined) return known;
    const properties = codecProperties(packet);
    const track: TrackFacts = { properties, lastDts: undefined, frameDuration: 0 };
    this.#tracks.set(key, track);
    return track;
  }

  #noteKeyframe(seconds: number, offset: number): void {
    if (this.#keyframes++ % this.#stride !== 0) return;
    if (this.#times.length === this.#maxKeyframes) {
      this.#times = this.#times.filter((_, index) => index % 2 === 0);
      this.#offsets = this.#offsets.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
      if ((this.#keyframes - 1) % this.#stride !== 0) return;
    }
    this.#times.push(seconds);
    this.#offsets.push(offset);
  }

  /** Of the tracks from 1 on (Enhanced RTMP v2, "Enhancing onMetaData"). */
  #infoMap(track: EncodedPacket['track'], name: string): AmfObject {
    const map: AmfObject = {};
    for (const [key, { properties }] of this.#tracks) {
      if (!key.startsWith(track) || key === `${track}0`) continue;
      map[key.slice(track.length)] = renamed(properties);
    }
    return Object.keys(map).length === 0 ? {} : { [name]: map };
  }
}

function codecProperties(packet: MediaPacket): AmfObject {
  if ('codecId' in packet) {
    return { [packet.track === 'video' ? 'videocodecid' : 'audiocodecid']: packet.codecId };
  }
  return packet.track === 'video'
    ? { videocodecid: videoCodecId(packet.codec) }
    : { audiocodecid: audioCodecId(packet.codec) };
}

function formatProperties(config: EncodedPacket): AmfObject {
  if (config.track === 'video') return { ...videoFormatOf(config) };
  const format = audioFormatOf(config);
  if (format === undefined) return {};
  const { sampleRate, channels } = format;
  return { audiosamplerate: sampleRate, audiochannels: channels, stereo: channels === 2 };
}

/** In the info maps the properties of sound have other names than beside them. */
function renamed(properties: AmfObject): AmfObject {
  const { audiosamplerate, audiochannels } = properties;
  return {
    ...without(properties, 'audiosamplerate', 'audiochannels', 'stereo'),
    ...(audiosamplerate !== undefined && { samplerate: audiosamplerate }),
    ...(audiochannels !== undefined && { channels: audiochannels }),
  };
}
