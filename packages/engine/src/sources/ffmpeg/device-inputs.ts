import type { AudioInput, Encoding, VideoInput } from '@tallylight/contract';
import type { AskedMode } from '../../devices/camera-mode.js';
import { pulsePrefix } from '../../devices/microphones-linux.js';
import { pictureQueue, soundQueue, type FfmpegInput } from './ffmpeg-input.js';
import { testBeepInput, testPictureInput } from './test-inputs.js';

export interface CaptureRequest {
  readonly video: VideoInput;
  readonly audio: AudioInput;
  readonly encoding: Encoding;
  /** What the camera is asked for, which need not be what is encoded. */
  readonly mode: AskedMode;
}

/**
 * The inputs of a capture on one platform.
 *
 * @throws never: an id that names nothing is for ffmpeg to find out.
 */
export function captureInputs(platform: NodeJS.Platform, request: CaptureRequest): FfmpegInput[] {
  const { video, audio, encoding } = request;
  if (video.type === 'camera' && audio.type === 'microphone') {
    const joint = jointInput(platform, request, video.id, audio.id);
    if (joint) return [joint];
  }
  const deviceCount = Number(video.type === 'camera') + Number(audio.type === 'microphone');
  const beside = deviceCount > 0;
  const inputs = [
    video.type === 'camera'
      ? cameraInput(platform, request, video.id)
      : testPictureInput(encoding, beside),
  ];
  if (audio.type === 'microphone') inputs.push(microphoneInput(platform, audio.id));
  if (audio.type === 'test') inputs.push(testBeepInput(beside));
  return inputs;
}

/** Camera and microphone as one input, where the system can: then both have one clock from the start. */
function jointInput(
  platform: NodeJS.Platform,
  request: CaptureRequest,
  camera: string,
  microphone: string,
): FfmpegInput | undefined {
  const both = { video: true, audio: true, clock: 'own' } as const;
  switch (platform) {
    case 'win32':
      return {
        args: dshow(request, `video=${camera}:audio=${microphone}`, true),
        ...both,
      };
    case 'darwin':
      return { args: avfoundation(request, `${camera}:${microphone}`), ...both };
    default:
      return undefined;
  }
}

function cameraInput(
  platform: NodeJS.Platform,
  request: CaptureRequest,
  camera: string,
): FfmpegInput {
  const { width, height, fps, format } = request.mode;
  const picture = { video: true, audio: false, clock: 'wall' } as const;
  switch (platform) {
    case 'win32':
      return {
        args: [...wallClock, ...pictureQueue, ...dshow(request, `video=${camera}`, false)],
        ...picture,
      };
    case 'darwin':
      return {
        args: [...wallClock, ...pictureQueue, ...avfoundation(request, `${camera}:none`)],
        ...picture,
      };
    default:
      return {
        // The driver stamps frames with the monotonic clock; `abs` puts them on ALSA's and PulseAudio's, the wall clock.
        args: [
          ...[...pictureQueue, '-f', 'v4l2', '-ts', 'abs'],
          ...(format === undefined ? [] : ['-input_format', format]),
          ...['-framerate', `${fps}`, '-video_size', `${width}x${height}`, '-i', camera],
        ],
        ...picture,
      };
  }
}

function microphoneInput(platform: NodeJS.Platform, microphone: string): FfmpegInput {
  const sound = { video: false, audio: true, clock: 'wall' } as const;
  switch (platform) {
    case 'win32': {
      const args = ['-f', 'dshow', '-audio_buffer_size', '50', '-i', `audio=${microphone}`];
      return { args: [...wallClock, ...soundQueue, ...args], ...sound };
    }
    case 'darwin': {
      const args = ['-f', 'avfoundation', '-i', `none:${microphone}`];
      return { args: [...wallClock, ...soundQueue, ...args], ...sound };
    }
    default:
      return { args: [...soundQueue, ...linuxMicrophone(microphone)], ...sound };
  }
}

/** These devices stamp with clocks of their own; beside another input, the time of arrival is what they share. */
const wallClock = ['-use_wallclock_as_timestamps', '1'] as const;

function dshow({ mode }: CaptureRequest, device: string, withAudio: boolean): string[] {
  const { width, height, fps } = mode;
  return [
    ...['-f', 'dshow', '-rtbufsize', '256M'],
    ...(withAudio ? ['-audio_buffer_size', '50'] : []),
    ...['-framerate', `${fps}`, '-video_size', `${width}x${height}`, '-i', device],
  ];
}

/** The frame rate must always be said: the default, 29.97, is one that cameras refuse. */
function avfoundation({ mode }: CaptureRequest, device: string): string[] {
  const { width, height, fps } = mode;
  return [
    ...['-f', 'avfoundation', '-framerate', `${fps}`],
    ...['-video_size', `${width}x${height}`, '-i', device],
  ];
}

function linuxMicrophone(id: string): string[] {
  if (id.startsWith(pulsePrefix)) {
    return ['-f', 'pulse', '-sample_rate', '48000', '-i', id.slice(pulsePrefix.length)];
  }
  // Through ALSA's plug layer, since many microphones are mono or know no 48 kHz.
  const device = id.startsWith('hw:') ? `plug${id}` : id;
  return ['-f', 'alsa', '-sample_rate', '48000', '-channels', '2', '-i', device];
}
