import type { CaptureOptions } from '../../devices/capture-options.js';
import type { Capture } from '../../devices/capture.js';
import type { AudioFormat } from './audio-track-encoder.js';
import type { EncoderPreparation, EncoderRequest } from './worker-messages.js';

interface Prepared {
  readonly worker: Worker;
  readonly preparation: EncoderPreparation;
}

/** Waits to be taken. */
let prepared: Prepared | undefined;

/**
 * Has a worker load its encoders and try them, for what is going to be encoded: that takes longer than all else between a
 * click and the first picture. One waits at most.
 */
export function prepareEncoderWorker(capture: Capture, options: CaptureOptions): void {
  const preparation = preparationFor(capture, options);
  if (prepared && isSame(prepared.preparation, preparation)) return;
  discardEncoderWorker();
  const worker = open(preparation);
  prepared = { worker, preparation };
  // One that could not be loaded is tried anew when it is needed, and tells why then.
  worker.addEventListener('error', () => {
    if (prepared?.worker === worker) discardEncoderWorker();
  });
}

/** The worker that is prepared for this, or else a new one. It is the caller's. */
export function takeEncoderWorker(capture: Capture, options: CaptureOptions): Worker {
  const preparation = preparationFor(capture, options);
  if (!prepared || !isSame(prepared.preparation, preparation)) {
    discardEncoderWorker();
    return open(preparation);
  }
  const { worker } = prepared;
  prepared = undefined;
  return worker;
}

/** Nothing is going to be encoded soon. */
export function discardEncoderWorker(): void {
  prepared?.worker.terminate();
  prepared = undefined;
}

function open(preparation: EncoderPreparation): Worker {
  const worker = new Worker(new URL('./encoder.worker.ts', import.meta.url), {
    type: 'module',
    name: 'encoder',
  });
  worker.postMessage({ type: 'prepare', preparation } satisfies EncoderRequest);
  return worker;
}

function preparationFor(
  { stream }: Capture,
  { width, height, fps, videoBitrate, audioBitrate }: CaptureOptions,
): EncoderPreparation {
  const [track] = stream.getAudioTracks();
  const audio = track && formatOf(track);
  return { width, height, fps, videoBitrate, audioBitrate, ...(audio && { audio }) };
}

/** What the sound will be like, where the browser tells before there is any. */
function formatOf(track: MediaStreamTrack): AudioFormat | undefined {
  const { sampleRate, channelCount } = track.getSettings();
  return sampleRate && channelCount ? { sampleRate, numberOfChannels: channelCount } : undefined;
}

const isSame = (a: EncoderPreparation, b: EncoderPreparation): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
