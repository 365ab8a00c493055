import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

/** How much the sender has received, RTMP 1.0 §5.4.3. */
export interface AcknowledgementMessage {
  readonly type: 'acknowledgement';
  /** Bytes since the connection began, modulo 2^32. */
  readonly sequenceNumber: number;
}

export const parseAcknowledgement = (payload: Uint8Array): AcknowledgementMessage => ({
  type: 'acknowledgement',
  sequenceNumber: new ByteReader(payload).u32(),
});

export const serializeAcknowledgement = ({ sequenceNumber }: AcknowledgementMessage): Uint8Array =>
  new ByteWriter(4).u32(sequenceNumber).finish();
