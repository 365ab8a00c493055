import type { AudioPacket, VideoPacket } from 'node-rtmp-client';

/** What a broadcast's stream is, in nobody's format: FLV makes onMetaData of it, MP4 would make track headers of it. */
export interface StreamDescription {
  /** Absent where only sound is sent. */
  readonly video?: {
    readonly codec: VideoPacket['codec'];
    /** Pixels. */
    readonly width: number;
    readonly height: number;
    /** Frames per second; absent where nobody knows. */
    readonly fps?: number;
    /** Bits per second, as they were asked for or measured; absent where nobody knows. */
    readonly bitrate?: number;
  };
  readonly audio?: {
    readonly codec: AudioPacket['codec'];
    /** Bits per second, as they were asked for or measured; absent where nobody knows. */
    readonly bitrate?: number;
    /** Hertz; absent where the configuration does not tell it. */
    readonly sampleRate?: number;
    readonly channels?: number;
  };
  /** Whether sound is to be expected, also before any has come. */
  readonly hasAudio: boolean;
  /** The program that made the stream, such as `Tallylight/1.2.3`. */
  readonly encoder: string;
}
