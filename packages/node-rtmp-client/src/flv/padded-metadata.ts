import type { AmfObject, AmfValue } from '../amf/amf-value.js';
import { serializeFlvMetadata, without } from './flv-metadata.js';

/** Readers give up on longer strings: FFmpeg's have room for 1023 bytes. */
const longestString = 1000;
/** The marker and the length of a string. */
const stringOverhead = 3;

/**
 * The body of an onMetaData tag of exactly `length` bytes, so that it can take the place of another: what is left is
 * filled with a last property that means nothing.
 *
 * @returns undefined when it does not fit.
 */
export function serializePaddedMetadata(
  metadata: AmfObject,
  length: number,
): Uint8Array | undefined {
  const others = without(metadata, 'padding');
  const left = length - serializeFlvMetadata({ ...others, padding: [] }).length;
  return left < 0 ? undefined : serializeFlvMetadata({ ...others, padding: padding(left) });
}

/** Values that take `length` bytes. */
function padding(length: number): AmfValue[] {
  const values: AmfValue[] = [];
  let left = length;
  while (left >= stringOverhead) {
    const text = ' '.repeat(Math.min(longestString, left - stringOverhead));
    values.push(text);
    left -= stringOverhead + text.length;
  }
  for (; left > 0; left--) values.push(null);
  return values;
}
