import { isAmfObject, type AmfObject } from '../amf/amf-value.js';
import { serializeAmf0 } from '../amf/amf0.js';
import { parseLenientAmf0 } from '../amf/lenient-amf0.js';

const name = 'colorInfo';

/**
 * Reads the names and values of a video metadata body (Enhanced RTMP v2, "Metadata Frame").
 *
 * @returns the colour information, empty where it is taken back; undefined when there is none, or it cannot be read: no
 * stream is refused for it.
 */
export function parseColorInfo(body: Uint8Array): AmfObject | undefined {
  const values = parseLenientAmf0(body);
  if (values === undefined) return undefined;
  const at = values.indexOf(name);
  if (at === -1) return undefined;
  const value = values[at + 1];
  if (value === undefined || value === null) return {};
  return isAmfObject(value) ? value : undefined;
}

/** An empty object is written as undefined, which is how the specification would have it taken back. */
export const serializeColorInfo = (value: AmfObject): Uint8Array =>
  serializeAmf0([name, Object.keys(value).length === 0 ? undefined : value]);
