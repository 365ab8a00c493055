import { ByteWriter } from '../bytes/byte-writer.js';

/** RTMP 1.0 §5.2.2: the only version in use. */
export const rtmpVersion = 3;

/** Length of C1, S1, C2 and S2, RTMP 1.0 §5.2.3. */
export const handshakeLength = 1536;

const randomLength = handshakeLength - 8;
const noVersion = [0, 0, 0, 0] as const;

/**
 * C1 or S1: time 0, the maker's version, then bytes that the peer sends back.
 *
 * Where RTMP 1.0 wants four zero bytes, makers of packets with digests put their version; zero says "simple handshake"
 * to peers that know both. The last four bytes are an empty line, so that an HTTP server on the port sees a complete
 * (if absurd) request and answers at once.
 */
export function createHandshakePacket(version: readonly number[] = noVersion): Uint8Array {
  const random = crypto.getRandomValues(new Uint8Array(randomLength));
  random.set([0x0d, 0x0a, 0x0d, 0x0a], randomLength - 4);
  return new ByteWriter(handshakeLength)
    .u32(0)
    .bytes(Uint8Array.from(version))
    .bytes(random)
    .finish();
}

/** C2 or S2, §5.2.4: the peer's packet again. Its second time stamp, ours to fill, is left alone as everybody does. */
export function echoHandshakePacket(received: Uint8Array): Uint8Array {
  return received.slice();
}
