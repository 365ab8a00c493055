import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

/** The rest of the chunk stream's unfinished message will not come, RTMP 1.0 §5.4.2. */
export interface AbortMessage {
  readonly type: 'abort';
  readonly chunkStreamId: number;
}

export const parseAbort = (payload: Uint8Array): AbortMessage => ({
  type: 'abort',
  chunkStreamId: new ByteReader(payload).u32(),
});

export const serializeAbort = ({ chunkStreamId }: AbortMessage): Uint8Array =>
  new ByteWriter(4).u32(chunkStreamId).finish();
