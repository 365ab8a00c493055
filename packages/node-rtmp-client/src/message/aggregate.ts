import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { ChunkMessage } from '../chunk/chunk-message.js';

/** Ten minutes of frames and more; each costs memory beyond its bytes. */
const maxMessages = 1 << 15;

/**
 * The messages inside an aggregate, RTMP 1.0 §7.1.6: FLV tags, whose time stamps count from the first one's.
 *
 * @throws MalformedError while they are iterated.
 */
export function* splitAggregate(aggregate: ChunkMessage): Generator<ChunkMessage> {
  const reader = new ByteReader(aggregate.payload);
  let count = 0;
  let offset: number | undefined;
  while (reader.remaining > 0) {
    if (++count > maxMessages) throw new MalformedError('Too many messages in one');
    const typeId = reader.u8();
    const length = reader.u24();
    const low = reader.u24();
    const tagTimestamp = reader.u8() * 0x1000000 + low;
    // The stream id inside is to be ignored; the aggregate's counts.
    reader.skip(3);
    const payload = reader.bytes(length);
    // The size of the tag again; some senders leave the last one out.
    reader.skip(Math.min(4, reader.remaining));
    offset ??= aggregate.timestamp - tagTimestamp;
    const timestamp = (tagTimestamp + offset) >>> 0;
    yield { typeId, streamId: aggregate.streamId, timestamp, payload };
  }
}
