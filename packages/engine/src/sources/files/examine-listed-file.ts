import { stat } from 'node:fs/promises';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { examineFile } from '../ffmpeg/examine-file.js';
import { isStill } from '../ffmpeg/file-streams.js';
import type { FileFacts } from './file-list.js';

/** @param stillMs how long a single picture is shown. @throws AppError as {@link examineFile} does. */
export async function examineListedFile(
  ffmpeg: Ffmpeg,
  path: string,
  stillMs: number,
): Promise<FileFacts> {
  const streams = await examineFile(ffmpeg, path, false);
  const { video, audio } = streams;
  const durationMs = isStill(streams) ? stillMs : streams.durationMs;
  // Turned by a quarter, it is shown as high as it is wide.
  const isTurned = Math.abs(video.rotation) % 180 === 90;
  const [width, height] = isTurned ? [video.height, video.width] : [video.width, video.height];
  return {
    ...(durationMs !== undefined && { durationMs }),
    size: (await stat(path)).size,
    ...(width !== undefined && height !== undefined && { width, height }),
    ...(video.fps !== undefined && { fps: video.fps }),
    videoCodec: video.codec,
    ...(audio && { audioCodec: audio.codec }),
    canCopy: await canCopy(ffmpeg, path),
  };
}

/** Only what every one of them is: in the middle of a stream nobody can be told that its codec is another. */
const canCopy = (ffmpeg: Ffmpeg, path: string): Promise<boolean> =>
  examineFile(ffmpeg, path, true).then(
    () => true,
    () => false,
  );
