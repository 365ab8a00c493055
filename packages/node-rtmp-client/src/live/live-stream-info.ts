import type { EncodedPacket } from '../flv/encoded-packet.js';
import type { MetadataItem } from '../flv/flv-item.js';
import { audioFormatOf, videoFormatOf } from '../flv/media-format.js';
import type { MediaPacket } from '../flv/opaque-packet.js';

type Metadata = MetadataItem['value'];

/** What others may know of a live stream. */
export interface LiveStreamInfo {
  readonly app: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly players: number;
  /** The default track of each kind, once the publisher has sent something of it. */
  readonly video?: LiveVideoInfo;
  readonly audio?: LiveAudioInfo;
}

/** What may be known of a video track. */
export interface LiveVideoInfo {
  /** A `VideoCodec`, or the name of another that is only passed on. */
  readonly codec: string;
  /** Pixels; absent when neither the configuration nor the metadata says it. */
  readonly width?: number;
  readonly height?: number;
}

/** What may be known of an audio track. */
export interface LiveAudioInfo {
  /** An `AudioCodec`, or the name of another that is only passed on. */
  readonly codec: string;
  /** Hertz; absent when neither the configuration nor the metadata says it. */
  readonly sampleRate?: number;
  readonly channels?: number;
}

/**
 * What is known of a video track.
 *
 * @param packet the configuration where there is one, else a frame.
 */
export function describeVideo(packet: MediaPacket, metadata: Metadata = {}): LiveVideoInfo {
  const format = isConfig(packet, 'video') ? videoFormatOf(packet) : undefined;
  return {
    codec: packet.codec,
    ...(format ?? numbers(metadata, { width: 'width', height: 'height' })),
  };
}

/**
 * What is known of an audio track.
 *
 * @param packet the configuration where there is one, else a frame.
 */
export function describeAudio(packet: MediaPacket, metadata: Metadata = {}): LiveAudioInfo {
  const format = isConfig(packet, 'audio') ? audioFormatOf(packet) : undefined;
  const names = { sampleRate: 'audiosamplerate', channels: 'audiochannels' };
  return { codec: packet.codec, ...(format ?? numbers(metadata, names)) };
}

const isConfig = <Track extends MediaPacket['track']>(
  packet: MediaPacket,
  track: Track,
): packet is Extract<EncodedPacket, { track: Track }> =>
  packet.type === 'config' && packet.track === track && !('codecId' in packet);

/** What the metadata says, as far as it makes sense, under names of ours. */
function numbers<K extends string>(
  metadata: Metadata,
  names: Readonly<Record<K, string>>,
): Partial<Record<K, number>> {
  const found: Partial<Record<K, number>> = {};
  for (const name of Object.keys(names) as K[]) {
    const value = Object.hasOwn(metadata, names[name]) ? metadata[names[name]] : undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) found[name] = value;
  }
  return found;
}
