import type { Digests } from '../handshake/digests.js';
import { base64 } from './auth-text.js';

/** What `authmod=adobe` hashes. All are text as they went over the wire; `opaque` and `challenge` are the server's. */
export interface AdobeProof {
  readonly user: string;
  readonly password: string;
  readonly salt: string;
  readonly challenge: string;
  /** Empty where the server gave none. */
  readonly opaque: string;
  readonly clientChallenge: string;
}

/**
 * The answer to Adobe's challenge: what the client sends as `response`, and what the server compares it with. The
 * scheme of Flash Media Live Encoder, in no specification.
 */
export function adobeResponse(proof: AdobeProof, { md5 }: Pick<Digests, 'md5'>): string {
  const { user, password, salt, challenge, opaque, clientChallenge } = proof;
  const hash = (text: string): string => base64(md5(new TextEncoder().encode(text)));
  // Servers that give an opaque value give the challenge in it.
  return hash(hash(user + salt + password) + (opaque || challenge) + clientChallenge);
}
