import { aborted } from 'node-rtmp-client/async';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { decodePictures } from '../ffmpeg/decode-pictures.js';
import { filePreviewArguments } from '../ffmpeg/ffmpeg-arguments.js';
import type { PreviewSink } from '../ffmpeg/ffmpeg-source.js';

/**
 * Small pictures of a file that is sent as it is, until its end or until `signal` is aborted. Not by the ffmpeg that
 * copies it: beside a decoder, that guesses other decode times for what it copies.
 */
export const previewFile = (
  { path: ffmpeg }: Ffmpeg,
  { path, hasAudio }: { readonly path: string; readonly hasAudio: boolean },
  startMs: number,
  onPicture: PreviewSink,
  signal: AbortSignal,
): Promise<void> =>
  decodePictures(
    {
      ...{ path: ffmpeg, args: filePreviewArguments({ path, startMs }, hasAudio), onPicture },
      // It reads the file itself.
      feed: (_input, gone) => aborted(gone),
    },
    signal,
  );
