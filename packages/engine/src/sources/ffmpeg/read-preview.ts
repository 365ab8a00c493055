import type { OwnedProcess } from '../../ffmpeg/owned-process.js';
import type { PreviewSink } from './ffmpeg-source.js';
import { JpegSplitter } from './jpeg-splitter.js';
import { PeakMeter } from './peak-meter.js';

/** Reads an ffmpeg that makes nothing but small pictures and sound for a level meter. */
export function readPreview(child: OwnedProcess, onPreview: PreviewSink): void {
  const pictures = new JpegSplitter();
  const peak = new PeakMeter();
  child.output('preview').on('data', (bytes: Uint8Array) => {
    for (const picture of pictures.push(bytes)) onPreview(picture, peak.readPeak());
  });
  child.output('sound').on('data', (bytes: Uint8Array) => peak.push(bytes));
  for (const unread of ['media', 'log', 'progress'] as const) child.output(unread).resume();
}
