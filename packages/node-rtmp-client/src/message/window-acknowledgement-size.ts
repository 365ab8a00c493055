import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

/** The receiver is to acknowledge after this many bytes, RTMP 1.0 §5.4.4. */
export interface WindowAcknowledgementSizeMessage {
  readonly type: 'window-acknowledgement-size';
  /** Bytes. */
  readonly size: number;
}

export const parseWindowAcknowledgementSize = (
  payload: Uint8Array,
): WindowAcknowledgementSizeMessage => ({
  type: 'window-acknowledgement-size',
  size: new ByteReader(payload).u32(),
});

export const serializeWindowAcknowledgementSize = ({
  size,
}: WindowAcknowledgementSizeMessage): Uint8Array => new ByteWriter(4).u32(size).finish();
