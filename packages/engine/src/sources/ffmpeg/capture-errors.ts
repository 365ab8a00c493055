import { appError, reason, type AppError, type Reason, type Wording } from '@tallylight/contract';
import { encoderComplaint } from '../../ffmpeg/encoder-complaint.js';

/** What an ffmpeg was doing, to put its complaint into words. */
export interface CaptureContext {
  /** The ids that were opened; absent for a test signal or a file. */
  readonly camera?: string | undefined;
  readonly microphone?: string | undefined;
  /** What the camera was asked for, such as "1280×720 at 30 fps". */
  readonly mode: Wording;
  /** Absent where nothing is encoded. */
  readonly encoder: string | undefined;
  /** The path of a file that is sent. */
  readonly file?: string | undefined;
}

interface Rule {
  readonly pattern: RegExp;
  /** Undefined where the line does not mean what it says in this context. */
  readonly error: (context: CaptureContext, match: RegExpExecArray) => AppError | undefined;
}

const camera = { phase: 'camera' } as const;
const encoder = { phase: 'encoder' } as const;

const microphoneFailed = (context: CaptureContext, why: Wording): AppError | undefined =>
  context.microphone === undefined
    ? undefined
    : appError('MICROPHONE_FAILED', { device: context.microphone, reason: why }, camera);

const cameraError = (
  code: 'CAMERA_IN_USE' | 'CAMERA_NOT_FOUND' | 'CAMERA_DENIED' | 'CAMERA_MODE',
  { camera: device, mode }: CaptureContext,
): AppError | undefined =>
  device === undefined ? undefined : appError(code, { device, mode }, camera);

const encoderFailed = (context: CaptureContext, why: Wording): AppError | undefined =>
  context.encoder === undefined
    ? undefined
    : appError('ENCODER_FAILED', { encoder: context.encoder, reason: why }, encoder);

/** AVI and bare H.264 say when to decode a picture, not when to show it. */
const notCopyable = (context: CaptureContext, why: Reason): AppError | undefined =>
  context.file === undefined || context.encoder !== undefined
    ? undefined
    : appError('FILE_NOT_COPYABLE', { file: context.file, reason: why }, camera);

/** Tried in this order on each line; the first line that any of them explains is the cause of those after it. */
const rules: readonly Rule[] = [
  {
    pattern: /cannot open audio device .* \((.+)\)/,
    error: (context, [, complaint = '']) => microphoneFailed(context, complaint),
  },
  {
    pattern: /Could not find audio (?:only )?device/,
    error: (c) => microphoneFailed(c, reason('not-found')),
  },
  { pattern: /Audio device not found/, error: (c) => microphoneFailed(c, reason('not-found')) },
  {
    pattern: /pa_context_connect\(\) failed|Connection refused|Connection terminated/,
    error: (c) => microphoneFailed(c, reason('sound-server-silent')),
  },
  {
    pattern:
      /Cannot open video device .*: (.+)$|Could not find video device|Video device not found/,
    error: (context, [, complaint = '']) => {
      if (/busy/i.test(complaint)) return cameraError('CAMERA_IN_USE', context);
      if (/permission|not permitted/i.test(complaint)) return cameraError('CAMERA_DENIED', context);
      return cameraError('CAMERA_NOT_FOUND', context);
    },
  },
  {
    pattern: /Not a video capture device|VIDIOC_G_INPUT\): Inappropriate ioctl/,
    error: (c) => cameraError('CAMERA_NOT_FOUND', c),
  },
  {
    pattern: /Device or resource busy|already in use|in use by another/i,
    error: (c) => cameraError('CAMERA_IN_USE', c),
  },
  {
    pattern: /not authorized|Operation not permitted|Permission denied|Access is denied/i,
    error: (c) => cameraError('CAMERA_DENIED', c),
  },
  {
    pattern:
      /Could not set video options|Cannot find a proper format|is not supported by the device|VIDIOC_S_FMT\): Invalid|VIDIOC_S_PARM\): Invalid|The device does not support/,
    error: (context) => cameraError('CAMERA_MODE', context),
  },
  {
    pattern: /No such device|VIDIOC_\w+\): (?:No such device|Input\/output error)/,
    error: (c) => cameraError('CAMERA_NOT_FOUND', c),
  },
  {
    pattern: /Packet is missing PTS|first pts (?:value|and dts value) must (?:be )?set/,
    error: (c) => notCopyable(c, reason('no-presentation-times')),
  },
  {
    pattern: /not compatible with flv|Could not find tag for codec|Tag \S+ incompatible/,
    error: (c) => notCopyable(c, reason('codec-not-in-container')),
  },
  {
    pattern: /Unknown encoder '([^']+)'/,
    error: (c) => encoderFailed(c, reason('encoder-not-in-ffmpeg')),
  },
  {
    pattern:
      /^\[((?:h264_|lib)\w+) @ [^\]]*\] (?:.*(?:Cannot load|No capable devices|Failed|failed|Error|error|No device available|not supported|unable to).*)$/,
    error: (context, [line, name]) =>
      // Decoders complain in the same form.
      context.file !== undefined && name !== context.encoder
        ? undefined
        : encoderFailed(context, encoderComplaint(line)),
  },
  {
    pattern:
      /Error while opening encoder|Error initializing output stream|Device creation failed|Could not open encoder/,
    error: (context, [line]) => encoderFailed(context, encoderComplaint(line)),
  },
];

/** The cause of a failed capture as ffmpeg's log tells it; undefined when nothing in it is known. */
export function explainCapture(
  lines: readonly string[],
  context: CaptureContext,
): AppError | undefined {
  for (const line of lines) {
    for (const { pattern, error } of rules) {
      const match = pattern.exec(line);
      const explained = match && error(context, match);
      if (explained) return explained;
    }
  }
  return undefined;
}

/** A failure that the log does not explain: of a file, or of a device. */
export function unexplained({ file, encoder: name }: CaptureContext, why: Wording): AppError {
  if (file === undefined) return appError('CAPTURE_FAILED', { reason: why }, camera);
  const code = name === undefined ? 'FILE_NOT_COPYABLE' : 'FILE_FAILED';
  return appError(code, { file, reason: why }, camera);
}

/** What one line of the log says to be wrong with a file, though ffmpeg goes on after it. */
export function damageIn(line: string): Wording | undefined {
  if (/partial file|File ended prematurely|Packet mismatch/i.test(line)) return reason('cut-short');
  return /corrupt (?:input packet|decoded frame)|Packet corrupt|Error while decoding|Invalid NAL unit size|Error submitting packet to decoder|invalid as first byte of an EBML number/i.test(
    line,
  )
    ? reason('damaged-data')
    : undefined;
}

/** Why ffmpeg ended, where nothing else is known. */
export const exitReason = (code: number | undefined): Reason =>
  reason('ffmpeg-ended', code === undefined ? {} : { code });

/** Frames that one line of the log says were lost. */
export const lostFrames = (line: string): number =>
  /frame dropped!|Dequeued v4l2 buffer contains corrupted data/i.test(line) ? 1 : 0;

/** The count of frames that ffmpeg dropped, from one line of its `-progress`. */
export function parseDroppedFrames(line: string): number | undefined {
  const count = /^drop_frames=(\d+)$/.exec(line)?.[1];
  return count === undefined ? undefined : Number(count);
}
