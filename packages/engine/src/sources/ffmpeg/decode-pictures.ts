import type { Writable } from 'node:stream';
import { OwnedProcess } from '../../ffmpeg/owned-process.js';
import type { PreviewSink } from './ffmpeg-source.js';
import { JpegSplitter } from './jpeg-splitter.js';
import { PeakMeter } from './peak-meter.js';

export interface PictureDecoder {
  /** Of ffmpeg. */
  readonly path: string;
  /** Of which the input is `pipe:7`, the pictures go to `pipe:3`, and the sound to `pipe:5`. */
  readonly args: readonly string[];
  readonly onPicture: PreviewSink;
  /** Gives it what it decodes, until that ends or `gone` is aborted: then nobody reads any more. */
  readonly feed: (input: Writable, gone: AbortSignal) => Promise<void>;
  readonly onLog?: (bytes: Uint8Array) => void;
}

/** Has an ffmpeg make small pictures of what it is fed, until that ends, it ends itself, or `signal` is aborted. */
export async function decodePictures(decoder: PictureDecoder, signal: AbortSignal): Promise<void> {
  const { path, args, onPicture, feed, onLog } = decoder;
  const child = new OwnedProcess(path, args, 'input');
  const stop = (): void => void child.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const pictures = new JpegSplitter();
  const peak = new PeakMeter();
  child.output('preview').on('data', (bytes: Uint8Array) => {
    for (const picture of pictures.push(bytes)) onPicture(picture, peak.readPeak());
  });
  child.output('sound').on('data', (bytes: Uint8Array) => peak.push(bytes));
  child.output('log').on('data', (bytes: Uint8Array) => onLog?.(bytes));
  for (const unread of ['media', 'progress'] as const) child.output(unread).resume();
  const input = child.input();
  const gone = new AbortController();
  // It ends before its input does; what comes after that goes nowhere.
  input.on('error', () => gone.abort());
  void child.exited.then(() => gone.abort());
  try {
    await feed(input, gone.signal);
  } finally {
    signal.removeEventListener('abort', stop);
    await child.stop();
  }
}
