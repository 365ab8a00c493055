import type { Digests } from './digests.js';
import { handshakeLength } from './handshake-packet.js';

/**
 * The handshake with digests, which Adobe never described. C1 and S1 hold a digest of themselves, keyed with a text
 * that all implementations share; C2 and S2 end in a digest that is keyed with the one they answer. It proves nothing
 * but that the peer knows the scheme, which some servers ask for before they send H.264.
 *
 * Where the digest stands is said by four bytes at 8 (scheme 0) or at 772 (scheme 1). Counted as librtmp does; SRS
 * counts the other way round.
 */
export type DigestScheme = 0 | 1;

export interface FoundDigest {
  readonly scheme: DigestScheme;
  readonly digest: Uint8Array;
}

/** Who made the packet: each side has a text of its own. */
export type HandshakeSide = 'client' | 'server';

const digestLength = 32;
/** Where the four bytes stand that, summed up modulo 728, say how far behind them the digest is. */
const offsetPositions = [8, 772] as const;
const offsetRange = 728;

const sharedTail = Uint8Array.of(
  ...[
    0xf0, 0xee, 0xc2, 0x4a, 0x80, 0x68, 0xbe, 0xe8, 0x2e, 0x00, 0xd0, 0xd1, 0x02, 0x9e, 0x7e, 0x57,
  ],
  ...[
    0x6e, 0xec, 0x5d, 0x2d, 0x29, 0x80, 0x6f, 0xab, 0x93, 0xb8, 0xe6, 0x36, 0xcf, 0xeb, 0x31, 0xae,
  ],
);
const packetKeys: Readonly<Record<HandshakeSide, Uint8Array>> = {
  client: new TextEncoder().encode('Genuine Adobe Flash Player 001'),
  server: new TextEncoder().encode('Genuine Adobe Flash Media Server 001'),
};
const answerKeys: Readonly<Record<HandshakeSide, Uint8Array>> = {
  client: Uint8Array.of(...packetKeys.client, ...sharedTail),
  server: Uint8Array.of(...packetKeys.server, ...sharedTail),
};

/** The digest in C1 or S1; undefined when neither scheme's is right. */
export function findDigest(
  packet: Uint8Array,
  side: HandshakeSide,
  digests: Digests,
): FoundDigest | undefined {
  // A packet without a version is of the handshake that RTMP 1.0 describes.
  if (packet.subarray(4, 8).every((byte) => byte === 0)) return undefined;
  for (const scheme of [1, 0] as const) {
    const at = digestPosition(packet, scheme);
    const digest = packet.subarray(at, at + digestLength);
    if (areEqual(digest, packetDigest(packet, at, side, digests))) return { scheme, digest };
  }
  return undefined;
}

/** Puts its digest into C1 or S1, all else of which must be there; returns the digest. */
export function signPacket(
  packet: Uint8Array,
  scheme: DigestScheme,
  side: HandshakeSide,
  digests: Digests,
): Uint8Array {
  const at = digestPosition(packet, scheme);
  const digest = packetDigest(packet, at, side, digests);
  packet.set(digest, at);
  return digest;
}

/** C2 or S2 for a packet that had `digest` in it. */
export function createSignedAnswer(
  digest: Uint8Array,
  side: HandshakeSide,
  digests: Digests,
): Uint8Array {
  const answer = crypto.getRandomValues(new Uint8Array(handshakeLength));
  answer.set(answerDigest(answer, digest, side, digests), handshakeLength - digestLength);
  return answer;
}

/** Whether C2 or S2 is signed in answer to a packet that had `digest` in it. */
export function isSignedAnswer(
  answer: Uint8Array,
  digest: Uint8Array,
  side: HandshakeSide,
  digests: Digests,
): boolean {
  return areEqual(
    answer.subarray(handshakeLength - digestLength),
    answerDigest(answer, digest, side, digests),
  );
}

function digestPosition(packet: Uint8Array, scheme: DigestScheme): number {
  const at = offsetPositions[scheme];
  let sum = 0;
  for (const byte of packet.subarray(at, at + 4)) sum += byte;
  return at + 4 + (sum % offsetRange);
}

/** Over everything but the digest itself. */
function packetDigest(
  packet: Uint8Array,
  at: number,
  side: HandshakeSide,
  digests: Digests,
): Uint8Array {
  const signed = new Uint8Array(handshakeLength - digestLength);
  signed.set(packet.subarray(0, at));
  signed.set(packet.subarray(at + digestLength), at);
  return digests.hmacSha256(packetKeys[side], signed);
}

function answerDigest(
  answer: Uint8Array,
  digest: Uint8Array,
  side: HandshakeSide,
  digests: Digests,
): Uint8Array {
  const key = digests.hmacSha256(answerKeys[side], digest);
  return digests.hmacSha256(key, answer.subarray(0, handshakeLength - digestLength));
}

const areEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
