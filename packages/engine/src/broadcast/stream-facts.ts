import type { Encoding } from '@tallylight/contract';
import {
  audioFormatOf,
  videoFormatOf,
  type AudioPacket,
  type EncodedPacket,
  type VideoPacket,
} from 'node-rtmp-client';
import type { StreamDescription } from '../outputs/stream-description.js';
import type { MediaSource } from '../sources/media-source.js';
import { sameConfig } from '../sources/same-config.js';

const codecNames: Readonly<Record<EncodedPacket['codec'], string>> = {
  ...{ h264: 'H.264', hevc: 'HEVC', av1: 'AV1', vp8: 'VP8', vp9: 'VP9' },
  ...{ aac: 'AAC', opus: 'Opus', flac: 'FLAC', ac3: 'AC-3', eac3: 'E-AC-3', mp3: 'MP3' },
};

export interface StreamFactsOptions {
  readonly source: Pick<MediaSource, 'hasAudio' | 'hasVideo' | 'measured'>;
  readonly encoding: Encoding;
  readonly encoder: string;
}

/** What is known of a stream: the newest configuration of each track, and what follows from it. */
export class StreamFacts {
  readonly #o: StreamFactsOptions;
  #video: VideoPacket | undefined;
  #audio: AudioPacket | undefined;
  /** Both, in the order in which they came. */
  #configs: EncodedPacket[] = [];
  #videoBitrate: number;
  #description: StreamDescription | undefined;

  constructor(options: StreamFactsOptions) {
    this.#o = options;
    this.#videoBitrate = options.encoding.videoBitrate;
  }

  get configs(): readonly EncodedPacket[] {
    return this.#configs;
  }

  /**
   * What the configurations say goes before what was asked for: a copied file is as it is. The same object until
   * something has changed.
   */
  get description(): StreamDescription {
    this.#description ??= this.#describe();
    return this.#description;
  }

  noteConfig(packet: EncodedPacket): void {
    const before = packet.track === 'video' ? this.#video : this.#audio;
    if (packet.track === 'video') this.#video = packet;
    else this.#audio = packet;
    this.#configs = [...this.#configs.filter(({ track }) => track !== packet.track), packet];
    if (!before || !sameConfig(before, packet)) this.#description = undefined;
  }

  noteVideoBitrate(bitrate: number): void {
    this.#videoBitrate = bitrate;
    this.#description = undefined;
  }

  /** Such as "1280×720 H.264 + AAC". */
  inWords({ hasSound }: { readonly hasSound: boolean }): string {
    if (this.#o.source.hasVideo === false) return codecNames[this.#audio?.codec ?? 'aac'];
    const size = this.#video && videoFormatOf(this.#video);
    const picture = codecNames[this.#video?.codec ?? 'h264'];
    const sound = hasSound ? ` + ${codecNames[this.#audio?.codec ?? 'aac']}` : '';
    return `${size ? `${size.width}×${size.height} ` : ''}${picture}${sound}`;
  }

  #describe(): StreamDescription {
    const { source, encoding, encoder } = this.#o;
    const picture = this.#video && videoFormatOf(this.#video);
    const sound = this.#audio && audioFormatOf(this.#audio);
    const { fps, videoBitrate, audioBitrate } = source.measured ?? {
      ...encoding,
      videoBitrate: this.#videoBitrate,
    };
    return {
      ...(source.hasVideo !== false && {
        video: {
          codec: this.#video?.codec ?? 'h264',
          width: picture?.width ?? encoding.width,
          height: picture?.height ?? encoding.height,
          ...(fps !== undefined && { fps }),
          ...(videoBitrate !== undefined && { bitrate: videoBitrate }),
        },
      }),
      ...(this.#audio && {
        audio: {
          codec: this.#audio.codec,
          ...(audioBitrate !== undefined && { bitrate: audioBitrate }),
          ...(sound && { sampleRate: sound.sampleRate, channels: sound.channels }),
        },
      }),
      hasAudio: source.hasAudio,
      encoder,
    };
  }
}
