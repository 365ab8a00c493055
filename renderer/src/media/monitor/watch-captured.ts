import type { CapturedPicturesOrder } from './captured-pictures.worker.js';
import type { SeenPicture } from './picture-raster.js';

/**
 * Looks at what a camera gives, as it comes. In a worker, since a hidden window shows no video, and its timers are slow.
 *
 * @param shape width by height of what is encoded
 * @returns how to stop.
 */
export function watchCaptured(
  stream: MediaStream,
  shape: number,
  onPicture: (picture: SeenPicture) => void,
): () => void {
  const [track] = stream.getVideoTracks();
  if (!track) return () => undefined;
  const worker = new Worker(new URL('./captured-pictures.worker.ts', import.meta.url), {
    type: 'module',
    name: 'captured pictures',
  });
  worker.addEventListener('message', ({ data }: MessageEvent<SeenPicture>) => onPicture(data));
  // Of its own: what the encoder reads must not be stopped with it.
  const own = track.clone();
  const { readable } = new MediaStreamTrackProcessor({ track: own });
  const order: CapturedPicturesOrder = { readable, shape };
  worker.postMessage(order, [readable]);
  return () => {
    own.stop();
    worker.terminate();
  };
}
