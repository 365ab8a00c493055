import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { FlvMuxer, type EncodedPacket } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';
import type { FfmpegLocator } from '../../ffmpeg/ffmpeg-locator.js';
import type { Logger } from '../../logger.js';
import { decodePictures } from '../ffmpeg/decode-pictures.js';
import { previewArguments } from '../ffmpeg/ffmpeg-arguments.js';
import type { PreviewSink } from '../ffmpeg/ffmpeg-source.js';
import type { StreamOrigin } from './stream-origin.js';
import { StreamPublication } from './stream-publication.js';

/** After a publisher whose stream cannot be decoded, the next try is not at once. Milliseconds. */
const retryMs = 1_000;

export interface StreamPreviewOptions {
  readonly ffmpeg: FfmpegLocator;
  readonly logger: Logger;
  readonly onPreview: PreviewSink;
  /** How ffmpeg is to be called for a stream with sound, or without. */
  readonly argumentsFor?: (hasAudio: boolean) => string[];
}

/** Has ffmpeg decode what is published, publisher after publisher, for small pictures of it; until `signal` is aborted. */
export async function previewStream(
  origin: StreamOrigin,
  options: StreamPreviewOptions,
  signal: AbortSignal,
): Promise<void> {
  const { ffmpeg, logger, onPreview, argumentsFor = previewArguments } = options;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      const publication = new StreamPublication(origin, () => undefined);
      const packets = publication.packets(signal);
      const first = await packets.next();
      if (first.done === true) continue;
      const { path } = await ffmpeg.find();
      const { hasAudio } = publication;
      const feed = feeder(hasAudio, prepend(first.value, packets));
      const decoder = { path, args: argumentsFor(hasAudio), onPicture: onPreview, feed };
      await decodePictures(decoder, signal);
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

const feeder =
  (hasAudio: boolean, packets: AsyncIterable<EncodedPacket>) =>
  async (input: Writable, gone: AbortSignal): Promise<void> => {
    const muxer = new FlvMuxer({ hasAudio });
    let pieces = muxer.header({});
    for await (const packet of packets) {
      if (gone.aborted) return;
      pieces.push(...muxer.packet(packet));
      const isTaken = input.write(Buffer.concat(pieces));
      pieces = [];
      // What comes meanwhile waits in the queue of the stream, which has a bound.
      if (!isTaken) await once(input, 'drain', { signal: gone }).catch(() => undefined);
    }
  };
