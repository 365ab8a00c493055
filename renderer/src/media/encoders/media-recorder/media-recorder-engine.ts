import { AppError, reason, type AppErrorInfo, type MediaChannelWriter } from '@tallylight/contract';
import { within } from 'node-rtmp-client/async';
import { captureError, encoderErrorInfo } from '../../capture-error.js';
import type { Capture } from '../../devices/capture.js';
import { FailureSignal } from '../failure-signal.js';
import { deviceFrames } from '../device-frames.js';
import { ChannelQueue } from './channel-queue.js';
import { fittedPicture, type FittedPicture } from './fitted-picture.js';
import type { CaptureOptions } from '../../devices/capture-options.js';
import type { RunningEngine } from '../running-engine.js';

const encoderName = 'MediaRecorder';

/** How often MediaRecorder hands out what it has, in milliseconds. Matroska clusters are not shorter than this. */
const timesliceMs = 100;
/** How often it tells what the camera gave, in milliseconds. */
const accountMs = 500;
const firstChunkDeadlineMs = 8000;
const stopDeadlineMs = 3000;
/** MediaRecorder cannot be made to wait: an engine that leaves this many bytes lying is gone. */
const maxPendingBytes = 64 * 1024 * 1024;

const encoderFailed = (why: 'encoder-stopped' | 'engine-too-slow'): AppErrorInfo =>
  captureError('ENCODER_FAILED', { encoder: encoderName, reason: reason(why) }).info;

/**
 * Matroska, because Chromium flushes MP4 only at keyframes; PCM, because Chromium's recorder has no AAC, and sound
 * should be encoded once: the engine makes AAC of it.
 */
function containerType(hasAudio: boolean): string {
  return `video/x-matroska;codecs=${hasAudio ? 'avc1,pcm' : 'avc1'}`;
}

/**
 * Records `capture` and sends the pieces of the Matroska file as they come. A recorder's bitrate and keyframes are fixed
 * when it is made, so it does not listen to what the engine asks for: a source of format `matroska` has no control.
 *
 * @throws AppError with `ENCODER_FAILED` when the browser cannot, or when nothing comes.
 */
export async function startMediaRecorderEngine(
  capture: Capture,
  options: CaptureOptions,
  channel: MediaChannelWriter,
): Promise<RunningEngine> {
  const mimeType = containerType(capture.hasAudio);
  if (!MediaRecorder.isTypeSupported(mimeType)) {
    throw captureError('ENCODER_FAILED', {
      encoder: encoderName,
      reason: reason('browser-cannot-record', { type: mimeType }),
    });
  }
  const [camera] = capture.stream.getVideoTracks();
  if (!camera) throw captureError('CAPTURE_FAILED', { reason: reason('no-picture') });
  const picture = fittedPicture(camera, options);
  const tracks = [picture.track, ...capture.stream.getAudioTracks()];
  const recorder = new MediaRecorder(new MediaStream(tracks), {
    mimeType,
    videoBitsPerSecond: options.videoBitrate,
    videoKeyFrameIntervalDuration: options.keyframeInterval * 1000,
  } as MediaRecorderOptions); // Chromium's keyframe option is not in TypeScript's library yet.

  const engine = new MediaRecorderEngine(recorder, camera, picture, channel);
  await engine.start();
  return engine;
}

class MediaRecorderEngine implements RunningEngine {
  readonly #recorder: MediaRecorder;
  readonly #camera: MediaStreamTrack;
  readonly #picture: FittedPicture;
  readonly #failure = new FailureSignal();
  readonly #queue: ChannelQueue;
  readonly #stopped: Promise<void>;
  /** Chunks in their order: reading a Blob is asynchronous, and a small one may be ready before a large one. */
  #chunks = Promise.resolve();
  #stopping: Promise<void> | undefined;

  /** Of the page's clock, and of the camera, when it began. */
  #begin = { at: performance.now(), frames: 0 };
  #toldAt = -Infinity;

  constructor(
    recorder: MediaRecorder,
    camera: MediaStreamTrack,
    picture: FittedPicture,
    channel: MediaChannelWriter,
  ) {
    this.#recorder = recorder;
    this.#camera = camera;
    this.#picture = picture;
    this.#queue = new ChannelQueue(channel, (error) =>
      this.#fail(encoderErrorInfo(encoderName, error)),
    );
    this.#stopped = new Promise((resolve) => {
      recorder.addEventListener('stop', () => resolve());
    });
    recorder.addEventListener('dataavailable', ({ data }) => this.#forward(data));
    recorder.addEventListener('error', (event) => {
      const error: unknown = 'error' in event ? event.error : undefined;
      this.#fail(
        error === undefined
          ? encoderFailed('encoder-stopped')
          : encoderErrorInfo(encoderName, error),
      );
    });
    void this.#stopped.then(() => {
      // A track that ends, or changes its format, stops the recorder.
      if (!this.#stopping) this.#fail(encoderFailed('encoder-stopped'));
    });
  }

  /** Resolves with the first piece of the file. */
  async start(): Promise<void> {
    const first = new Promise<'data' | AppErrorInfo>((resolve) => {
      this.#recorder.addEventListener('dataavailable', ({ data }) => {
        if (data.size > 1) resolve('data');
      });
      this.#failure.onFailed(resolve);
    });
    this.#begin = { at: performance.now(), frames: deviceFrames(this.#camera) ?? 0 };
    this.#recorder.start(timesliceMs);
    const outcome = await within(first, firstChunkDeadlineMs);
    if (outcome === 'data') return;
    await this.stop();
    if (outcome !== 'late') throw new AppError(outcome);
    // The muxer waits until it has something of each track.
    throw captureError('ENCODER_FAILED', {
      encoder: encoderName,
      reason: reason('devices-silent'),
    });
  }

  onFailed(listener: (error: AppErrorInfo) => void): void {
    this.#failure.onFailed(listener);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#finish();
    return this.#stopping;
  }

  async #finish(): Promise<void> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    // The last piece comes before the stop event.
    const ended = this.#stopped
      .then(() => this.#chunks)
      .then(() => this.#queue.write({ type: 'end' }));
    await within(ended, stopDeadlineMs);
    this.#picture.close();
  }

  #forward(data: Blob): void {
    if (data.size === 0) return;
    this.#chunks = this.#chunks
      .then(async () => {
        const payload = new Uint8Array(await data.arrayBuffer());
        this.#tellAccount();
        void this.#queue.write({ type: 'container', payload });
        if (this.#queue.pendingBytes > maxPendingBytes) {
          this.#fail(encoderFailed('engine-too-slow'));
        }
      })
      .catch((error: unknown) => this.#fail(encoderErrorInfo(encoderName, error)));
  }

  /** What the camera gave. What became of it only the engine can tell, which reads the file. */
  #tellAccount(): void {
    const given = deviceFrames(this.#camera);
    const elapsedMs = performance.now() - this.#begin.at;
    const isDue = this.#stopping !== undefined || elapsedMs >= this.#toldAt + accountMs;
    if (given === undefined || !isDue) return;
    this.#toldAt = elapsedMs;
    const lost = { reading: 0, encoder: 0, channel: 0 };
    const account = {
      elapsedMs,
      offered: given - this.#begin.frames,
      surplus: 0,
      lost,
      encoded: 0,
    };
    void this.#queue.write({ type: 'account', account });
  }

  #fail(error: AppErrorInfo): void {
    this.#failure.fail(error);
    void this.stop();
  }
}
