import { maxAmfDepth } from './amf-budget.js';
import { amfClassName, isAmfObject, type AmfObject, type AmfValue } from './amf-value.js';

/** So much text, or so many bytes, weigh as much as one value. */
const textPerValue = 16;
const maxKeyBytes = 0xffff;

/** What is known of an object or array: everything in it counted, and how many levels it has. */
interface Extent {
  weight: number;
  height: number;
}

const endless: Extent = { weight: Infinity, height: 0 };
const single: Extent = { weight: 1, height: 0 };

/**
 * How much there is to be walked in `value` for whoever does not look out for references: what it holds twice counts
 * twice, and text by its length. Infinite when it contains itself, or could not be written as AMF0: because it has more
 * than 32 levels, or a key that is too long.
 *
 * References make few bytes weigh a lot, so each object and array is looked at only once, however often it occurs.
 */
export function amfWeight(value: AmfValue): number {
  const known = new Map<object, Extent>();

  const extentOf = (each: AmfValue, depth: number): Extent => {
    if (depth > maxAmfDepth) return endless;
    if (typeof each === 'string') return textExtent(each.length);
    if (each instanceof Uint8Array) return textExtent(each.length);
    const isArray = Array.isArray(each);
    if (!isArray && !isAmfObject(each)) return single;
    const before = known.get(each);
    if (before !== undefined) return depth + before.height > maxAmfDepth ? endless : before;
    // Until it is known it must not occur: it would be within itself.
    const extent: Extent = { ...endless };
    known.set(each, extent);
    let weight = isArray ? 1 : 1 + namesWeight(each);
    let height = 0;
    for (const inner of isArray ? each : Object.values(each)) {
      const { weight: added, height: below } = extentOf(inner, depth + 1);
      weight += added;
      height = Math.max(height, below + 1);
      if (weight === Infinity) return endless;
    }
    extent.weight = weight;
    extent.height = height;
    return extent;
  };

  return extentOf(value, 0).weight;
}

const textExtent = (length: number): Extent =>
  length < textPerValue ? single : { weight: 1 + length / textPerValue, height: 0 };

function namesWeight(object: AmfObject): number {
  let length = 0;
  for (const key of Object.keys(object)) length += nameLength(key);
  return (length + nameLength(object[amfClassName] ?? '')) / textPerValue;
}

/** AMF3 has longer ones than AMF0. */
function nameLength(name: string): number {
  // No character of a string takes more than three bytes.
  if (name.length * 3 <= maxKeyBytes) return name.length;
  return new TextEncoder().encode(name).length > maxKeyBytes ? Infinity : name.length;
}
