import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amf3Fixtures } from '../../test/fixtures/amf3.js';
import { hex } from '../../test/fixtures/hex.js';
import { amfLists } from '../../test/support/amf-lists.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { AmfEcmaArray } from './amf-value.js';
import { parseAmf3, serializeAmf3 } from './amf3.js';

it.each(amf3Fixtures)('parses $name', ({ value, bytes }) => {
  expect(parseAmf3(bytes)).toEqual([value]);
});

const written = amf3Fixtures.filter((fixture) => fixture.written !== 'nothing');
it.each(written)('serializes $name', ({ value, bytes, written }) => {
  const serialized = serializeAmf3([written instanceof AmfEcmaArray ? written : value]);
  expect(Buffer.from(serialized).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
});

describe('parseAmf3', () => {
  const refused = [
    { name: 'a string reference to nothing', bytes: '06 00' },
    { name: 'an object reference to nothing', bytes: '0a 00' },
    { name: 'a traits reference to nothing', bytes: '0a 01' },
    { name: '[AMF3-14] an externalizable object', bytes: '0a 07 03 53' },
    { name: '[AMF3-18] a dictionary', bytes: '11 01 00' },
    { name: '[AMF3-20] an unknown type', bytes: 'ff' },
    { name: 'an array that claims more values than bytes', bytes: '09 bfffffff 01' },
    { name: 'a vector that claims more values than bytes', bytes: '0f bfffffff 00 00' },
    { name: 'traits that claim more names than bytes', bytes: '0a bffffffb 01' },
    { name: 'a string longer than the rest', bytes: '06 bfffffff 61' },
    { name: 'arrays nested a thousand deep', bytes: '09 03 01'.repeat(1000) },
    { name: 'objects nested a thousand deep', bytes: '0a 0b 01 03 61'.repeat(1000) },
    { name: 'more values than a message has any use for', bytes: '01'.repeat(300_000) },
  ];
  it.each(refused)('refuses $name', ({ bytes }) => {
    expect(() => parseAmf3(hex(bytes))).toThrow(MalformedError);
  });

  it('keeps __proto__ as a mere key, as a name and as a sealed member', () => {
    for (const text of [
      '0a 0b 01 13 5f5f70726f746f5f5f 03 01',
      '0a 13 01 13 5f5f70726f746f5f5f 03',
    ]) {
      const [value] = parseAmf3(hex(text));
      expect(Object.getPrototypeOf(value)).toBeNull();
      expect(Object.keys(value as object)).toEqual(['__proto__']);
    }
  });

  it('throws nothing but MalformedError, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseAmf3(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('serializeAmf3', () => {
  it('refuses an empty key, which would end the object', () => {
    expect(() => serializeAmf3([{ '': 1 }])).toThrow(MalformedError);
  });

  it('writes minus zero and what is no integer as doubles', () => {
    expect(serializeAmf3([-0])[0]).toBe(5);
    expect(parseAmf3(serializeAmf3([-0, NaN, Infinity, 2 ** 53]))).toEqual([
      -0,
      NaN,
      Infinity,
      2 ** 53,
    ]);
  });

  it('is undone by parsing', () => {
    fc.assert(
      fc.property(amfLists(fc.integer(), fc.uint8Array({ maxLength: 5 })), (list) => {
        expect(parseAmf3(serializeAmf3(list))).toEqual(list);
      }),
    );
  });
});
