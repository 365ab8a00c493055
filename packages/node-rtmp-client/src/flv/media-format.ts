import { MalformedError } from '../bytes/malformed-error.js';
import { parseAudioSpecificConfig } from './audio-specific-config.js';
import { parseAv1CodecConfiguration } from './av1-codec-configuration.js';
import { parseAvcDecoderConfiguration } from './avc-decoder-configuration.js';
import type { AudioPacket, VideoPacket } from './encoded-packet.js';
import { parseFlacStreamInfo } from './flac-stream-info.js';
import { parseHevcDecoderConfiguration } from './hevc-decoder-configuration.js';
import { parseOpusHead } from './opus-head.js';

/** Pixels that are shown. */
export interface VideoFormat {
  readonly width: number;
  readonly height: number;
}

/** How sound is sampled. */
export interface AudioFormat {
  /** Hz. */
  readonly sampleRate: number;
  /** 0 when the stream itself says. */
  readonly channels: number;
}

/** What a configuration says of the picture; undefined for codecs that say it in their frames, and for a broken one. */
export const videoFormatOf = (config: VideoPacket): VideoFormat | undefined =>
  readOrNothing(() => {
    switch (config.codec) {
      case 'h264':
        return sizeOf(parseAvcDecoderConfiguration(config.payload));
      case 'hevc':
        return sizeOf(parseHevcDecoderConfiguration(config.payload));
      case 'av1':
        return sizeOf(parseAv1CodecConfiguration(config.payload));
      case 'vp8':
      case 'vp9':
        return undefined;
    }
  });

/** What a configuration says of the sound; undefined for codecs that say it in their frames, and for a broken one. */
export const audioFormatOf = (config: AudioPacket): AudioFormat | undefined =>
  readOrNothing(() => {
    switch (config.codec) {
      case 'aac':
        return formatOf(parseAudioSpecificConfig(config.payload));
      case 'opus':
        return { sampleRate: 48_000, channels: parseOpusHead(config.payload).channels };
      case 'flac':
        return formatOf(parseFlacStreamInfo(config.payload));
      case 'ac3':
      case 'eac3':
      case 'mp3':
        return undefined;
    }
  });

const sizeOf = ({ width, height }: Partial<VideoFormat>): VideoFormat | undefined =>
  width === undefined || height === undefined ? undefined : { width, height };

const formatOf = ({ sampleRate, channels }: AudioFormat): AudioFormat => ({ sampleRate, channels });

function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
