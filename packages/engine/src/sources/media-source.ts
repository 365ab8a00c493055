import type { FrameAccount, Reason, SourcePresence, Wording } from '@tallylight/contract';
import type { AudioPacket, EncodedPacket, VideoPacket } from 'node-rtmp-client';

/** Of an encoder that does not tell how many frames it has made: they are those that the source gives. */
type UncodedAccount = Omit<FrameAccount, 'encoded'>;

/** What a source tells of itself while it runs. */
export interface SourceStatus {
  /** Frames that capture or encoder lost so far. */
  readonly droppedFrames: number;
  /** Where, and what the device gave; absent where it cannot be told. */
  readonly account?: FrameAccount | UncodedAccount;
  /** What people should know of what is sent and what is not, once the source has been prepared. */
  readonly notes?: readonly Reason[];
  /** Of a source that others give, and that may be away. */
  readonly presence?: SourcePresence;
}

/** What is known of media that is not made as it was asked for; the rest, nobody knows. */
export interface MeasuredMedia {
  /** Frames per second. */
  readonly fps?: number;
  /** Bits per second. */
  readonly videoBitrate?: number;
  readonly audioBitrate?: number;
  /** Of the tracks that are there. */
  readonly videoCodec?: VideoPacket['codec'];
  readonly audioCodec?: AudioPacket['codec'];
}

/** How what is played from files is led. Each resolves once viewers get it. */
export interface PlaybackControl {
  /** Goes on with the file behind the one that is on; from the last one with the first. */
  readonly next: () => Promise<void>;
  /** Goes to a place of the file that is on, in milliseconds of it. */
  readonly seek: (positionMs: number) => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
}

/** What a source can be told while it runs, or the encoder behind it. What it cannot do is absent. */
export interface SourceControl {
  /** Encodes the picture at about this many bits per second, once it resolves. */
  readonly setVideoBitrate?: (bitrate: number) => Promise<void> | void;
  /** Another encoder has to begin for that, which costs the machine something, and takes a moment. */
  readonly restartsEncoder?: boolean;
  /** Makes the next frame that is encoded a keyframe. */
  readonly requestKeyframe?: () => void;
  readonly playback?: PlaybackControl;
}

/** Where encoded media comes from. Opened once; every source ends by itself or when its signal is aborted. */
export interface MediaSource {
  /** What people call it, for errors: "Test picture", a file's name, a camera's label. */
  readonly name: Wording;
  /** False when no sound is to be expected, so that nobody waits for it. */
  readonly hasAudio: boolean;
  /** False where only sound is sent; absent where there is a picture, as nearly always. */
  readonly hasVideo?: boolean;
  /**
   * Whether it captures as time goes by, so that the sound belongs beside the picture until the end. Absent where it does
   * not: the sound of a file may end before its picture.
   */
  readonly capturesLive?: boolean;
  readonly status: SourceStatus;
  /** Of media that is sent as it is; absent where an encoder makes what it was asked for. */
  readonly measured?: MeasuredMedia | undefined;
  /** Absent where there is nothing to be told, such as a file that is sent as it is. */
  readonly control?: SourceControl | undefined;
  /**
   * Packets in the order in which they are to be sent: configurations before frames, decode times rising within each
   * track, in microseconds of the source's own clock. Pulling is the back-pressure. Returns when the source ends or
   * `signal` is aborted.
   *
   * @throws AppError with a capture code when the device, file or encoder fails.
   */
  packets(signal: AbortSignal): AsyncIterable<EncodedPacket>;
}
