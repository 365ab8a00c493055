import type { PictureSize } from '../../devices/capture.js';
import { FrameScaler } from '../frame-scaler.js';

export interface FittedPicture {
  readonly track: MediaStreamTrack;
  close(): void;
}

/** Few: what waits here is late on air. */
const waitingFrames = 4;

/**
 * The picture of `track` in another size, since MediaRecorder records what it is given. A track that has the size
 * already, as nearly always, is returned as it is.
 */
export function fittedPicture(
  track: MediaStreamVideoTrack,
  { width, height }: PictureSize,
): FittedPicture {
  const settings = track.getSettings();
  const isFitting = settings.width === width && settings.height === height;
  if (isFitting || settings.width === undefined) return { track, close: () => undefined };
  const frames = new MediaStreamTrackProcessor({ track, maxBufferSize: waitingFrames });
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const scaler = new FrameScaler(width, height);
  const fit = new TransformStream<VideoFrame, VideoFrame>({
    transform: (frame, controller) => controller.enqueue(scaler.fit(frame)),
  });
  const closed = new AbortController();
  // It ends with the camera's track, and by being closed; either is known to whoever watches the recorder.
  frames.readable
    .pipeThrough(fit, { signal: closed.signal })
    .pipeTo(generator.writable, { signal: closed.signal })
    .catch(() => undefined);
  return {
    track: generator,
    close: () => {
      closed.abort();
      generator.stop();
    },
  };
}
