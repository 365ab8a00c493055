import { AppError, reason, type AppErrorInfo, type MediaChannelWriter } from '@tallylight/contract';
import { FramesBetween } from '@tallylight/frame-grid';
import { within } from 'node-rtmp-client/async';
import { captureError, encoderErrorInfo } from '../../capture-error.js';
import type { Capture } from '../../devices/capture.js';
import { FailureSignal } from '../failure-signal.js';
import type { CaptureOptions } from '../../devices/capture-options.js';
import type { RunningEngine } from '../running-engine.js';
import { deviceFrames } from '../device-frames.js';
import { takeEncoderWorker } from './encoder-workers.js';
import type { EncoderReport, EncoderRequest, FrameCount } from './worker-messages.js';

const encoderName = 'WebCodecs';
const startDeadlineMs = 15_000;
const stopDeadlineMs = 2500;
const endDeadlineMs = 1000;

/**
 * Pictures that may wait for the worker: a third of a second at 30 a second. With Chromium's own limit, one, it drops a
 * picture unseen whenever the worker is late by more than that. A camera has few buffers more to give.
 */
const maxWaitingPictures = 10;

/**
 * Encodes `capture` in a worker and sends the packets.
 *
 * @throws AppError with `ENCODER_FAILED` or a capture code when nothing comes.
 */
export async function startWebCodecsEngine(
  capture: Capture,
  options: CaptureOptions,
  channel: MediaChannelWriter,
): Promise<RunningEngine> {
  if (!('MediaStreamTrackProcessor' in window) || !('VideoEncoder' in window)) {
    throw captureError('ENCODER_FAILED', {
      encoder: encoderName,
      reason: reason('browser-lacks-engine'),
    });
  }
  const engine = new WebCodecsEngine(takeEncoderWorker(capture, options), channel);
  await engine.start(capture, options);
  return engine;
}

class WebCodecsEngine implements RunningEngine {
  readonly #worker: Worker;
  readonly #failure = new FailureSignal();
  readonly #channel: MediaChannelWriter;
  readonly #stopControl: () => void;
  #videoTrack: MediaStreamTrack | undefined;
  readonly #unread = new FramesBetween();
  #started = false;
  #stopping: Promise<void> | undefined;

  /** @param worker whose encoders are prepared for what it is going to encode; ends with this. */
  constructor(worker: Worker, channel: MediaChannelWriter) {
    this.#worker = worker;
    this.#channel = channel;
    this.#stopControl = channel.onControl((message) => this.#request(message));
    this.#worker.addEventListener('error', (event) => {
      this.#fail(encoderErrorInfo(encoderName, event.message));
    });
    this.#worker.addEventListener('message', (event: MessageEvent<EncoderReport>) => {
      const report = event.data;
      if (report.type === 'media') void this.#forward(report.bytes);
      if (report.type === 'frames') this.#sendAccount(report.count);
      if (report.type === 'failed') this.#fail(report.error);
    });
  }

  /** Resolves when the encoders work. */
  async start(capture: Capture, options: CaptureOptions): Promise<void> {
    const { width, height, fps, videoBitrate, audioBitrate, keyframeInterval } = options;
    const { cameraLabel, microphoneLabel } = capture;
    // A track processor exists on a window only; what it reads is transferred to the worker.
    const [videoTrack] = capture.stream.getVideoTracks();
    const [audioTrack] = capture.stream.getAudioTracks();
    if (!videoTrack) throw captureError('CAPTURE_FAILED', { reason: reason('no-picture') });
    this.#videoTrack = videoTrack;
    const video = new MediaStreamTrackProcessor({
      track: videoTrack,
      maxBufferSize: maxWaitingPictures,
    }).readable;
    const audio =
      // A second of sound: the worker's start may take a moment, and sound that is lost is heard.
      audioTrack &&
      new MediaStreamTrackProcessor({ track: audioTrack, maxBufferSize: 100 }).readable;
    const outcome = new Promise<'started' | AppErrorInfo>((resolve) => {
      this.#worker.addEventListener('message', (event: MessageEvent<EncoderReport>) => {
        if (event.data.type === 'started') resolve('started');
      });
      this.#failure.onFailed(resolve);
    });
    this.#request(
      {
        type: 'start',
        options: {
          width,
          height,
          fps,
          videoBitrate,
          audioBitrate,
          keyframeInterval,
          cameraLabel,
          microphoneLabel,
        },
        video,
        audio,
      },
      [video, ...(audio ? [audio] : [])],
    );
    const result = await within(outcome, startDeadlineMs);
    if (result === 'started') {
      this.#started = true;
      return;
    }
    await this.stop();
    throw result === 'late'
      ? captureError('ENCODER_FAILED', {
          encoder: encoderName,
          reason: reason('encoder-late'),
        })
      : new AppError(result);
  }

  onFailed(listener: (error: AppErrorInfo) => void): void {
    this.#failure.onFailed(listener);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#finish();
    return this.#stopping;
  }

  async #finish(): Promise<void> {
    this.#stopControl();
    if (!this.#failure.failed && this.#started) {
      const stopped = new Promise<void>((resolve) => {
        this.#worker.addEventListener('message', (event: MessageEvent<EncoderReport>) => {
          if (event.data.type === 'stopped') resolve();
        });
      });
      this.#request({ type: 'stop' });
      await within(stopped, stopDeadlineMs);
    }
    this.#worker.terminate();
    const ended = this.#channel
      .write({ type: 'end' })
      .catch((error: unknown) => this.#fail(encoderErrorInfo(encoderName, error)));
    await within(ended, endDeadlineMs);
  }

  async #forward(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { byteLength } = bytes;
    try {
      await this.#channel.writeSerialized(bytes);
    } catch (error) {
      this.#fail(encoderErrorInfo(encoderName, error));
    }
    // The worker counts what the channel has not accepted: the back-pressure reaches the encoder.
    this.#request({ type: 'accepted', bytes: byteLength });
  }

  #sendAccount({ elapsedMs, read, surplus, encoder, channel, encoded }: FrameCount): void {
    const given = this.#videoTrack && deviceFrames(this.#videoTrack);
    const reading = given === undefined ? 0 : this.#unread.count(given, read);
    const lost = { reading, encoder, channel };
    const account = { elapsedMs, offered: read + reading, surplus, lost, encoded };
    this.#channel
      .write({ type: 'account', account })
      .catch((error: unknown) => this.#fail(encoderErrorInfo(encoderName, error)));
  }

  #fail(error: AppErrorInfo): void {
    this.#failure.fail(error);
    void this.stop();
  }

  #request(request: EncoderRequest, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }
}
