export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** RFC 4648 §4, with padding. For a few bytes. */
export const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
