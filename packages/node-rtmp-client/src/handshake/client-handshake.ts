import type { ByteQueue } from '../bytes/byte-queue.js';
import {
  createHandshakePacket,
  echoHandshakePacket,
  handshakeLength,
  rtmpVersion,
} from './handshake-packet.js';

export type ClientHandshakeStep =
  | { readonly type: 'need-more' }
  | { readonly type: 'done'; readonly output: Uint8Array }
  /** The first byte is not an RTMP server's; `reason` says whose it may be. */
  | { readonly type: 'not-rtmp'; readonly reason: string };

/** The client's side of the simple handshake, RTMP 1.0 §5.2. */
export class ClientHandshake {
  /** C0 and C1, to be sent first. */
  readonly hello: Uint8Array;
  #serverSpokeRtmp = false;

  constructor() {
    this.hello = new Uint8Array(1 + handshakeLength);
    this.hello[0] = rtmpVersion;
    this.hello.set(createHandshakePacket(), 1);
  }

  /** True once S0 has arrived and was right. */
  get serverSpokeRtmp(): boolean {
    return this.#serverSpokeRtmp;
  }

  /**
   * Looks at what has arrived; takes S0, S1 and S2 off the queue once they are complete.
   *
   * S2 is not compared with C1: servers that answer with digests do not echo.
   */
  advance(input: ByteQueue): ClientHandshakeStep {
    const version = input.peekU8();
    if (version === undefined) return { type: 'need-more' };
    if (version !== rtmpVersion) return { type: 'not-rtmp', reason: describeAnswer(input) };
    this.#serverSpokeRtmp = true;
    if (input.length < 1 + 2 * handshakeLength) return { type: 'need-more' };
    input.skip(1);
    const s1 = input.take(handshakeLength);
    input.skip(handshakeLength);
    return { type: 'done', output: echoHandshakePacket(s1) };
  }
}

const tlsAlert = 0x15;

function describeAnswer(input: ByteQueue): string {
  const start = input.peek(Math.min(input.length, 16)) ?? new Uint8Array(0);
  const text = String.fromCharCode(...start);
  if (/^(HTTP|<(!DOCTYPE|html))/i.test(text)) return 'it is a web server';
  if (start[0] === tlsAlert && (start[1] ?? tlsAlert) <= 3) return 'it expects TLS';
  if (text.startsWith('SSH-')) return 'it is an SSH server';
  return `its first byte is ${start[0] ?? 0}, not 3`;
}
