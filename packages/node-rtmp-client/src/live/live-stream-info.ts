import { parseAudioSpecificConfig } from '../flv/audio-specific-config.js';
import { parseAvcDecoderConfiguration } from '../flv/avc-decoder-configuration.js';
import type { AudioCodec, AudioPacket, VideoCodec, VideoPacket } from '../flv/encoded-packet.js';
import type { MetadataItem } from '../flv/flv-item.js';

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

export interface LiveVideoInfo {
  readonly codec: VideoCodec;
  /** Pixels; absent when neither the configuration nor the metadata says it. */
  readonly width?: number;
  readonly height?: number;
}

export interface LiveAudioInfo {
  readonly codec: AudioCodec;
  /** Hertz; absent when neither the configuration nor the metadata says it. */
  readonly sampleRate?: number;
  readonly channels?: number;
}

/** @param packet the configuration where there is one, else a frame. */
export function describeVideo(packet: VideoPacket, metadata: Metadata = {}): LiveVideoInfo {
  const { codec, payload } = packet;
  const told = {
    ...numberOf(metadata, 'width', 'width'),
    ...numberOf(metadata, 'height', 'height'),
  };
  if (codec !== 'h264' || packet.type !== 'config') return { codec, ...told };
  return readOrElse({ codec, ...told }, () => {
    const { width, height } = parseAvcDecoderConfiguration(payload);
    return { codec, width, height };
  });
}

/** @param packet the configuration where there is one, else a frame. */
export function describeAudio(packet: AudioPacket, metadata: Metadata = {}): LiveAudioInfo {
  const { codec, payload } = packet;
  const told = {
    ...numberOf(metadata, 'audiosamplerate', 'sampleRate'),
    ...numberOf(metadata, 'audiochannels', 'channels'),
  };
  if (codec !== 'aac' || packet.type !== 'config') return { codec, ...told };
  return readOrElse({ codec, ...told }, () => {
    const { sampleRate, channels } = parseAudioSpecificConfig(payload);
    return { codec, sampleRate, channels };
  });
}

function numberOf<K extends string>(
  metadata: Metadata,
  from: string,
  to: K,
): Partial<Record<K, number>> {
  const value = Object.hasOwn(metadata, from) ? metadata[from] : undefined;
  const isSize = typeof value === 'number' && Number.isFinite(value) && value > 0;
  return (isSize ? { [to]: value } : {}) as Partial<Record<K, number>>;
}

/** What a broken configuration would say is only missing from the description; its bytes are relayed as they are. */
function readOrElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
