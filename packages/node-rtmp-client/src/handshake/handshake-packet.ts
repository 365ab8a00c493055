import { ByteWriter } from '../bytes/byte-writer.js';

/** RTMP 1.0 §5.2.2: the only version in use. */
export const rtmpVersion = 3;

/** Length of C1, S1, C2 and S2, RTMP 1.0 §5.2.3. */
export const handshakeLength = 1536;

const randomLength = handshakeLength - 8;

/**
 * C1 or S1: time 0, four zero bytes, then bytes that the peer sends back.
 *
 * The zero bytes say "simple handshake" to peers that also know the one with digests. The last four bytes are an empty
 * line, so that an HTTP server on the port sees a complete (if absurd) request and answers at once.
 */
export function createHandshakePacket(): Uint8Array {
  const random = crypto.getRandomValues(new Uint8Array(randomLength));
  random.set([0x0d, 0x0a, 0x0d, 0x0a], randomLength - 4);
  return new ByteWriter(handshakeLength).u32(0).u32(0).bytes(random).finish();
}

/** C2 or S2, §5.2.4: the peer's packet again. Its second time stamp, ours to fill, is left alone as everybody does. */
export function echoHandshakePacket(received: Uint8Array): Uint8Array {
  return received.slice();
}
