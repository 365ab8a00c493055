import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { OwnedProcess } from '../../ffmpeg/owned-process.js';
import { filePreviewArguments } from '../ffmpeg/ffmpeg-arguments.js';
import type { PreviewSink } from '../ffmpeg/ffmpeg-source.js';
import { readPreview } from '../ffmpeg/read-preview.js';

/**
 * Small pictures of a file that is sent as it is, until its end or until `signal` is aborted. Not by the ffmpeg that
 * copies it: beside a decoder, that guesses other decode times for what it copies.
 */
export async function previewFile(
  { path: ffmpeg }: Ffmpeg,
  file: { readonly path: string; readonly hasAudio: boolean },
  startMs: number,
  onPreview: PreviewSink,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const child = new OwnedProcess(
    ffmpeg,
    filePreviewArguments({ path: file.path, startMs }, file.hasAudio),
  );
  const stop = (): void => void child.stop();
  signal.addEventListener('abort', stop, { once: true });
  readPreview(child, onPreview);
  await child.closed;
  signal.removeEventListener('abort', stop);
}
