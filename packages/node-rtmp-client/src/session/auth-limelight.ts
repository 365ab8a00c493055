import type { Digests } from '../handshake/digests.js';
import { hex } from './auth-text.js';

/** What `authmod=llnw` hashes. All are text as they went over the wire. */
export interface LimelightProof {
  readonly user: string;
  readonly password: string;
  /** As in connect, without a query. */
  readonly app: string;
  readonly nonce: string;
  readonly clientNonce: string;
  /** Eight hexadecimal digits that count the uses of the nonce. */
  readonly nonceCount: string;
}

const realm = 'live';
const method = 'publish';
const qualityOfProtection = 'auth';

/**
 * The answer to Limelight's challenge: what the client sends as `response`, and what the server compares it with.
 * HTTP's digest (RFC 2617 §3.2.2) with fixed values for realm, method and quality of protection.
 */
export function limelightResponse(proof: LimelightProof, { md5 }: Pick<Digests, 'md5'>): string {
  const { user, password, app, nonce, clientNonce, nonceCount } = proof;
  const hash = (text: string): string => hex(md5(new TextEncoder().encode(text)));
  // An application without an instance means its default one.
  const path = app.includes('/') ? app : `${app}/_definst_`;
  const who = hash(`${user}:${realm}:${password}`);
  const what = hash(`${method}:/${path}`);
  return hash(`${who}:${nonce}:${nonceCount}:${clientNonce}:${qualityOfProtection}:${what}`);
}
