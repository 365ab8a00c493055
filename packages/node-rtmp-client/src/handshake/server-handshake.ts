import type { ByteQueue } from '../bytes/byte-queue.js';
import type { Digests } from './digests.js';
import { createSignedAnswer, findDigest, signPacket } from './handshake-digest.js';
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

export interface ServerHandshakeOptions {
  /** With them, a client that sends a digest is answered with digests; without, everybody gets the simple handshake. */
  readonly digests?: Digests;
}

const serverVersion = [5, 0, 2, 1] as const;
/** The first bytes of RTMPE's hello: with Diffie-Hellman keys, then Blowfish or XTEA on top. */
const encryptedVersions: readonly number[] = [6, 8, 9];
/** From here up the first byte may be a TLS record's (20 to 24) or a letter. */
const firstForeignVersion = 20;

/** The server's side of the handshake, RTMP 1.0 §5.2, simple or with digests as the client likes. */
export class ServerHandshake {
  readonly #digests: Digests | undefined;
  #isAnswered = false;

  constructor({ digests }: ServerHandshakeOptions = {}) {
    this.#digests = digests;
  }

  /**
   * Looks at what has arrived; takes C0 and C1, later C2, off the queue once they are complete.
   *
   * C2 is not compared with S1, whatever C1 was: clients disagree on what they echo. After a C1 with a digest, ffmpeg
   * signs C2 when it plays and echoes S1 when it publishes, and others do neither (errata 3).
   */
  advance(input: ByteQueue): ServerHandshakeStep {
    if (this.#isAnswered) {
      if (input.length < handshakeLength) return { type: 'need-more' };
      input.skip(handshakeLength);
      return { type: 'done' };
    }
    // The first byte alone tells a TLS or HTTP client apart, so that it is not left waiting.
    const version = input.peekU8();
    if (version === undefined) return { type: 'need-more' };
    if (encryptedVersions.includes(version)) {
      return { type: 'not-rtmp', reason: 'it asks for RTMPE, which is not spoken here' };
    }
    // Later versions are answered with ours, §5.2.2; the client then decides.
    if (version < rtmpVersion || version >= firstForeignVersion) {
      return { type: 'not-rtmp', reason: `its first byte is ${version}, not 3` };
    }
    if (input.length < 1 + handshakeLength) return { type: 'need-more' };
    input.skip(1);
    return { type: 'send', output: this.#answer(input.read(handshakeLength)) };
  }

  #answer(c1: Uint8Array): Uint8Array {
    this.#isAnswered = true;
    const digests = this.#digests;
    const found = digests && findDigest(c1, 'client', digests);
    if (digests === undefined || found === undefined) {
      return joined(createHandshakePacket(), echoHandshakePacket(c1));
    }
    const s1 = createHandshakePacket(serverVersion);
    signPacket(s1, found.scheme, 'server', digests);
    return joined(s1, createSignedAnswer(found.digest, 'server', digests));
  }
}

/** S0, S1 and S2. */
function joined(s1: Uint8Array, s2: Uint8Array): Uint8Array {
  const output = new Uint8Array(1 + 2 * handshakeLength);
  output[0] = rtmpVersion;
  output.set(s1, 1);
  output.set(s2, 1 + handshakeLength);
  return output;
}
