import type { Writable } from 'node:stream';
import { appError, type AppError } from '@tallylight/contract';
import { aborted } from 'node-rtmp-client/async';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';
import { LineLog } from '../ffmpeg/line-log.js';
import { decodePictures } from '../sources/ffmpeg/decode-pictures.js';
import { playlistMonitorArguments } from '../sources/ffmpeg/ffmpeg-arguments.js';
import type { PreviewSink } from '../sources/ffmpeg/ffmpeg-source.js';
import { hostOf } from './http-failure.js';

/** So long there may be no picture: some segments, and the time to begin. Milliseconds. */
const silentMs = 20_000;

export interface PlaylistMonitor {
  readonly url: string;
  readonly onPicture: PreviewSink;
  readonly onAudio: (hasAudio: boolean) => void;
}

/**
 * Has ffmpeg pull and decode an HLS playlist or a DASH manifest, once: until it ends, stands still, or `signal` is aborted.
 *
 * @throws AppError why it came to an end.
 */
export async function monitorPlaylist(
  { path }: Ffmpeg,
  { url, onPicture, onAudio }: PlaylistMonitor,
  signal: AbortSignal,
): Promise<void> {
  for (const hasAudio of [true, false]) {
    const over = new AbortController();
    const log = new LineLog();
    const watch = new PictureWatch(silentMs, () => over.abort());
    let pictures = 0;
    await decodePictures(
      {
        path,
        args: playlistMonitorArguments(hasAudio),
        onPicture: (jpeg, peakDb) => {
          watch.pictureCame();
          if (pictures === 0) onAudio(hasAudio);
          pictures += 1;
          onPicture(jpeg, peakDb);
        },
        feed: (input, gone) => giveAddress(url, input, AbortSignal.any([gone, over.signal])),
        onLog: (bytes) => log.push(bytes),
      },
      AbortSignal.any([signal, over.signal]),
    );
    watch.close();
    if (signal.aborted) return;
    const lacksSound =
      pictures === 0 && log.lines.some((line) => /matches no streams\b/.test(line));
    if (!hasAudio || !lacksSound) throw whyEnded(url, log.lines);
  }
}

/** In a file of its own, which only ffmpeg reads: an address may hold a token, and arguments are everybody's to see. */
async function giveAddress(url: string, input: Writable, gone: AbortSignal): Promise<void> {
  const quoted = url.replaceAll("'", "'\\''");
  input.end(`ffconcat version 1.0\nfile '${quoted}'\n`);
  await aborted(gone);
}

/** Calls `onStill` once there was no picture for so long. */
class PictureWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(deadlineMs: number, onStill: () => void) {
    this.#timer = setTimeout(onStill, deadlineMs);
  }

  pictureCame(): void {
    this.#timer.refresh();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

function whyEnded(url: string, lines: readonly string[]): AppError {
  const { host, port } = hostOf(url);
  const says = (words: RegExp): boolean => lines.some((line) => words.test(line));
  if (says(/HTTP error 4(04|10)/)) return appError('STREAM_NOT_FOUND', { host });
  const [, status] = lines.map((line) => /HTTP error (\d{3})/.exec(line)).find(Boolean) ?? [];
  if (status !== undefined) {
    return appError('PLAY_REFUSED', { host, reason: `HTTP ${status}` });
  }
  if (says(/Connection refused/)) return appError('CONNECTION_REFUSED', { host, port });
  if (says(/Failed to resolve hostname/)) return appError('HOST_NOT_FOUND', { host });
  return appError('NO_MEDIA_RECEIVED', { host, seconds: silentMs / 1000 });
}
