import type { TestSourceOrder } from './test-source.worker.js';

export interface TestSourceOptions {
  readonly picture: boolean;
  readonly beep: boolean;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly fps: number;
}

export interface TestSource {
  readonly tracks: readonly MediaStreamTrack[];
  close(): void;
}

/**
 * The test picture and the test beep as tracks like those of a camera and a microphone: a moving picture with a running
 * clock, and at each full second a flash and a 1 kHz beep that start at the same instant.
 */
export function openTestSource(options: TestSourceOptions): TestSource {
  const { width, height, fps } = options;
  const worker = new Worker(new URL('./test-source.worker.ts', import.meta.url), {
    type: 'module',
    name: 'test source',
  });
  const video = options.picture ? new MediaStreamTrackGenerator({ kind: 'video' }) : undefined;
  const audio = options.beep ? new MediaStreamTrackGenerator({ kind: 'audio' }) : undefined;
  const order: TestSourceOrder = {
    fps,
    ...(video && { video: { writable: video.writable, width, height } }),
    ...(audio && { audio: { writable: audio.writable } }),
  };
  worker.postMessage(
    order,
    [video?.writable, audio?.writable].filter((stream) => stream !== undefined),
  );
  const tracks = [video, audio].filter((track) => track !== undefined);
  return {
    tracks,
    close: () => {
      for (const track of tracks) track.stop();
      worker.terminate();
    },
  };
}
