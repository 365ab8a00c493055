import { createReadStream } from 'node:fs';
import { FlvDemuxer, MalformedError, repairFlv, type FlvItem } from 'node-rtmp-client';

/** How a file came to its end. */
export type FlvFileEnd = 'whole' | 'cut-short' | 'damaged-data';

/**
 * The items of an FLV file in its order. Behind bytes that are no tags it goes on with the next tags.
 *
 * @returns whether the file was whole.
 * @throws what the system says when it cannot be read.
 */
export async function* readFlvFile(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<FlvItem, FlvFileEnd, undefined> {
  const demuxer = new FlvDemuxer();
  /** The newest decode time of each track. */
  const newest = new Map<string, number>();
  try {
    for await (const item of itemsOf(createReadStream(path, { signal }), demuxer)) {
      if ('packet' in item) newest.set(item.packet.track, item.packet.dts);
      yield item;
    }
    demuxer.end();
    return 'whole';
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  // Only now: it reads the whole file.
  const { ranges } = await repairFlv(createReadStream(path, { signal }));
  const [, ...others] = ranges;
  if (others.length === 0) return 'cut-short';
  for (const { start, end } of others) {
    const part = createReadStream(path, { start, end: end - 1, signal });
    for await (const item of itemsOf(part, new FlvDemuxer({ startsWith: 'tag' }))) {
      // What looked like a large tag may have hidden it, or not.
      if ('packet' in item && item.packet.dts > (newest.get(item.packet.track) ?? -1)) yield item;
    }
  }
  return 'damaged-data';
}

async function* itemsOf(
  pieces: AsyncIterable<Uint8Array>,
  demuxer: FlvDemuxer,
): AsyncGenerator<FlvItem, void, undefined> {
  for await (const piece of pieces) yield* demuxer.push(piece);
}
