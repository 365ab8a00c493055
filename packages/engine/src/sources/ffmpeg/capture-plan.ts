import { basename } from 'node:path';
import {
  type AudioInput,
  type Encoding,
  type VideoInput,
  reason,
  type Reason,
  type Wording,
} from '@tallylight/contract';
import type { CaptureContext } from './capture-errors.js';
import { chooseEncoder } from '../../devices/choose-encoder.js';
import { captureInputs } from './device-inputs.js';
import { copyArguments, encodeArguments, fileInput } from './ffmpeg-arguments.js';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { examineFile } from './examine-file.js';
import { isStill } from './file-streams.js';
import { preferredFormat } from '../../devices/v4l2-formats.js';
import { listV4l2Formats } from '../../devices/devices-linux.js';

export type FfmpegSourceSpec =
  | { readonly type: 'capture'; readonly video: VideoInput; readonly audio: AudioInput }
  | {
      readonly type: 'file';
      readonly path: string;
      /** Send it as it is, without encoding. */
      readonly copy: boolean;
      /** Begin again at its end, for ever. */
      readonly loop: boolean;
    };

/** What to run, and how to speak of it. */
export interface CapturePlan {
  readonly args: readonly string[];
  readonly hasAudio: boolean;
  /** Only a file may end by itself. */
  readonly endless: boolean;
  readonly context: CaptureContext;
}

/** @throws AppError when the file or the encoder is already known not to do. */
export function planCapture(
  spec: FfmpegSourceSpec,
  encoding: Encoding,
  ffmpeg: Ffmpeg,
  preview: boolean,
): Promise<CapturePlan> {
  return spec.type === 'file'
    ? planFile(spec, encoding, ffmpeg, preview)
    : planDevices(spec, encoding, ffmpeg, preview);
}

async function planFile(
  spec: FfmpegSourceSpec & { type: 'file' },
  encoding: Encoding,
  ffmpeg: Ffmpeg,
  preview: boolean,
): Promise<CapturePlan> {
  const streams = await examineFile(ffmpeg, spec.path, spec.copy);
  const encoder = spec.copy ? undefined : await chooseEncoder(ffmpeg, encoding.encoder);
  const still = isStill(streams);
  const file = { path: spec.path, loop: spec.loop, still };
  return {
    args:
      encoder === undefined
        ? copyArguments(file, streams, preview)
        : encodeArguments({ inputs: [fileInput(file, streams)], encoding, encoder, preview }),
    hasAudio: streams.audio !== undefined,
    endless: spec.loop || still,
    context: { mode: modeName(encoding), encoder, file: spec.path },
  };
}

async function planDevices(
  spec: FfmpegSourceSpec & { type: 'capture' },
  encoding: Encoding,
  ffmpeg: Ffmpeg,
  preview: boolean,
): Promise<CapturePlan> {
  const { video, audio } = spec;
  const encoder = await chooseEncoder(ffmpeg, encoding.encoder);
  const cameraFormat =
    video.type === 'camera' && process.platform === 'linux'
      ? preferredFormat(await listV4l2Formats(ffmpeg, video.id), encoding)
      : undefined;
  const inputs = captureInputs(process.platform, { video, audio, encoding, cameraFormat });
  return {
    args: encodeArguments({ inputs, encoding, encoder, preview }),
    hasAudio: audio.type !== 'none',
    endless: true,
    context: {
      camera: video.type === 'camera' ? video.id : undefined,
      microphone: audio.type === 'microphone' ? audio.id : undefined,
      mode: modeName(encoding),
      encoder,
    },
  };
}

const modeName = ({ width, height, fps }: Encoding): Reason =>
  reason('mode', { size: `${width}×${height}`, fps });

/** What people call a source. */
export function sourceName(spec: FfmpegSourceSpec): Wording {
  if (spec.type === 'file') return basename(spec.path);
  return spec.video.type === 'camera' ? spec.video.id : reason('test-picture');
}
