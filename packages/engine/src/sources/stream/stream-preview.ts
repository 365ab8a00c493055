import { once } from 'node:events';
import { FlvMuxer, type EncodedPacket } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';
import type { FfmpegLocator } from '../../ffmpeg/ffmpeg-locator.js';
import { OwnedProcess } from '../../ffmpeg/owned-process.js';
import type { Logger } from '../../logger.js';
import { previewArguments } from '../ffmpeg/ffmpeg-arguments.js';
import type { PreviewSink } from '../ffmpeg/ffmpeg-source.js';
import { readPreview } from '../ffmpeg/read-preview.js';
import type { StreamOrigin } from './stream-origin.js';
import { StreamPublication } from './stream-publication.js';

/** After a publisher whose stream cannot be decoded, the next try is not at once. Milliseconds. */
const retryMs = 1_000;

export interface StreamPreviewOptions {
  readonly ffmpeg: FfmpegLocator;
  readonly logger: Logger;
  readonly onPreview: PreviewSink;
}

/** Has ffmpeg decode what is published, publisher after publisher, for small pictures of it; until `signal` is aborted. */
export async function previewStream(
  origin: StreamOrigin,
  { ffmpeg: locator, logger, onPreview }: StreamPreviewOptions,
  signal: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      const publication = new StreamPublication(origin, () => undefined);
      const packets = publication.packets(signal);
      const first = await packets.next();
      if (first.done === true) continue;
      const { path } = await locator.find();
      await decode(path, publication.hasAudio, prepend(first.value, packets), onPreview, signal);
    } catch (error) {
      // It is only a picture in a window.
      logger.warn({ err: error }, 'there is no preview of the stream');
    }
    if (!isOver()) await wait(retryMs, signal);
  }
}

async function* prepend(
  first: EncodedPacket,
  packets: AsyncIterable<EncodedPacket>,
): AsyncGenerator<EncodedPacket, void, undefined> {
  yield first;
  yield* packets;
}

async function decode(
  path: string,
  hasAudio: boolean,
  packets: AsyncIterable<EncodedPacket>,
  onPreview: PreviewSink,
  signal: AbortSignal,
): Promise<void> {
  const child = new OwnedProcess(path, previewArguments(hasAudio), 'input');
  const stop = (): void => void child.stop();
  signal.addEventListener('abort', stop, { once: true });
  readPreview(child, onPreview);
  const input = child.input();
  const gone = new AbortController();
  // It ends before its input does; the packets that come after that go nowhere.
  input.on('error', () => gone.abort());
  void child.exited.then(() => gone.abort());
  try {
    const muxer = new FlvMuxer({ hasAudio });
    let pieces = muxer.header({});
    for await (const packet of packets) {
      if (gone.signal.aborted) return;
      pieces.push(...muxer.packet(packet));
      const isTaken = input.write(Buffer.concat(pieces));
      pieces = [];
      // What comes meanwhile waits in the queue of the stream, which has a bound.
      if (!isTaken) await once(input, 'drain', { signal: gone.signal }).catch(() => undefined);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await child.stop();
  }
}
