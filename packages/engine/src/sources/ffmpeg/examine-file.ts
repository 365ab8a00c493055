import { access, constants, stat } from 'node:fs/promises';
import { appError, AppError, reason, type ReasonCode, type Wording } from '@tallylight/contract';
import { whyUnreadable } from '../../file-failure.js';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.js';
import { exitReason, explainCapture, unexplained } from './capture-errors.js';
import { fileInput, tryCopyArguments } from './ffmpeg-arguments.js';
import { parseFileStreams, type FileStreams, type FileVideo } from './file-streams.js';

/** A file that has a picture. */
export interface ExaminedFile extends FileStreams {
  readonly video: FileVideo;
  /** Whether it ends in the middle of a packet of MPEG-TS, which have a fixed size. */
  readonly isCutShort: boolean;
}

/**
 * Looks at a file before it is sent.
 *
 * @throws AppError FILE_UNREADABLE, NO_VIDEO; CODEC_NOT_COPYABLE when `copy` is wanted of other than H.264 and AAC.
 */
export async function examineFile(
  ffmpeg: Ffmpeg,
  path: string,
  copy: boolean,
): Promise<ExaminedFile> {
  const size = await requireReadable(path);
  // Without an output it exits with an error after having described the input.
  const args = ['-hide_banner', '-nostdin', ...fileInput({ path }).args];
  const run = await runFfmpeg(ffmpeg.path, args, 15_000);
  if (!/^Input #0/m.test(run.stderr)) {
    const why = reason(run.timedOut ? 'reading-too-slow' : whyNotOpened(run.stderr));
    throw appError('FILE_UNREADABLE', { file: path, reason: why }, { phase: 'camera' });
  }
  const streams = parseFileStreams(run.stderr);
  const { video, audio } = streams;
  if (video === undefined) throw appError('NO_VIDEO', { file: path }, { phase: 'camera' });
  if (copy) {
    const wrong = [
      ...(video.codec === 'h264' ? [] : [video.codec]),
      ...(audio === undefined || audio.codec === 'aac' ? [] : [audio.codec]),
    ];
    if (wrong.length > 0) {
      const data = { file: path, codec: wrong.join(', ') };
      throw appError('CODEC_NOT_COPYABLE', data, { phase: 'camera' });
    }
  }
  if (copy && formatsWithoutTimes.has(streams.format)) await tryCopy(ffmpeg, path, streams);
  const isCutShort = streams.format === 'mpegts' && packetSizes.every((each) => size % each !== 0);
  return { ...streams, video, isCutShort };
}

/** Of MPEG-TS: plain, with a time before each packet (M2TS), and with a checksum behind it. */
const packetSizes = [188, 192, 204];

/** They say when pictures are to be decoded, or nothing; ffmpeg finds out only where there are no B-frames. */
const formatsWithoutTimes = new Set(['avi', 'h264']);

/** Looks whether the beginning can be copied, before any server is troubled with it. @throws AppError FILE_NOT_COPYABLE */
async function tryCopy(ffmpeg: Ffmpeg, file: string, streams: FileStreams): Promise<void> {
  const { exitCode, stderr } = await runFfmpeg(ffmpeg.path, tryCopyArguments(file, streams));
  if (exitCode === 0) return;
  const lines = stderr.split('\n');
  const context = { file, mode: '', encoder: undefined };
  throw explainCapture(lines, context) ?? unexplained(context, exitReason(exitCode));
}

/** Whether this ffmpeg has what makes a picture of high dynamic range one of the usual range. */
export async function canMapTones(ffmpeg: Ffmpeg): Promise<boolean> {
  const { stdout } = await runFfmpeg(ffmpeg.path, ['-hide_banner', '-filters']);
  return ['zscale', 'tonemap'].every((filter) => new RegExp(`^ \\S+ ${filter} `, 'm').test(stdout));
}

/** The system's own reason is clearer than what ffmpeg makes of it. @returns the size in bytes. */
async function requireReadable(path: string): Promise<number> {
  const refuse = (why: Wording) =>
    appError('FILE_UNREADABLE', { file: path, reason: why }, { phase: 'camera' });
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw refuse(reason('is-folder'));
    // Opening a named pipe would wait for a writer, and what has been read of it is gone.
    if (!found.isFile()) throw refuse(reason('not-regular-file'));
    if (found.size === 0) throw refuse(reason('file-empty'));
    await access(path, constants.R_OK);
    return found.size;
  } catch (error) {
    throw error instanceof AppError ? error : refuse(whyUnreadable(error));
  }
}

function whyNotOpened(stderr: string): ReasonCode {
  if (/Invalid data found|moov atom not found|could not find codec/i.test(stderr)) {
    return 'no-media-file';
  }
  return 'ffmpeg-cannot-open';
}
