import {
  describeError,
  parseChannelMessage,
  pictureCode,
  pictureCodeAt,
  pictureCodeCells,
  reason,
  serializeChannelMessage,
  testPictureId,
  type ChannelPort,
} from '@tallylight/contract';
import {
  createPictureSampler,
  pictureClock,
  watchCaptured,
  type PictureSize,
} from '../../renderer/src/media/media-engine.js';
import { captureError } from '../../renderer/src/media/capture-error.js';
import type { MediaPort, PicturePort } from '../../renderer/src/control/media-port.js';

export interface FakeMediaOptions {
  readonly cameras: boolean;
  readonly cameraInUse: boolean;
  readonly silent: boolean;
  /** Until the page gets a `permission-granted` event. */
  readonly denied: boolean;
  /** The camera's largest picture. */
  readonly largest: PictureSize;
  /** A still picture in place of the drawn one. */
  readonly picture: string | undefined;
}

/** Cameras that are a canvas, microphones that are a sine wave's loudness. */
export function createFakeMedia(options: FakeMediaOptions): MediaPort & PicturePort {
  let { denied, cameraInUse } = options;
  window.addEventListener('permission-granted', () => (denied = false));
  window.addEventListener('camera-free', () => (cameraInUse = false));
  return {
    listMediaDevices: () =>
      Promise.resolve({
        ...(denied && { denied: captureError('CAMERA_DENIED', { device: '' }).info }),
        cameras:
          options.cameras && !denied ? [{ id: 'c1', label: 'Studio camera (1234:5678)' }] : [],
        microphones:
          options.cameras && !denied
            ? [
                { id: 'm1', label: 'Yeti microphone' },
                { id: 'm2', label: 'Headset' },
              ]
            : [],
      }),
    onDeviceChange: () => () => undefined,
    onPermissionChange: (listener) => {
      window.addEventListener('permission-granted', listener);
      return () => window.removeEventListener('permission-granted', listener);
    },
    openCapture: async ({ cameraId, microphoneId, width, height }) => {
      if (denied && cameraId !== testPictureId) {
        throw captureError('CAMERA_DENIED', { device: 'Studio camera' });
      }
      if (cameraInUse && cameraId !== testPictureId) {
        throw captureError('CAMERA_IN_USE', { device: 'Studio camera' });
      }
      const given = fit(options.largest, { width, height });
      const canvas = document.createElement('canvas');
      canvas.width = given.width;
      canvas.height = given.height;
      const context = canvas.getContext('2d');
      if (!context) throw captureError('CAPTURE_FAILED', { reason: 'no canvas' });
      await draw(context, options.picture);
      if (cameraId === testPictureId) setInterval(() => drawCode(context, Date.now()), 50);
      const started = performance.now();
      return {
        stream: canvas.captureStream(5),
        hasAudio: microphoneId !== 'none',
        cameraLabel: 'Studio camera',
        ...(cameraId !== testPictureId && { largest: options.largest }),
        microphoneLabel: 'Yeti microphone',
        peakDb: () => {
          if (options.silent) return -Infinity;
          const seconds = (performance.now() - started) / 1000;
          return -24 + 9 * Math.sin(seconds * 2.1) + 4 * Math.sin(seconds * 11);
        },
        onEnded: (listener) => {
          const device = 'Studio camera';
          const gone = { device, reason: reason('device-gone', { device }) };
          window.addEventListener(
            'camera-gone',
            () => listener(describeError('CAPTURE_FAILED', gone, 'camera')),
            { once: true },
          );
        },
        close: () => undefined,
      };
    },
    ...{ watchCaptured, createPictureSampler, pictureClock },
    prepareEngine: () => undefined,
    startEngine: () =>
      Promise.resolve({ stop: () => Promise.resolve(), onFailed: () => undefined }),
  };
}

const fit = (largest: PictureSize, wanted: PictureSize): PictureSize => ({
  width: Math.min(largest.width, wanted.width),
  height: Math.min(largest.height, wanted.height),
});

async function draw(context: CanvasRenderingContext2D, picture: string | undefined): Promise<void> {
  const { width, height } = context.canvas;
  if (picture !== undefined) {
    const image = await createImageBitmap(await (await fetch(picture)).blob());
    context.drawImage(image, 0, 0, width, height);
  } else {
    for (let bar = 0; bar < 8; bar++) {
      context.fillStyle = `hsl(${bar * 45} 55% 45%)`;
      context.fillRect((bar * width) / 8, 0, width / 8 + 1, height);
    }
  }
  // A canvas stream has a frame only after the canvas was painted while it streams.
  setInterval(() => context.fillRect(0, 0, 1, 1), 200);
}

/** What viewers get, as the page's `monitor` parameter has it. */
export type FakeMonitor = 'moving' | 'black' | 'gone' | 'refused';

/** How late it comes. Milliseconds. */
const monitorLateMs = 900;
const monitorEveryMs = 100;

interface FakeChannel extends ChannelPort {
  /** Plays what viewers get from its beginning, as the engine does once somebody watches. */
  readonly playMonitor: () => void;
}

/** A channel on which nothing comes but, once the monitor is watched, pictures of what viewers get. */
export function createFakeChannel(monitor: FakeMonitor): FakeChannel {
  const canvas = new OffscreenCanvas(480, 270);
  const context = canvas.getContext('2d');
  let receive: (bytes: Uint8Array<ArrayBuffer>) => void = () => undefined;
  let onShown = (): void => undefined;
  let plays = 0;
  const play = async (): Promise<void> => {
    const number = ++plays;
    const most = monitor === 'refused' ? 0 : monitor === 'gone' ? 10 : Infinity;
    for (let count = 0; count < most && number === plays && context; count++) {
      context.fillStyle = monitor === 'black' ? 'black' : `hsl(${count * 3} 40% 45%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
      if (monitor !== 'black') drawCode(context, Date.now() - monitorLateMs);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
      const payload = new Uint8Array(await blob.arrayBuffer());
      // One in flight, as from the engine: a computer that is busy gets fewer, not later ones.
      const shown = new Promise<void>((resolve) => (onShown = resolve));
      receive(serializeChannelMessage({ type: 'monitor', peakDb: -20, payload }));
      await shown;
      await new Promise((resolve) => setTimeout(resolve, monitorEveryMs));
    }
  };
  return {
    send: (bytes) => {
      if (parseChannelMessage(bytes)?.type === 'monitor-shown') onShown();
    },
    onMessage: (listener) => (receive = listener),
    onClose: () => undefined,
    close: () => undefined,
    playMonitor: () => void play(),
  };
}

function drawCode(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  time: number,
): void {
  const { width, height } = context.canvas;
  pictureCodeCells(pictureCodeAt(time)).forEach((isLight, cell) => {
    context.fillStyle = isLight ? 'white' : 'black';
    const cellWidth = width / pictureCode.cells;
    context.fillRect(cell * cellWidth, 0, cellWidth + 1, height * pictureCode.heightShare);
  });
}
