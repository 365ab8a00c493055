import { describe, expect, it } from 'vitest';
import { doubledArrays, overwrittenChain } from '../../test/fixtures/amf-bombs.js';
import { serializeAmf0 } from '../amf/amf0.js';
import { parseColorInfo } from './color-info.js';
import { parseFlvMetadata } from './flv-metadata.js';

/** An object that holds itself. */
const loop = Buffer.from('03 0001 61 07 0000 000009'.replaceAll(' ', ''), 'hex');
const within = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from('030001 61'.replace(' ', ''), 'hex'), bytes, Buffer.of(0, 0, 9)]);

describe.each([
  { name: 'colorInfo', parse: parseColorInfo },
  { name: 'onMetaData', parse: parseFlvMetadata },
])('$name', ({ name, parse }) => {
  const body = (value: Uint8Array) => Buffer.concat([serializeAmf0([name]), value]);

  it('is passed over when whoever walks it would not come to an end', () => {
    expect(parse(body(serializeAmf0([{ a: 1 }])))).toEqual({ a: 1 });
    expect(parse(body(loop))).toBeUndefined();
    expect(parse(body(overwrittenChain(5000)))).toBeUndefined();
    expect(parse(body(within(doubledArrays(22))))).toBeUndefined();
  });
});
