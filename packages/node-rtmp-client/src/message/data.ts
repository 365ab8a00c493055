import type { AmfBudget } from '../amf/amf-budget.js';
import { serializeAmf0 } from '../amf/amf0.js';
import type { AmfEcmaArray, AmfValue } from '../amf/amf-value.js';
import { parseLenientAmf0 } from '../amf/lenient-amf0.js';
import { withoutFormatSelector } from './format-selector.js';

/** Metadata and other data that belongs to a stream, RTMP 1.0 §7.1.2. */
export interface DataMessage {
  readonly type: 'data';
  readonly streamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  /** Received ones can be walked without an eye on references, and written: see {@link parseLenientAmf0}. */
  readonly values: readonly (AmfValue | AmfEcmaArray)[];
}

/**
 * @param isAmf3 for type 15: a format selector, then AMF0 in which AMF3 values may lie.
 * @returns undefined for what cannot be read: data is optional, and no stream ends for it.
 */
export function parseData(
  payload: Uint8Array,
  streamId: number,
  timestamp: number,
  isAmf3: boolean,
  budget?: AmfBudget,
): DataMessage | undefined {
  const body = isAmf3 ? withoutFormatSelector(payload) : payload;
  const values = body && parseLenientAmf0(body, budget);
  return values && { type: 'data', streamId, timestamp, values };
}

export const serializeData = ({ values }: DataMessage): Uint8Array => serializeAmf0(values);
