/**
 * The hash functions that digests need. They are handed in, because they live in Node's crypto, and nothing but `net`
 * may know of Node.
 */
export interface Digests {
  /** HMAC with SHA-256, RFC 2104; 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** MD5, RFC 1321; 16 bytes. Only for authentication schemes that ask for it. */
  md5(data: Uint8Array): Uint8Array;
}
