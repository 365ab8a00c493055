import { appError, AppError, reason, type Wording, type ReasonCode } from '@tallylight/contract';
import { stat, access, constants } from 'node:fs/promises';
import { whyUnreadable } from '../../file-failure.js';
import { fileInput } from './ffmpeg-arguments.js';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.js';

/** The codecs of a file's first picture and first sound, by ffmpeg's names. */
export interface FileStreams {
  readonly video: string | undefined;
  readonly audio: string | undefined;
}

/** Reads the description that `ffmpeg -i FILE` prints. A cover picture is no video. */
export function parseFileStreams(stderr: string): FileStreams {
  const [input = ''] = stderr.split(/^Output #/m);
  const streams = [...input.matchAll(/^\s*Stream #\d+:\d+.*?: (Video|Audio): (\w+)(.*)$/gm)];
  const first = (kind: string): string | undefined =>
    streams.find((match) => match[1] === kind && !match[3]?.includes('(attached pic)'))?.[2];
  return { video: first('Video'), audio: first('Audio') };
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
): Promise<FileStreams> {
  await requireReadable(path);
  // Without an output it exits with an error after having described the input.
  const { args } = fileInput({ path, loop: false });
  const run = await runFfmpeg(ffmpeg.path, ['-hide_banner', '-nostdin', ...args], 15_000);
  if (!/^Input #0/m.test(run.stderr)) {
    const why = reason(run.timedOut ? 'reading-too-slow' : whyNotOpened(run.stderr));
    throw appError('FILE_UNREADABLE', { file: path, reason: why }, { phase: 'camera' });
  }
  const streams = parseFileStreams(run.stderr);
  if (streams.video === undefined) throw appError('NO_VIDEO', { file: path }, { phase: 'camera' });
  if (copy) {
    const wrong = [
      ...(streams.video === 'h264' ? [] : [streams.video]),
      ...(streams.audio === undefined || streams.audio === 'aac' ? [] : [streams.audio]),
    ];
    if (wrong.length > 0) {
      throw appError(
        'CODEC_NOT_COPYABLE',
        { file: path, codec: wrong.join(', ') },
        { phase: 'camera' },
      );
    }
  }
  return streams;
}

/** The system's own reason is clearer than what ffmpeg makes of it. */
async function requireReadable(path: string): Promise<void> {
  const refuse = (why: Wording) =>
    appError('FILE_UNREADABLE', { file: path, reason: why }, { phase: 'camera' });
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw refuse(reason('is-folder'));
    // Opening a named pipe would wait for a writer, and what has been read of it is gone.
    if (!found.isFile()) throw refuse(reason('not-regular-file'));
    await access(path, constants.R_OK);
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
