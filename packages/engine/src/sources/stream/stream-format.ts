import {
  videoFormatOf,
  type AudioPacket,
  type EncodedPacket,
  type MetadataItem,
  type VideoPacket,
} from 'node-rtmp-client';
import type { MeasuredMedia } from '../media-source.js';

/** What a picture beside, or instead of, that of a stream must be like to be one stream with it. */
export interface StreamFormat {
  readonly codec: VideoPacket['codec'];
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly fps: number;
  /** The configuration of its sound; absent where it has none, or none is known. */
  readonly sound?: AudioPacket;
  readonly hasAudio: boolean;
}

/** Of a stream whose publisher does not tell its rate. */
const usualFps = 30;
/** Frames by whose times the rate is measured. */
const enoughFrames = 30;
const highestFps = 240;

/** Learns what a stream is like from what its publisher says, and from its frames. */
export class StreamFacts {
  readonly #metadata = new Map<string, number>();
  #video: VideoPacket | undefined;
  #sound: AudioPacket | undefined;
  #audioCodec: AudioPacket['codec'] | undefined;
  #frames = 0;
  #firstAt = 0;
  #lastAt = 0;

  noteMetadata({ value }: MetadataItem): void {
    this.#metadata.clear();
    for (const [name, entry] of Object.entries(value)) {
      if (typeof entry === 'number' && Number.isFinite(entry) && entry > 0)
        this.#metadata.set(name, entry);
    }
  }

  note(packet: EncodedPacket): void {
    if (packet.track === 'audio') {
      this.#audioCodec = packet.codec;
      if (packet.type === 'config') this.#sound = packet;
      return;
    }
    if (packet.type === 'config' || this.#video === undefined) this.#video = packet;
    if (packet.type === 'config') return;
    if (this.#frames === 0) this.#firstAt = packet.dts;
    this.#frames += 1;
    this.#lastAt = packet.dts;
  }

  get hasAudio(): boolean {
    return this.#audioCodec !== undefined || this.#metadata.has('audiocodecid');
  }

  /** Whether a picture has come, or is promised. */
  get hasVideo(): boolean {
    return this.#video !== undefined || this.#metadata.has('videocodecid');
  }

  /** Whether nothing of its format is a guess, or there is no use in waiting for more. */
  get isSettled(): boolean {
    if (this.#frames >= enoughFrames) return true;
    // Some servers send what the sound is like behind the first picture.
    return this.#metadata.has('framerate') && (!this.hasAudio || this.#sound !== undefined);
  }

  /** Undefined before there is a picture, and where its size cannot be told. */
  get format(): StreamFormat | undefined {
    if (!this.#video) return undefined;
    const { width, height } = videoFormatOf(this.#video) ?? {
      width: this.#metadata.get('width'),
      height: this.#metadata.get('height'),
    };
    if (width === undefined || height === undefined) return undefined;
    const { codec } = this.#video;
    const sound = this.#sound;
    const fps = this.#fps ?? usualFps;
    return { codec, width, height, fps, ...(sound && { sound }), hasAudio: this.hasAudio };
  }

  get measured(): MeasuredMedia {
    const rate = (name: string): number | undefined => {
      const kilobits = this.#metadata.get(name);
      return kilobits === undefined ? undefined : kilobits * 1000;
    };
    const [videoBitrate, audioBitrate] = [rate('videodatarate'), rate('audiodatarate')];
    const fps = this.#fps;
    return {
      ...(fps !== undefined && { fps }),
      ...(videoBitrate !== undefined && { videoBitrate }),
      ...(audioBitrate !== undefined && { audioBitrate }),
      ...(this.#video && { videoCodec: this.#video.codec }),
      ...(this.#audioCodec && { audioCodec: this.#audioCodec }),
    };
  }

  get #fps(): number | undefined {
    const told = this.#metadata.get('framerate');
    if (told !== undefined && told <= highestFps) return told;
    if (this.#frames < enoughFrames || this.#lastAt <= this.#firstAt) return undefined;
    const fps = ((this.#frames - 1) * 1_000_000) / (this.#lastAt - this.#firstAt);
    return Math.min(highestFps, Math.max(1, Math.round(fps * 100) / 100));
  }
}
