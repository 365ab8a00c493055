import type { EncodedPacket } from 'node-rtmp-client';

/** Whether a decoder that has been told the one needs not be told the other. */
export const sameConfig = (a: EncodedPacket, b: EncodedPacket): boolean =>
  a.codec === b.codec && Buffer.compare(a.payload, b.payload) === 0;
