import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** Largest payload of the sender's chunks from here on, RTMP 1.0 §5.4.1. */
export interface SetChunkSizeMessage {
  readonly type: 'set-chunk-size';
  /** Bytes, 1 to 2^31 - 1. */
  readonly size: number;
}

export function parseSetChunkSize(payload: Uint8Array): SetChunkSizeMessage {
  const size = new ByteReader(payload).u32();
  if (size < 1 || size > 0x7fffffff) throw new MalformedError(`A chunk size of ${size}`);
  return { type: 'set-chunk-size', size };
}

export const serializeSetChunkSize = ({ size }: SetChunkSizeMessage): Uint8Array =>
  new ByteWriter(4).u32(size).finish();
