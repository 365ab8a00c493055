/** Removes each 03 that follows two zeros from a NAL unit's payload (ITU-T H.264 §7.4.1, H.265 §7.4.2). */
export function withoutEmulationPrevention(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(payload.length);
  let length = 0;
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}
