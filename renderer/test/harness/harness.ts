import { AppError, MediaChannelWriter, type ChannelPort } from '@tallylight/contract';
import {
  listMediaDevices,
  openCapture,
  prepareEngine,
  startEngine,
  type CaptureOptions,
  type MediaDeviceList,
  type RendererEngineKind,
} from '../../src/media/media-engine.js';

import { runEncoder, type EncoderRun, type EncoderRunResult } from './encoder-run.js';

export interface HarnessRun {
  readonly kind: RendererEngineKind;
  readonly options: CaptureOptions;
  readonly seconds: number;
  /** What an engine is made ready for before, one after the other; the options themselves where it is to be used. */
  readonly prepareFor?: readonly CaptureOptions[];
}

export interface HarnessResult {
  /** Milliseconds from the first call to a running engine. */
  readonly startedMs: number;
  /** Peaks in dBFS. */
  readonly levels: readonly number[];
  /** Frames that the preview showed. */
  readonly previewFrames: number;
  /** The timestamps, in microseconds, of the frames that a second reader of the same track got from start to stop. */
  readonly captured: readonly number[];
  /** How many of them it got from the moment when the engine ran until it was told to stop. */
  readonly capturedRunning: number;
  readonly failure: string | undefined;
  readonly videoSettings: { readonly width?: number; readonly height?: number };
}

export interface Harness {
  devices(): Promise<MediaDeviceList>;
  run(run: HarnessRun): Promise<HarnessResult>;
  /** The code with which opening fails, or `opened`. */
  tryOpen(options: CaptureOptions): Promise<string>;
  runEncoder(run: EncoderRun): Promise<EncoderRunResult>;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

window.harness = {
  devices: () => listMediaDevices(),
  run,
  runEncoder,
  tryOpen: async (options) => {
    try {
      (await openCapture(options)).close();
      return 'opened';
    } catch (error) {
      return error instanceof AppError ? error.info.code : String(error);
    }
  },
};

async function run({
  kind,
  options,
  seconds,
  prepareFor = [],
}: HarnessRun): Promise<HarnessResult> {
  const channel = await openChannel();
  const begun = performance.now();
  const capture = await openCapture(options);
  const video = document.querySelector('video');
  if (!video) throw new Error('no preview');
  video.srcObject = capture.stream;
  await video.play();
  const [track] = capture.stream.getVideoTracks();
  if (!track) throw new Error('no picture');
  for (const each of prepareFor) prepareEngine({ kind, capture, options: each });
  const reference = readTimestamps(track);
  const engine = await startEngine(kind, capture, options, new MediaChannelWriter(channel), 1);
  const startedMs = performance.now() - begun;
  const capturedBefore = reference.timestamps.length;
  let failure: string | undefined;
  engine.onFailed((error) => (failure = error.code));
  const levels: number[] = [];
  const timer = setInterval(() => levels.push(capture.peakDb()), 50);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  clearInterval(timer);
  const capturedRunning = reference.timestamps.length - capturedBefore;
  await engine.stop();
  await reference.stop();
  const { width, height } = track.getSettings();
  const previewFrames = video.getVideoPlaybackQuality().totalVideoFrames;
  capture.close();
  return {
    startedMs,
    levels,
    previewFrames,
    captured: reference.timestamps,
    capturedRunning,
    failure,
    videoSettings: { ...(width && { width }), ...(height && { height }) },
  };
}

interface TimestampReader {
  /** In microseconds, of what has come so far. */
  readonly timestamps: readonly number[];
  stop(): Promise<void>;
}

/** A read that takes longer than this found nothing waiting, in milliseconds. */
const emptyAfterMs = 5;

/** Reads a track beside the engine, with room for all that a busy machine makes wait. */
function readTimestamps(track: MediaStreamVideoTrack): TimestampReader {
  const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 100 }).readable.getReader();
  const timestamps: number[] = [];
  const ending = new AbortController();
  const reading = (async () => {
    for (;;) {
      const wasEnding = ending.signal.aborted;
      const asked = performance.now();
      const { done, value } = await reader.read();
      if (done) return;
      timestamps.push(value.timestamp);
      value.close();
      // What waited has been read when the next has to be waited for.
      if (wasEnding && performance.now() - asked > emptyAfterMs) return;
    }
  })();
  return {
    timestamps,
    stop: async () => {
      ending.abort();
      await reading;
      await reader.cancel();
    },
  };
}

async function openChannel(): Promise<ChannelPort> {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/media`);
  socket.binaryType = 'arraybuffer';
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('no channel')));
  });
  return {
    send: (bytes) => socket.send(bytes),
    onMessage: (listener) =>
      socket.addEventListener('message', (event: MessageEvent<ArrayBuffer>) =>
        listener(new Uint8Array(event.data)),
      ),
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  };
}
