import { within } from 'node-rtmp-client/async';
import { BitrateCorrection } from './bitrate-correction.js';
import { copyOf } from './copy-of.js';
import type { EncodedTrackEvents } from './encoded-track.js';
import { FrameScaler } from '../frame-scaler.js';
import { KeyframeSchedule } from './keyframe-schedule.js';
import type { EncoderOptions } from './worker-messages.js';

/** Frames inside the encoder; more means that it cannot keep up, and would be delay only. */
const maxQueuedFrames = 8;
const flushDeadlineMs = 2000;

export interface VideoEncoderEvents extends EncodedTrackEvents {
  /** Frames that were lost, more of them than before. */
  readonly onDropped: (frames: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Encodes frames as H.264. */
export class VideoTrackEncoder {
  #configuration: VideoEncoderConfig;
  readonly #events: VideoEncoderEvents;
  readonly #scaler: FrameScaler;
  readonly #keyframes: KeyframeSchedule;
  readonly #correction: BitrateCorrection;
  #encoder: VideoEncoder;
  /** The times of the frames inside the encoder, in their order. */
  #inside: number[] = [];
  #sentDescription: Uint8Array | undefined;

  constructor(
    configuration: VideoEncoderConfig,
    options: EncoderOptions,
    events: VideoEncoderEvents,
  ) {
    this.#configuration = configuration;
    this.#events = events;
    this.#scaler = new FrameScaler(options.width, options.height);
    this.#correction = new BitrateCorrection(options.videoBitrate);
    this.#keyframes = new KeyframeSchedule(options.keyframeInterval, options.fps);
    this.#encoder = this.#createEncoder();
  }

  /**
   * Encodes what comes from now on at `bitrate` bits per second. The encoder stays the same one, and what is inside it is
   * not lost.
   */
  setBitrate(bitrate: number): void {
    this.#correction.want(bitrate);
    this.#configure(this.#correction.told);
  }

  #configure(bitrate: number): void {
    if (bitrate === this.#configuration.bitrate) return;
    this.#configuration = { ...this.#configuration, bitrate };
    if (this.#encoder.state === 'configured') this.#encoder.configure(this.#configuration);
  }

  /** Makes the next frame a keyframe. */
  requestKeyframe(): void {
    this.#keyframes.requestKeyframe();
  }

  /** Takes over `frame`, whose time is `time` microseconds from the start; times rise. */
  encode(frame: VideoFrame, time: number): void {
    const encoder = this.#liveEncoder();
    if (!encoder || encoder.encodeQueueSize >= maxQueuedFrames) {
      frame.close();
      this.#events.onDropped(1);
      return;
    }
    const timestamp = Math.round(time);
    const fitted = this.#scaler.fit(frame);
    // The same picture, not a copy of it, under its new time.
    const timed = new VideoFrame(fitted, { timestamp });
    fitted.close();
    this.#inside.push(timestamp);
    try {
      encoder.encode(timed, { keyFrame: this.#keyframes.isDue(time) });
    } finally {
      timed.close();
    }
  }

  /** Gives out what is still inside; nothing can be encoded afterwards. */
  async finish(): Promise<void> {
    const encoder = this.#encoder;
    if (encoder.state === 'configured') {
      await within(
        encoder.flush().catch(() => undefined),
        flushDeadlineMs,
      );
    }
    if (encoder.state !== 'closed') encoder.close();
    const lost = this.#inside.splice(0).length;
    if (lost > 0) this.#events.onDropped(lost);
  }

  #createEncoder(): VideoEncoder {
    const encoder = new VideoEncoder({
      output: this.#emit,
      error: (error) => {
        // The browser takes an encoder back that was idle too long; a new one is allowed.
        if (error.name !== 'QuotaExceededError') this.#events.onError(error);
      },
    });
    encoder.configure(this.#configuration);
    return encoder;
  }

  #liveEncoder(): VideoEncoder | undefined {
    if (this.#encoder.state !== 'closed') return this.#encoder;
    try {
      this.#encoder = this.#createEncoder();
      this.#events.onDropped(this.#inside.splice(0).length);
      this.#keyframes.requestKeyframe();
      return this.#encoder;
    } catch (error) {
      this.#events.onError(error);
      return undefined;
    }
  }

  readonly #emit: EncodedVideoChunkOutputCallback = (chunk, metadata) => {
    const description = metadata?.decoderConfig?.description;
    if (description) this.#emitDescription(copyOf(description));
    const pts = chunk.timestamp;
    // A realtime encoder may leave frames out: those that are older than the one it gives.
    const place = this.#inside.findIndex((time) => time >= pts);
    if (place > 0) this.#events.onDropped(place);
    this.#inside.splice(0, place + 1);
    this.#events.onFrame({
      keyframe: chunk.type === 'key',
      pts,
      byteLength: chunk.byteLength,
      copyTo: (target) => chunk.copyTo(target),
    });
    if (this.#correction.note(pts, chunk.byteLength)) this.#configure(this.#correction.told);
  };

  /** An encoder may repeat its description after each configuration; only another one is news. */
  #emitDescription(description: Uint8Array): void {
    if (this.#sentDescription && sameBytes(description, this.#sentDescription)) return;
    this.#sentDescription = description.slice();
    this.#events.onConfiguration(description);
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
