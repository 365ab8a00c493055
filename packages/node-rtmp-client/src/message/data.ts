import { parseAmf0, serializeAmf0 } from '../amf/amf0.js';
import type { AmfEcmaArray, AmfValue } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** Metadata and other data that belongs to a stream, RTMP 1.0 §7.1.2. */
export interface DataMessage {
  readonly type: 'data';
  readonly streamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  readonly values: readonly (AmfValue | AmfEcmaArray)[];
}

/**
 * @param isAmf3 for type 15: one byte that says how the rest is coded, then AMF0.
 * @returns undefined for what cannot be read: data is a courtesy, and no stream ends for it.
 */
export function parseData(
  payload: Uint8Array,
  streamId: number,
  timestamp: number,
  isAmf3: boolean,
): DataMessage | undefined {
  try {
    const values = parseAmf0(isAmf3 ? payload.subarray(1) : payload);
    return { type: 'data', streamId, timestamp, values };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

export const serializeData = ({ values }: DataMessage): Uint8Array => serializeAmf0(values);
