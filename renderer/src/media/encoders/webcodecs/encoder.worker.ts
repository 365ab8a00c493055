import {
  allocateChannelMessage,
  describeError,
  reason,
  payloadOf,
  serializeChannelMessage,
  type AppErrorInfo,
  type Track,
} from '@tallylight/contract';
import { CapturedFrameGrid } from '@tallylight/frame-grid';
import { wait, withResolvers } from 'node-rtmp-client/async';
import { encoderErrorInfo } from '../../capture-error.js';
import { workerScope } from '../../worker-scope.js';
import { ArrivalClock } from './arrival-clock.js';
import { AudioTrackEncoder, type AudioFormat } from './audio-track-encoder.js';
import type { EncodedFrame } from './encoded-track.js';
import { chooseConfiguration } from './h264-configuration.js';
import { VideoTrackEncoder } from './video-track-encoder.js';
import type { EncoderPreparation, EncoderReport, EncoderRequest } from './worker-messages.js';

const encoderName = 'WebCodecs';

/** What the clocks are settled on: about a quarter of a second. */
const videoObservations = 8;
const audioObservations = 25;
/** Without a picture, or sound, for this long, the device is as good as gone. */
const stallMs = 5000;
const watchEveryMs = 500;
/** Bytes that the channel may leave lying before frames are dropped ahead of the encoder: seconds of any stream. */
const maxPendingBytes = 8 * 1024 * 1024;

type StartRequest = Extract<EncoderRequest, { type: 'start' }>;

const scope = workerScope<EncoderRequest, EncoderReport>();
let session: EncoderSession | undefined;

scope.onMessage((request) => {
  switch (request.type) {
    case 'prepare':
      session = new EncoderSession(request.preparation);
      return;
    case 'start':
      void session?.run(request);
      return;
    case 'accepted':
      session?.accepted(request.bytes);
      return;
    case 'set-video-bitrate':
      session?.setVideoBitrate(request.bitrate);
      return;
    case 'request-keyframe':
      session?.requestKeyframe();
      return;
    case 'stop':
      void session?.stop();
      return;
  }
});

class EncoderSession {
  readonly #preparation: EncoderPreparation;
  readonly #configuration: Promise<VideoEncoderConfig>;
  #request: StartRequest | undefined;
  readonly #videoClock = new ArrivalClock(videoObservations);
  readonly #audioClock = new ArrivalClock(audioObservations);
  readonly #abort = new AbortController();
  #video: VideoTrackEncoder | undefined;
  #audio: AudioTrackEncoder | undefined;
  #audioLoading: Promise<AudioTrackEncoder> | undefined;
  #audioDone: Promise<void> = Promise.resolve();
  #settled = false;
  #soundSent = withResolvers();
  readonly #frames: CapturedFrameGrid;
  #videoBitrate: number;
  #lastAudioTime = -1;
  /** Since when, and which, frames that were read are counted. */
  #countedFrom = 0;
  readonly #count = { read: 0, surplus: 0, encoder: 0, channel: 0, encoded: 0 };
  #pendingBytes = 0;
  #videoSeenAt = 0;
  #audioSeenAt = 0;
  #watchedAt = 0;
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #over = false;

  /** Tries the picture's encoder and loads that of the sound, as is expected; what fails is told once it runs. */
  constructor(preparation: EncoderPreparation) {
    this.#preparation = preparation;
    this.#frames = new CapturedFrameGrid(preparation.fps);
    this.#videoBitrate = preparation.videoBitrate;
    this.#configuration = chooseConfiguration(preparation);
    this.#configuration.catch(() => undefined);
    if (preparation.audio) this.#audioLoading = this.#loadAudioEncoder(preparation.audio);
  }

  async run(request: StartRequest): Promise<void> {
    this.#request = request;
    const { video, audio, options } = request;
    const now = performance.now();
    [this.#videoSeenAt, this.#audioSeenAt, this.#watchedAt] = [now, now, now];
    this.#watchdog = setInterval(() => this.#watch(request), watchEveryMs);
    void this.#pump(video, (frame) => this.#encodeVideo(frame));
    if (audio) this.#audioDone = this.#pump(audio, (data) => this.#encodeAudio(data));
    try {
      const configuration = await this.#configuration;
      await this.#clocksSettled();
      // The picture waits for the sound's encoder, else it would begin in silence.
      if (audio) await this.#soundSent.promise;
      if (this.#over) return;
      const configured = { ...configuration, bitrate: this.#videoBitrate };
      this.#video = new VideoTrackEncoder(configured, options, {
        onConfiguration: (description) => this.#sendConfiguration('video', description),
        onFrame: (frame) => {
          this.#count.encoded += 1;
          this.#sendFrame('video', frame, frame.pts);
        },
        onDropped: (frames) => (this.#count.encoder += frames),
        onError: (error) => this.#fail(encoderErrorInfo(encoderName, error)),
      });
      this.#countedFrom = performance.now();
      scope.postMessage({ type: 'started' });
    } catch (error) {
      this.#fail(encoderErrorInfo(encoderName, error));
    }
  }

  accepted(bytes: number): void {
    this.#pendingBytes -= bytes;
  }

  /** Bits per second; holds also when the encoder has yet to start. */
  setVideoBitrate(bitrate: number): void {
    this.#videoBitrate = bitrate;
    if (!this.#over) this.#video?.setBitrate(bitrate);
  }

  /** An encoder that has yet to start begins with a keyframe anyway. */
  requestKeyframe(): void {
    this.#video?.requestKeyframe();
  }

  async stop(): Promise<void> {
    if (this.#over) return;
    this.#end();
    try {
      await this.#audioDone;
      await Promise.all([this.#video?.finish(), this.#audio?.finish()]);
    } catch (error) {
      scope.postMessage({ type: 'failed', error: encoderErrorInfo(encoderName, error) });
    }
    this.#reportCount();
    scope.postMessage({ type: 'stopped' });
  }

  #end(): void {
    this.#over = true;
    clearInterval(this.#watchdog);
    this.#abort.abort();
    this.#soundSent.resolve();
  }

  #fail(error: AppErrorInfo): void {
    if (this.#over) return;
    this.#end();
    scope.postMessage({ type: 'failed', error });
  }

  /** Reads a track to its end. Reading never waits for the encoder: Chromium would drop what is not read, unseen. */
  async #pump<Media extends VideoFrame | AudioData>(
    readable: ReadableStream<Media>,
    encode: (media: Media) => Promise<void> | void,
  ): Promise<void> {
    const reader = readable.getReader();
    this.#abort.signal.addEventListener('abort', () => {
      reader.cancel().catch(() => undefined); // It has ended by itself.
    });
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        if (this.#over) value.close();
        else await encode(value);
      }
    } catch (error) {
      this.#fail(encoderErrorInfo(encoderName, error));
    }
  }

  #encodeVideo(frame: VideoFrame): void {
    this.#videoSeenAt = performance.now();
    const arrival = this.#videoSeenAt * 1000;
    if (!this.#settled) {
      this.#videoClock.observe(arrival, frame.timestamp);
      frame.close();
      return;
    }
    const captured = this.#videoClock.map(frame.timestamp, arrival);
    if (!this.#video) {
      this.#frames.observe(captured);
      frame.close();
      return;
    }
    this.#count.read += 1;
    const time = this.#frames.place(captured);
    if (time === undefined) this.#count.surplus += 1;
    else if (this.#pendingBytes > maxPendingBytes) this.#count.channel += 1;
    else {
      this.#video.encode(frame, time);
      return;
    }
    frame.close();
  }

  async #encodeAudio(data: AudioData): Promise<void> {
    this.#audioSeenAt = performance.now();
    const { timestamp, duration } = data;
    const arrival = this.#audioSeenAt * 1000;
    if (!this.#settled) {
      this.#audioClock.observe(arrival, timestamp + duration);
      // It loads while the clocks settle, where nobody could tell before what the sound is like.
      this.#audioLoading ??= this.#loadAudioEncoder(data);
      data.close();
      return;
    }
    this.#audio ??= await this.#audioLoading;
    if (!this.#audio?.accepts(data)) {
      await this.#audio?.finish();
      this.#audio = await this.#loadAudioEncoder(data);
    }
    await this.#audio.encode(data, this.#audioClock.map(timestamp, arrival));
  }

  #loadAudioEncoder(format: AudioFormat): Promise<AudioTrackEncoder> {
    const loading = AudioTrackEncoder.create(format, this.#preparation.audioBitrate, {
      onConfiguration: (description) => this.#sendConfiguration('audio', description),
      onFrame: (frame) => this.#sendSound(frame),
    });
    // It is told to whoever waits for it.
    loading.catch(() => undefined);
    return loading;
  }

  /** Shifts a frame's time to the picture's start. What was heard before has nothing to be played with. */
  #sendSound(frame: EncodedFrame): void {
    this.#soundSent.resolve();
    const { origin } = this.#frames;
    if (origin === undefined || frame.pts < origin) return;
    const time = Math.max(frame.pts - origin, this.#lastAudioTime + 1);
    this.#lastAudioTime = time;
    this.#sendFrame('audio', frame, time);
  }

  async #clocksSettled(): Promise<void> {
    const settled = (): boolean =>
      this.#videoClock.settled && (!this.#request?.audio || this.#audioClock.settled);
    while (!settled() && !this.#over) await wait(10);
    this.#settled = true;
  }

  #watch({ audio, options }: StartRequest): void {
    const now = performance.now();
    // While this worker itself did not run (the computer slept, or was too busy), no device is to blame.
    const away = Math.max(0, now - this.#watchedAt - watchEveryMs);
    this.#watchedAt = now;
    this.#videoSeenAt += away;
    this.#audioSeenAt += away;
    const { cameraLabel, microphoneLabel } = options;
    const seconds = stallMs / 1000;
    if (now - this.#videoSeenAt > stallMs) {
      this.#fail(describeError('CAPTURE_STALLED', { device: cameraLabel, seconds }, 'camera'));
    } else if (audio && now - this.#audioSeenAt > stallMs) {
      const why = reason('no-sound-for', { seconds });
      const data = { device: microphoneLabel, reason: why };
      this.#fail(describeError('MICROPHONE_FAILED', data, 'camera'));
    }
    this.#reportCount();
  }

  #reportCount(): void {
    if (!this.#video) return;
    const elapsedMs = performance.now() - this.#countedFrom;
    scope.postMessage({ type: 'frames', count: { ...this.#count, elapsedMs } });
  }

  #sendConfiguration(track: Track, payload: Uint8Array): void {
    this.#send(serializeChannelMessage({ type: 'config', track, payload }));
  }

  /** Neither encoder reorders (a realtime encoder makes no B-frames): frames are decoded as they are shown. */
  #sendFrame(track: Track, frame: EncodedFrame, time: number): void {
    const { keyframe, byteLength } = frame;
    const header = { type: 'frame', track, keyframe, pts: time, dts: time } as const;
    const bytes = allocateChannelMessage(header, byteLength);
    // The one copy on this side of the transport: from the encoder's memory into the message.
    frame.copyTo(payloadOf(bytes));
    this.#send(bytes);
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#pendingBytes += bytes.byteLength;
    scope.postMessage({ type: 'media', bytes }, [bytes.buffer]);
  }
}
