import type { AppErrorInfo, ControlMessage } from '@tallylight/contract';
import type { CaptureOptions } from '../../devices/capture-options.js';
import type { AudioFormat } from './audio-track-encoder.js';

export type EncoderOptions = Pick<
  CaptureOptions,
  'width' | 'height' | 'fps' | 'videoBitrate' | 'audioBitrate' | 'keyframeInterval'
> & { readonly cameraLabel: string; readonly microphoneLabel: string };

/** What encoders can be tried and loaded for, before there is anything to encode. */
export type EncoderPreparation = Pick<
  EncoderOptions,
  'width' | 'height' | 'fps' | 'videoBitrate' | 'audioBitrate'
> & {
  /** What the sound is expected to be like. */
  readonly audio?: AudioFormat;
};

/** Window to worker. */
export type EncoderRequest =
  /** First of all, once. */
  | { readonly type: 'prepare'; readonly preparation: EncoderPreparation }
  | {
      readonly type: 'start';
      readonly options: EncoderOptions;
      readonly video: ReadableStream<VideoFrame>;
      readonly audio: ReadableStream<AudioData> | undefined;
    }
  /** The channel has accepted a message of this many bytes. */
  | { readonly type: 'accepted'; readonly bytes: number }
  /** What the engine asks for while it runs. */
  | ControlMessage
  | { readonly type: 'stop' };

/** Frames of a track that the worker has read, as running totals: each is surplus, lost in a place, or encoded. */
export interface FrameCount {
  /** Milliseconds that it has been counted for. */
  readonly elapsedMs: number;
  readonly read: number;
  readonly surplus: number;
  readonly encoder: number;
  readonly channel: number;
  readonly encoded: number;
}

/** Worker to window. */
export type EncoderReport =
  /** The encoders work; media follow. */
  | { readonly type: 'started' }
  /** A message for the channel, ready to be sent. */
  | { readonly type: 'media'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** What became of the frames so far, once they are encoded. */
  | { readonly type: 'frames'; readonly count: FrameCount }
  /** Nothing follows. */
  | { readonly type: 'failed'; readonly error: AppErrorInfo }
  | { readonly type: 'stopped' };
