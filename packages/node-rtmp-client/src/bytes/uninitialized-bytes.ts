/** What Node offers for it; other platforms have nothing alike. */
const { Buffer } = globalThis as { Buffer?: { allocUnsafeSlow(length: number): Uint8Array } };

/**
 * Memory that its caller fills to the last byte before anybody else sees it. Zeroing it first, as `new Uint8Array`
 * does, costs as much as the copying of what arrives.
 */
export const uninitializedBytes: (length: number) => Uint8Array = Buffer
  ? (length) => new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  : (length) => new Uint8Array(length);
