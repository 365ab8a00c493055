import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** An open bitstream unit of AV1 (§5.3). */
export interface Av1Obu {
  /** `obu_type` */
  readonly type: number;
  /** Without its header, as a view. */
  readonly payload: Uint8Array;
}

/**
 * The OBUs of a temporal unit, or of a configuration.
 *
 * @throws MalformedError when one ends too early.
 */
export function* readObus(bytes: Uint8Array): Generator<Av1Obu> {
  const reader = new ByteReader(bytes);
  while (reader.remaining > 0) {
    const header = reader.u8();
    if ((header & 4) !== 0) reader.skip(1); // obu_extension_header
    const payload = (header & 2) === 0 ? reader.rest() : reader.bytes(readLeb128(reader));
    yield { type: (header >> 3) & 0x0f, payload };
  }
}

/** §4.10.5; no OBU of ours is larger than 32 bits can say. */
function readLeb128(reader: ByteReader): number {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = reader.u8();
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value;
  }
  throw new MalformedError('The size of an OBU is too long');
}
