import { describeError, type AppErrorInfo, type LaneMessage } from '@tallylight/contract';
import { encoderErrorInfo } from '../capture-error.js';
import { workerScope } from '../worker-scope.js';
import { ArrivalClock } from './arrival-clock.js';
import { AudioTrackEncoder } from './audio-track-encoder.js';
import { chooseConfiguration } from './h264-configuration.js';
import { VideoTrackEncoder } from './video-track-encoder.js';
import type { EncoderReport, EncoderRequest } from './worker-messages.js';

const encoderName = 'WebCodecs';

/** What a clock sees before it is settled. */
const videoObservations = 8;
const audioObservations = 20;
/** Without a picture, or sound, for this long, the device is as good as gone. */
const stallMs = 5000;
/** Bytes that the lane may leave lying before frames are dropped ahead of the encoder: seconds of any stream. */
const maxUntakenBytes = 8 * 1024 * 1024;

type StartRequest = Extract<EncoderRequest, { type: 'start' }>;

const scope = workerScope<EncoderRequest, EncoderReport>();
let session: EncoderSession | undefined;

scope.onMessage((request) => {
  switch (request.type) {
    case 'start':
      session = new EncoderSession(request);
      void session.run();
      return;
    case 'taken':
      session?.taken(request.bytes);
      return;
    case 'stop':
      void session?.stop();
      return;
  }
});

class EncoderSession {
  readonly #request: StartRequest;
  readonly #videoClock = new ArrivalClock();
  readonly #audioClock = new ArrivalClock();
  readonly #abort = new AbortController();
  #video: VideoTrackEncoder | undefined;
  #audio: AudioTrackEncoder | undefined;
  #audioDone: Promise<void> = Promise.resolve();
  #settled = false;
  #soundSent = signal();
  /** The arrival clock's time of the first encoded frame, in microseconds: the time 0 of what is sent. */
  #origin: number | undefined;
  #lastAudioTime = -1;
  #dropped = 0;
  #droppedReported = 0;
  #untakenBytes = 0;
  #videoSeenAt = performance.now();
  #audioSeenAt = performance.now();
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #over = false;

  constructor(request: StartRequest) {
    this.#request = request;
  }

  async run(): Promise<void> {
    const { video, audio, options } = this.#request;
    this.#watchdog = setInterval(() => this.#watch(), 500);
    void this.#pump(video, (frame) => this.#takeVideo(frame));
    if (audio) this.#audioDone = this.#pump(audio, (data) => this.#takeAudio(data));
    try {
      const configuration = await chooseConfiguration(options);
      await this.#clocksSettled();
      // The sound's encoder takes a moment to load. The picture waits for it, else it would begin in silence.
      if (audio) await this.#soundSent.promise;
      if (this.#over) return;
      this.#video = new VideoTrackEncoder(configuration, options, {
        onMessage: (message) => this.#send(message),
        onError: (error) => this.#fail(encoderErrorInfo(encoderName, error)),
      });
      scope.postMessage({ type: 'started' });
    } catch (error) {
      this.#fail(encoderErrorInfo(encoderName, error));
    }
  }

  taken(bytes: number): void {
    this.#untakenBytes -= bytes;
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
    take: (media: Media) => Promise<void> | void,
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
        else await take(value);
      }
    } catch (error) {
      this.#fail(encoderErrorInfo(encoderName, error));
    }
  }

  #takeVideo(frame: VideoFrame): void {
    this.#videoSeenAt = performance.now();
    if (!this.#settled) {
      this.#videoClock.observe(this.#videoSeenAt * 1000, frame.timestamp);
      frame.close();
      return;
    }
    if (!this.#video) {
      frame.close();
      return;
    }
    if (this.#untakenBytes > maxUntakenBytes) {
      frame.close();
      this.#dropped += 1;
      return;
    }
    const time = this.#videoClock.map(frame.timestamp);
    this.#origin ??= time;
    if (!this.#video.encode(frame, time - this.#origin)) this.#dropped += 1;
  }

  async #takeAudio(data: AudioData): Promise<void> {
    this.#audioSeenAt = performance.now();
    const { timestamp, duration } = data;
    if (!this.#settled) {
      this.#audioClock.observe(this.#audioSeenAt * 1000, timestamp + duration);
      data.close();
      return;
    }
    if (!this.#audio?.accepts(data)) {
      await this.#audio?.finish();
      const { audioBitrate } = this.#request.options;
      this.#audio = await AudioTrackEncoder.create(data, audioBitrate, (message) =>
        this.#sendAudio(message),
      );
    }
    await this.#audio.encode(data, this.#audioClock.map(timestamp));
  }

  /** Shifts a packet's times to the picture's start. What was heard before has nothing to be played with. */
  #sendAudio(message: LaneMessage): void {
    if (message.type !== 'frame') {
      this.#send(message);
      return;
    }
    this.#soundSent.resolve();
    if (this.#origin === undefined) return;
    const pts = Math.max(message.pts - this.#origin, this.#lastAudioTime + 1);
    if (message.pts < this.#origin) return;
    this.#lastAudioTime = pts;
    this.#send({ ...message, pts, dts: pts });
  }

  async #clocksSettled(): Promise<void> {
    const settled = (): boolean =>
      this.#videoClock.observations >= videoObservations &&
      (!this.#request.audio || this.#audioClock.observations >= audioObservations);
    while (!settled() && !this.#over) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#settled = true;
  }

  #watch(): void {
    const now = performance.now();
    const { cameraLabel, microphoneLabel } = this.#request.options;
    const seconds = stallMs / 1000;
    if (now - this.#videoSeenAt > stallMs) {
      this.#fail(describeError('CAPTURE_STALLED', { device: cameraLabel, seconds }, 'camera'));
    } else if (this.#request.audio && now - this.#audioSeenAt > stallMs) {
      const reason = `no sound came from it for ${seconds} s`;
      this.#fail(describeError('MICROPHONE_FAILED', { device: microphoneLabel, reason }, 'camera'));
    }
    if (this.#dropped === this.#droppedReported) return;
    this.#droppedReported = this.#dropped;
    this.#send({ type: 'dropped', frames: this.#dropped });
  }

  #send(message: LaneMessage): void {
    const payload = 'payload' in message ? message.payload : undefined;
    this.#untakenBytes += payload?.byteLength ?? 0;
    const transfer = payload?.buffer instanceof ArrayBuffer ? [payload.buffer] : [];
    scope.postMessage({ type: 'media', message }, transfer);
  }
}

interface Signal {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function signal(): Signal {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
