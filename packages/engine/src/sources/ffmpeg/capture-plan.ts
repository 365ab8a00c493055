import { basename } from 'node:path';
import {
  type AudioInput,
  type Encoding,
  type VideoInput,
  reason,
  type Reason,
  type Wording,
} from '@tallylight/contract';
import type { MeasuredMedia } from '../media-source.js';
import type { CaptureContext } from './capture-errors.js';
import { chooseEncoder } from '../../devices/choose-encoder.js';
import { captureInputs } from './device-inputs.js';
import { copyArguments, encodeArguments, fileInput } from './ffmpeg-arguments.js';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { canMapTones, examineFile } from './examine-file.js';
import { notesOfCopy, notesOfEncoding } from './file-notes.js';
import { hasAdts, isHdr, isStill } from './file-streams.js';
import { modeFor, type AskedMode } from '../../devices/camera-mode.js';
import { cameraModes } from '../../devices/devices.js';

export type FfmpegSourceSpec =
  | { readonly type: 'capture'; readonly video: VideoInput; readonly audio: AudioInput }
  | ({
      readonly type: 'file';
      readonly path: string;
      /** How long a single picture is shown; without end where absent. */
      readonly stillSeconds?: number;
      /** Where to begin, in milliseconds of the file; a copy begins at the keyframe before. */
      readonly startMs?: number;
    } & FileTreatment);

/**
 * Whether a file is sent as it is. One that is encoded may begin again at its end, for ever: the encoder goes on, and fills
 * up what picture or sound is shorter by. Copies are joined by a playlist.
 */
type FileTreatment = { readonly copy: true } | { readonly copy: false; readonly loop?: boolean };

/** What to run, and how to speak of it. */
export interface CapturePlan {
  readonly args: readonly string[];
  readonly hasAudio: boolean;
  /** Only a file may end by itself. */
  readonly endless: boolean;
  readonly context: CaptureContext;
  /** What people should know of what is sent and what is not. */
  readonly notes?: readonly Reason[];
  /** Whether a file ends in the middle of a packet, of which ffmpeg says nothing. */
  readonly isCutShort?: boolean;
  /** Whether the sound goes also to descriptor 5, with its ADTS headers. */
  readonly writesAdts?: boolean;
  /** Whether each frame's time goes to descriptor 6. */
  readonly writesFrameTimes?: boolean;
  /** Of what is sent as it is. */
  readonly measured?: MeasuredMedia;
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
  const { path, copy, stillSeconds, startMs = 0 } = spec;
  const loop = !spec.copy && spec.loop === true;
  const streams = await examineFile(ffmpeg, path, copy);
  const still = isStill(streams);
  const file = { path, loop, still, startMs, ...(stillSeconds !== undefined && { stillSeconds }) };
  const common = {
    hasAudio: streams.audio !== undefined,
    endless: loop || (still && stillSeconds === undefined),
    isCutShort: streams.isCutShort,
  };
  const mode = modeName(encoding);
  if (copy) {
    const { video, audio } = streams;
    return {
      ...common,
      args: copyArguments(file, streams, preview),
      context: { mode, encoder: undefined, file: path },
      notes: notesOfCopy(streams),
      writesAdts: hasAdts(streams),
      measured: {
        // What was examined to be copied is nothing else.
        videoCodec: 'h264',
        ...(audio && { audioCodec: 'aac' }),
        ...(video.fps !== undefined && { fps: video.fps }),
        ...(video.bitrate !== undefined && { videoBitrate: video.bitrate }),
        ...(audio?.bitrate !== undefined && { audioBitrate: audio.bitrate }),
      },
    };
  }
  const encoder = await chooseEncoder(ffmpeg, encoding.encoder);
  const mapsTones = isHdr(streams.video) && (await canMapTones(ffmpeg));
  const traits = {
    isInterlaced: streams.video.isInterlaced,
    ...(mapsTones && { toneMapFrom: streams.video.transfer }),
  };
  const inputs = [fileInput(file, streams)];
  return {
    ...common,
    args: encodeArguments({ inputs, encoding, encoder, preview, traits }),
    context: { mode, encoder, file: path },
    notes: notesOfEncoding(streams, mapsTones),
  };
}

async function planDevices(
  spec: FfmpegSourceSpec & { type: 'capture' },
  encoding: Encoding,
  ffmpeg: Ffmpeg,
  preview: boolean,
): Promise<CapturePlan> {
  const { video, audio } = spec;
  const hasCamera = video.type === 'camera';
  const encoder = await chooseEncoder(ffmpeg, encoding.encoder);
  const modes = hasCamera ? await cameraModes(ffmpeg, video.id) : [];
  const mode = modeFor(modes, encoding);
  const inputs = captureInputs(process.platform, { video, audio, encoding, mode });
  return {
    args: encodeArguments({ inputs, encoding, encoder, preview, frameTimes: hasCamera }),
    hasAudio: audio.type !== 'none',
    writesFrameTimes: hasCamera,
    endless: true,
    context: {
      camera: hasCamera ? video.id : undefined,
      microphone: audio.type === 'microphone' ? audio.id : undefined,
      mode: modeName(mode),
      encoder,
    },
  };
}

const modeName = ({ width, height, fps }: AskedMode): Reason =>
  reason('mode', { size: `${width}×${height}`, fps });

/** What people call a source. */
export function sourceName(spec: FfmpegSourceSpec): Wording {
  if (spec.type === 'file') return basename(spec.path);
  return spec.video.type === 'camera' ? spec.video.id : reason('test-picture');
}
