/** The same memory as an ordinary Uint8Array: beyond this folder nothing knows Node's Buffer. */
export const plainBytes = (buffer: Buffer): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
