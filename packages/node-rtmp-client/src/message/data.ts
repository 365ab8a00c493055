import { parseAmf0, serializeAmf0 } from '../amf/amf0.js';
import { isAmfTree, type AmfEcmaArray, type AmfValue } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { withoutFormatSelector } from './format-selector.js';

/** Metadata and other data that belongs to a stream, RTMP 1.0 §7.1.2. */
export interface DataMessage {
  readonly type: 'data';
  readonly streamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  /** Received ones can be walked without an eye on references: they contain neither themselves nor too much. */
  readonly values: readonly (AmfValue | AmfEcmaArray)[];
}

/** Those who relay metadata, or turn it into JSON, walk it. */
const maxWalkedValues = 1 << 18;

/**
 * @param isAmf3 for type 15: a format selector, then AMF0 in which AMF3 values may lie.
 * @returns undefined for what cannot be read: data is a courtesy, and no stream ends for it.
 */
export function parseData(
  payload: Uint8Array,
  streamId: number,
  timestamp: number,
  isAmf3: boolean,
): DataMessage | undefined {
  const body = isAmf3 ? withoutFormatSelector(payload) : payload;
  if (body === undefined) return undefined;
  try {
    const values = parseAmf0(body);
    if (!isAmfTree(values, maxWalkedValues)) return undefined;
    return { type: 'data', streamId, timestamp, values };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

export const serializeData = ({ values }: DataMessage): Uint8Array => serializeAmf0(values);
