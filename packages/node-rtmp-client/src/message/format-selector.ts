/**
 * The payload of a message of type 15 or 17 behind its first byte, which says how the rest is coded, RTMP errata §7.2.
 *
 * @returns undefined unless that is 0, AMF0: no other format has ever been defined.
 */
export const withoutFormatSelector = (payload: Uint8Array): Uint8Array | undefined =>
  payload[0] === 0 ? payload.subarray(1) : undefined;
