import { createHash, createHmac } from 'node:crypto';
import type { Digests } from '../handshake/digests.js';
import { plainBytes } from './plain-bytes.js';

/** Node's own hash functions, for the sessions. */
export const nodeDigests: Digests = {
  hmacSha256: (key, data) => plainBytes(createHmac('sha256', key).update(data).digest()),
  md5: (data) => plainBytes(createHash('md5').update(data).digest()),
};
