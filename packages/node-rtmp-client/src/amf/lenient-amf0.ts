import { MalformedError } from '../bytes/malformed-error.js';
import { AmfBudget } from './amf-budget.js';
import type { AmfValue } from './amf-value.js';
import { amfWeight } from './amf-weight.js';
import { parseAmf0Within } from './amf0.js';

/**
 * Parses AMF0 that nothing depends on, such as metadata. The values can be walked without an eye on references, and
 * written again.
 *
 * @returns undefined for what cannot be read, or holds itself or too much: no stream is refused for it.
 * @param budget for all that one message carries.
 */
export function parseLenientAmf0(
  bytes: Uint8Array,
  budget = new AmfBudget(),
): AmfValue[] | undefined {
  try {
    const values = parseAmf0Within(bytes, budget);
    for (const value of values) budget.spendWeight(amfWeight(value));
    return values;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
