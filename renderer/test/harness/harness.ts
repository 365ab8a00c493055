import { MediaChannelWriter, type ChannelPort } from '@tallylight/contract';
import {
  CaptureError,
  listMediaDevices,
  openCapture,
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
}

export interface HarnessResult {
  /** Milliseconds from the first call to a running engine. */
  readonly startedMs: number;
  /** Peaks in dBFS. */
  readonly levels: readonly number[];
  /** Frames that the preview showed. */
  readonly previewFrames: number;
  /** Frames that the camera gave between the engine's start and its stop; `undefined` for a track that does not count. */
  readonly delivered: number | undefined;
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
      return error instanceof CaptureError ? error.info.code : String(error);
    }
  },
};

async function run({ kind, options, seconds }: HarnessRun): Promise<HarnessResult> {
  const channel = await openChannel();
  const begun = performance.now();
  const capture = await openCapture(options);
  const video = document.querySelector('video');
  if (!video) throw new Error('no preview');
  video.srcObject = capture.stream;
  await video.play();
  const engine = await startEngine(kind, capture, options, new MediaChannelWriter(channel), 1);
  const startedMs = performance.now() - begun;
  const [track] = capture.stream.getVideoTracks();
  const before = deliveredFrames(track);
  let failure: string | undefined;
  engine.onFailed((error) => (failure = error.message));
  const levels: number[] = [];
  const timer = setInterval(() => levels.push(capture.peakDb()), 50);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  clearInterval(timer);
  const after = deliveredFrames(track);
  await engine.stop();
  const { width, height } = track?.getSettings() ?? {};
  const previewFrames = video.getVideoPlaybackQuality().totalVideoFrames;
  capture.close();
  return {
    startedMs,
    levels,
    previewFrames,
    delivered: before === undefined || after === undefined ? undefined : after - before,
    failure,
    videoSettings: { ...(width && { width }), ...(height && { height }) },
  };
}

/** Chromium counts what a device delivers; TypeScript's library does not know that yet. */
function deliveredFrames(track: MediaStreamTrack | undefined): number | undefined {
  if (!track || !('stats' in track)) return undefined;
  return (track.stats as { deliveredFrames: number } | null)?.deliveredFrames;
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
