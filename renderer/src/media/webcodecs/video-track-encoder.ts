import type { LaneMessage } from '@tallylight/contract';
import { within } from '../within.js';
import { copyOf } from './copy-of.js';
import { FrameScaler } from './frame-scaler.js';
import { KeyframeSchedule } from './keyframe-schedule.js';
import type { EncoderOptions } from './worker-messages.js';

/** Frames inside the encoder; more means that it cannot keep up, and would be delay only. */
const maxQueuedFrames = 8;
const flushDeadlineMs = 3000;

export interface VideoEncoderEvents {
  readonly onMessage: (message: LaneMessage) => void;
  readonly onError: (error: unknown) => void;
}

/** Encodes frames as H.264. */
export class VideoTrackEncoder {
  readonly #configuration: VideoEncoderConfig;
  readonly #events: VideoEncoderEvents;
  readonly #scaler: FrameScaler;
  readonly #keyframes: KeyframeSchedule;
  #encoder: VideoEncoder;
  /** What to add to a frame's own timestamp to get its time from the start. */
  #shift = 0;
  #lastTimestamp = -Infinity;

  constructor(
    configuration: VideoEncoderConfig,
    options: EncoderOptions,
    events: VideoEncoderEvents,
  ) {
    this.#configuration = configuration;
    this.#events = events;
    this.#scaler = new FrameScaler(options.width, options.height);
    this.#keyframes = new KeyframeSchedule(options.keyframeInterval, options.fps);
    this.#encoder = this.#createEncoder();
  }

  /**
   * Takes over `frame`, whose time is `time` microseconds from the start. Returns false when it had to be dropped.
   */
  encode(frame: VideoFrame, time: number): boolean {
    const encoder = this.#liveEncoder();
    // Two frames with one timestamp happen when a camera hiccups; decode times must rise.
    if (
      !encoder ||
      frame.timestamp <= this.#lastTimestamp ||
      encoder.encodeQueueSize >= maxQueuedFrames
    ) {
      frame.close();
      return false;
    }
    this.#shift = time - frame.timestamp;
    this.#lastTimestamp = frame.timestamp;
    const fitted = this.#scaler.fit(frame);
    try {
      encoder.encode(fitted, { keyFrame: this.#keyframes.isDue(time) });
    } finally {
      fitted.close();
    }
    return true;
  }

  /** Gives out what is still inside; nothing can be encoded afterwards. */
  async finish(): Promise<void> {
    const encoder = this.#encoder;
    if (encoder.state === 'configured') {
      await within(
        flushDeadlineMs,
        encoder.flush().catch(() => undefined),
      );
    }
    if (encoder.state !== 'closed') encoder.close();
  }

  #createEncoder(): VideoEncoder {
    const encoder = new VideoEncoder({
      output: (chunk, metadata) => this.#emit(chunk, metadata),
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
      this.#keyframes.restart();
      return this.#encoder;
    } catch (error) {
      this.#events.onError(error);
      return undefined;
    }
  }

  #emit(chunk: EncodedVideoChunk, metadata: EncodedVideoChunkMetadata | undefined): void {
    const description = metadata?.decoderConfig?.description;
    if (description) {
      this.#events.onMessage({ type: 'config', track: 'video', payload: copyOf(description) });
    }
    const payload = new Uint8Array(chunk.byteLength);
    chunk.copyTo(payload);
    const pts = chunk.timestamp + this.#shift;
    this.#events.onMessage({
      type: 'frame',
      track: 'video',
      keyframe: chunk.type === 'key',
      pts,
      // A realtime encoder makes no B-frames: frames are decoded in the order in which they are shown.
      dts: pts,
      payload,
    });
  }
}
