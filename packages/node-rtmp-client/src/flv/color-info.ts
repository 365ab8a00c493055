import { isAmfObject, type AmfObject } from '../amf/amf-value.js';
import { parseAmf0, serializeAmf0 } from '../amf/amf0.js';
import { MalformedError } from '../bytes/malformed-error.js';

const name = 'colorInfo';

/**
 * Reads the names and values of a video metadata body (Enhanced RTMP v2, "Metadata Frame").
 *
 * @returns the colour information, empty where it is taken back; undefined when there is none, or it cannot be read: no
 * stream is refused for it.
 */
export function parseColorInfo(body: Uint8Array): AmfObject | undefined {
  try {
    const values = parseAmf0(body);
    const at = values.indexOf(name);
    if (at === -1) return undefined;
    const value = values[at + 1];
    if (value === undefined || value === null) return {};
    return isAmfObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** An empty object is written as undefined, which is how the specification would have it taken back. */
export const serializeColorInfo = (value: AmfObject): Uint8Array =>
  serializeAmf0([name, Object.keys(value).length === 0 ? undefined : value]);
