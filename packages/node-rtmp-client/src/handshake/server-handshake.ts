import type { ByteQueue } from '../bytes/byte-queue.js';
import {
  createHandshakePacket,
  echoHandshakePacket,
  handshakeLength,
  rtmpVersion,
} from './handshake-packet.js';

export type ServerHandshakeStep =
  | { readonly type: 'need-more' }
  | { readonly type: 'send'; readonly output: Uint8Array }
  | { readonly type: 'done' }
  | { readonly type: 'not-rtmp'; readonly reason: string };

/**
 * The server's side of the simple handshake, RTMP 1.0 §5.2. Clients that send a digest in C1 are content with it: our
 * S1 has zero where a version that knows digests would stand.
 */
export class ServerHandshake {
  #helloAnswered = false;

  advance(input: ByteQueue): ServerHandshakeStep {
    if (this.#helloAnswered) {
      if (input.length < handshakeLength) return { type: 'need-more' };
      // C2 is not compared with S1: clients with digests do not echo.
      input.skip(handshakeLength);
      return { type: 'done' };
    }
    // The first byte alone tells a TLS or HTTP client apart, so that it is not left waiting.
    const version = input.peekU8();
    if (version === undefined) return { type: 'need-more' };
    if (version !== rtmpVersion) {
      return { type: 'not-rtmp', reason: `its first byte is ${version}, not 3` };
    }
    if (input.length < 1 + handshakeLength) return { type: 'need-more' };
    input.skip(1);
    const c1 = input.take(handshakeLength);
    this.#helloAnswered = true;
    const output = new Uint8Array(1 + 2 * handshakeLength);
    output[0] = rtmpVersion;
    output.set(createHandshakePacket(), 1);
    output.set(echoHandshakePacket(c1), 1 + handshakeLength);
    return { type: 'send', output };
  }
}
