import {
  describeError,
  reason,
  noMicrophoneId,
  testBeepId,
  testPictureId,
  type AppErrorInfo,
} from '@tallylight/contract';
import { captureError, cameraError, microphoneError } from '../capture-error.js';
import { openLevelMeter } from '../level/level-meter.js';
import { deviceLabel, hasMediaDevices, isWithheld } from './media-devices.js';
import type { CaptureOptions } from './capture-options.js';
import { openTestSource, type TestSource } from '../test-source/test-source.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** An open camera and microphone. */
export interface Capture {
  /** For a muted `<video>` as preview. */
  readonly stream: MediaStream;
  readonly hasAudio: boolean;
  readonly cameraLabel: string;
  /** The largest picture that the camera could give, in pixels; absent for the test picture, which gives any size. */
  readonly largest?: PictureSize;
  /** Empty without a microphone. */
  readonly microphoneLabel: string;
  /** How loud it is right now: dBFS, -Infinity for silence. */
  readonly peakDb: () => number;
  /** Called once, when a device is gone or gives nothing any more; not after {@link Capture.close}. */
  onEnded(listener: (error: AppErrorInfo) => void): void;
  close(): void;
}

/** A track that stays muted for this long is a device that gives nothing. */
const longestMuteMs = 5000;

/**
 * Opens camera and microphone. A camera that lacks the chosen size gives the one that is nearest, and the encoder fits it;
 * its frame rate may be lower than chosen, too, as many cameras slow down in the dark.
 *
 * @throws AppError with one of the capture codes.
 */
export async function openCapture(options: CaptureOptions): Promise<Capture> {
  const { cameraId, microphoneId, width, height, fps, cameraName, microphoneName } = options;
  const picture = cameraId === testPictureId;
  const beep = microphoneId === testBeepId;
  const cameraLabel = (await deviceLabel(cameraId)) || (cameraName ?? '');
  const microphoneLabel =
    microphoneId === noMicrophoneId
      ? ''
      : (await deviceLabel(microphoneId)) || (microphoneName ?? '');

  const devices: MediaStreamTrack[] = [];
  let testSource: TestSource | undefined;
  const close = (): void => {
    for (const track of devices) track.stop();
    testSource?.close();
  };
  try {
    if (!picture) devices.push(await openCamera(options, cameraLabel));
    if (!beep && microphoneId !== noMicrophoneId) {
      devices.push(await openMicrophone(microphoneId, microphoneLabel));
    }
    if (picture || beep) testSource = openTestSource({ picture, beep, width, height, fps });
  } catch (error) {
    close();
    throw error;
  }

  const stream = new MediaStream([...devices, ...(testSource?.tracks ?? [])]);
  const [audioTrack] = stream.getAudioTracks();
  const meter = audioTrack && openLevelMeter(audioTrack);
  const ended = watchTracks(devices, (track) =>
    track.kind === 'video' ? cameraLabel : microphoneLabel,
  );
  return {
    stream,
    hasAudio: audioTrack !== undefined,
    cameraLabel,
    ...(!picture && largestOf(stream)),
    microphoneLabel,
    peakDb: () => meter?.peakDb() ?? -Infinity,
    onEnded: (listener) => ended.listen(listener),
    close: () => {
      ended.close();
      meter?.close();
      close();
    },
  };
}

function largestOf(stream: MediaStream): Pick<Capture, 'largest'> {
  const [track] = stream.getVideoTracks();
  const { width = 0, height = 0 } = track?.getSettings() ?? {};
  const { width: widths, height: heights } = track?.getCapabilities() ?? {};
  const largest = { width: widths?.max ?? width, height: heights?.max ?? height };
  return largest.width > 0 && largest.height > 0 ? { largest } : {};
}

async function openCamera(options: CaptureOptions, label: string): Promise<MediaStreamTrack> {
  const { cameraId, width, height, fps } = options;
  const video: MediaTrackConstraints = {
    deviceId: { exact: cameraId },
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: fps },
  };
  try {
    return await openTrack('videoinput', { video });
  } catch (error) {
    throw cameraError(error, label, reason('mode', { size: `${width}×${height}`, fps }));
  }
}

async function openMicrophone(id: string, label: string): Promise<MediaStreamTrack> {
  // What a broadcast wants is what the microphone hears: no processing made for calls.
  const audio: MediaTrackConstraints = {
    deviceId: { exact: id },
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
  };
  try {
    return await openTrack('audioinput', { audio });
  } catch (error) {
    throw microphoneError(error, label);
  }
}

async function openTrack(
  kind: MediaDeviceKind,
  constraints: MediaStreamConstraints,
): Promise<MediaStreamTrack> {
  if (!hasMediaDevices()) {
    throw captureError('CAPTURE_FAILED', { reason: reason('cameras-not-allowed') });
  }
  const stream = await navigator.mediaDevices
    .getUserMedia(constraints)
    .catch(async (error: unknown) => {
      // A browser that withholds a device does not find its id, and says no more than that.
      throw (await isWithheld(kind)) ? new DOMException('', 'NotAllowedError') : error;
    });
  const [track] = stream.getTracks();
  if (!track) throw new DOMException('no track', 'NotFoundError');
  return track;
}

interface EndWatch {
  listen(listener: (error: AppErrorInfo) => void): void;
  close(): void;
}

/** Tells when a device is unplugged, or muted by the system for so long that it is as good as gone. */
function watchTracks(
  tracks: readonly MediaStreamTrack[],
  labelOf: (track: MediaStreamTrack) => string,
): EndWatch {
  const abort = new AbortController();
  const { signal } = abort;
  let listener: ((error: AppErrorInfo) => void) | undefined;
  let outcome: AppErrorInfo | undefined;
  const end = (error: AppErrorInfo): void => {
    if (outcome || signal.aborted) return;
    outcome = error;
    listener?.(error);
  };
  for (const track of tracks) {
    const device = labelOf(track);
    let muteTimer: ReturnType<typeof setTimeout> | undefined;
    const stopTimer = (): void => clearTimeout(muteTimer);
    const startTimer = (): void => {
      stopTimer();
      muteTimer = setTimeout(
        () =>
          end(
            describeError('CAPTURE_STALLED', { device, seconds: longestMuteMs / 1000 }, 'camera'),
          ),
        longestMuteMs,
      );
    };
    track.addEventListener(
      'ended',
      () =>
        end(
          describeError(
            'CAPTURE_FAILED',
            { device, reason: reason('device-gone', { device }) },
            'camera',
          ),
        ),
      { signal },
    );
    track.addEventListener('mute', startTimer, { signal });
    track.addEventListener('unmute', stopTimer, { signal });
    signal.addEventListener('abort', stopTimer);
  }
  return {
    listen: (added) => {
      listener = added;
      if (outcome) added(outcome);
    },
    close: () => abort.abort(),
  };
}
