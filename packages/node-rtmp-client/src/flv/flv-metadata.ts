import { AmfEcmaArray, isAmfObject, type AmfObject } from '../amf/amf-value.js';
import { serializeAmf0 } from '../amf/amf0.js';
import { parseLenientAmf0 } from '../amf/lenient-amf0.js';

/**
 * Reads the body of a script tag (FLV 10.1 §E.4.4).
 *
 * @returns the properties of onMetaData; undefined for other script data, and for what cannot be read: metadata is a
 * optional, and no stream is refused for it.
 */
export function parseFlvMetadata(body: Uint8Array): AmfObject | undefined {
  const [name, value] = parseLenientAmf0(body) ?? [];
  return name === 'onMetaData' && isAmfObject(value) ? value : undefined;
}

/** The body of an onMetaData script tag. */
export const serializeFlvMetadata = (metadata: AmfObject): Uint8Array =>
  serializeAmf0(['onMetaData', new AmfEcmaArray(metadata)]);

/** A copy of the properties, but for some. */
export const without = (metadata: AmfObject, ...names: readonly string[]): AmfObject =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => !names.includes(name)));
