import type { ByteQueue } from '../bytes/byte-queue.js';
import type { Digests } from './digests.js';
import {
  createSignedAnswer,
  findDigest,
  signPacket,
  type DigestScheme,
} from './handshake-digest.js';
import {
  createHandshakePacket,
  echoHandshakePacket,
  handshakeLength,
  rtmpVersion,
} from './handshake-packet.js';

export type ClientHandshakeStep =
  { readonly type: 'need-more' } | { readonly type: 'done'; readonly output: Uint8Array } | NotRtmp;

/** The first byte is not an RTMP server's; `problem` and, in words, `reason` say whose it may be. */
interface NotRtmp {
  readonly type: 'not-rtmp';
  readonly problem: 'web-server' | 'tls-expected' | 'ssh-server' | 'unknown-protocol';
  readonly firstByte: number;
  readonly reason: string;
}

export interface ClientHandshakeOptions {
  /** 'digest' for servers that ask for it; 'simple', which is RTMP 1.0's, by default. */
  readonly kind?: 'simple' | 'digest';
  /** Needed for 'digest'. */
  readonly digests?: Digests;
  /** Which scheme to offer; 0, which all servers know, by default. */
  readonly scheme?: DigestScheme;
}

/** Any but 0 says that C1 has a digest; this one is of a player whose H.264 servers trust. */
const clientVersion = [10, 0, 45, 2] as const;

/** The client's side of the handshake, RTMP 1.0 §5.2, simple or with digests. */
export class ClientHandshake {
  /** C0 and C1, to be sent first. */
  readonly hello: Uint8Array;
  readonly #digests: Digests | undefined;
  #serverSpokeRtmp = false;

  constructor({ kind = 'simple', digests, scheme = 0 }: ClientHandshakeOptions = {}) {
    const c1 = createHandshakePacket(kind === 'digest' ? clientVersion : undefined);
    if (kind === 'digest') {
      if (digests === undefined) throw new TypeError('The digest handshake needs digests');
      this.#digests = digests;
      signPacket(c1, scheme, 'client', digests);
    }
    this.hello = new Uint8Array(1 + handshakeLength);
    this.hello[0] = rtmpVersion;
    this.hello.set(c1, 1);
  }

  /** True once S0 has arrived and was right. */
  get serverSpokeRtmp(): boolean {
    return this.#serverSpokeRtmp;
  }

  /**
   * Looks at what has arrived; takes S0, S1 and S2 off the queue once they are complete.
   *
   * S2 is not compared with C1: servers disagree on what they echo (errata 3).
   */
  advance(input: ByteQueue): ClientHandshakeStep {
    const version = input.peekU8();
    if (version === undefined) return { type: 'need-more' };
    if (version !== rtmpVersion) return describeAnswer(input);
    this.#serverSpokeRtmp = true;
    if (input.length < 1 + 2 * handshakeLength) return { type: 'need-more' };
    input.skip(1);
    const s1 = input.read(handshakeLength);
    input.skip(handshakeLength);
    return { type: 'done', output: this.#answer(s1) };
  }

  #answer(s1: Uint8Array): Uint8Array {
    if (this.#digests === undefined) return echoHandshakePacket(s1);
    const found = findDigest(s1, 'server', this.#digests);
    // A server that knows no digests takes C1 for a simple one.
    if (found === undefined) return echoHandshakePacket(s1);
    return createSignedAnswer(found.digest, 'client', this.#digests);
  }
}

const tlsAlert = 0x15;

function describeAnswer(input: ByteQueue): NotRtmp {
  const start = input.peek(Math.min(input.length, 16)) ?? new Uint8Array(0);
  const text = String.fromCharCode(...start);
  const [firstByte = 0, second = tlsAlert] = start;
  const type = 'not-rtmp';
  if (/^(HTTP|<(!DOCTYPE|html))/i.test(text)) {
    return { type, problem: 'web-server', firstByte, reason: 'it is a web server' };
  }
  if (firstByte === tlsAlert && second <= 3) {
    return { type, problem: 'tls-expected', firstByte, reason: 'it expects TLS' };
  }
  if (text.startsWith('SSH-')) {
    return { type, problem: 'ssh-server', firstByte, reason: 'it is an SSH server' };
  }
  const reason = `its first byte is ${firstByte}, not 3`;
  return { type, problem: 'unknown-protocol', firstByte, reason };
}
