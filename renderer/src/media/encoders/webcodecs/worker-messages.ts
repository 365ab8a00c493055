import type { AppErrorInfo, ControlMessage } from '@tallylight/contract';
import type { CaptureOptions } from '../../devices/capture-options.js';

export type EncoderOptions = Pick<
  CaptureOptions,
  'width' | 'height' | 'fps' | 'videoBitrate' | 'audioBitrate' | 'keyframeInterval'
> & { readonly cameraLabel: string; readonly microphoneLabel: string };

/** Window to worker. */
export type EncoderRequest =
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

/** Worker to window. */
export type EncoderReport =
  /** The encoders work; media follow. */
  | { readonly type: 'started' }
  /** A message for the channel, ready to be sent. */
  | { readonly type: 'media'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Nothing follows. */
  | { readonly type: 'failed'; readonly error: AppErrorInfo }
  | { readonly type: 'stopped' };
