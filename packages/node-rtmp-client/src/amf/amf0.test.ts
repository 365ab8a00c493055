import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amf0Fixtures } from '../../test/fixtures/amf0.js';
import { hex } from '../../test/fixtures/hex.js';
import { amfLists } from '../../test/support/amf-lists.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { amfClassName, AmfEcmaArray, type AmfObject, type AmfValue } from './amf-value.js';
import { amfWeight } from './amf-weight.js';
import { parseAmf0, serializeAmf0 } from './amf0.js';

it.each(amf0Fixtures)('parses $name', ({ value, bytes }) => {
  expect(parseAmf0(bytes)).toEqual([value]);
});

const written = amf0Fixtures.filter((fixture) => fixture.written !== 'nothing');
it.each(written)('serializes $name', ({ value, bytes, written }) => {
  const serialized = serializeAmf0([written instanceof AmfEcmaArray ? written : value]);
  expect(Buffer.from(serialized).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
});

describe('parseAmf0', () => {
  it('takes an ECMA array whatever its count says, with or without its end marker', () => {
    const body = '0001 61 01 01';
    for (const count of ['00000000', '00000001', 'ffffffff']) {
      expect(parseAmf0(hex(`08 ${count} ${body} 0000 09`))).toEqual([{ a: true }]);
      expect(parseAmf0(hex(`08 ${count} ${body}`))).toEqual([{ a: true }]);
    }
  });

  it('[AMF0-17] keeps the class name of a typed object out of its properties', () => {
    const [value] = parseAmf0(hex('10 0001 43 0001 61 01 00 0000 09')) as AmfObject[];
    expect(Object.keys(value ?? {})).toEqual(['a']);
    expect(value?.[amfClassName]).toBe('C');
  });

  it('[AMF0-18] goes on in AMF0 after an AMF3 value, whose strings count on in the next', () => {
    expect(parseAmf0(hex('11 06 07 616263 01 01 11 06 00'))).toEqual(['abc', true, 'abc']);
  });

  it('keeps __proto__ and constructor as mere keys', () => {
    const nested = '03 0008 706f6c6c75746564 01 01 0000 09';
    const [value] = parseAmf0(hex(`03 0009 5f5f70726f746f5f5f ${nested} 0000 09`));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((value as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });

  const refused = [
    { name: 'an array that claims more values than bytes', bytes: '0a ffffffff 05' },
    { name: 'a string longer than the rest', bytes: '0c ffffffff 61' },
    { name: 'a reference to nothing', bytes: '07 0000' },
    { name: '[AMF0-08] a reference to what is no object', bytes: '05 07 0000' },
    { name: '[AMF0-15] a movie clip', bytes: '04' },
    { name: '[AMF0-15] a record set', bytes: '0e' },
    { name: '[AMF0-19] an unknown type', bytes: 'ff' },
    { name: 'AMF3 arrays nested a thousand deep', bytes: `11 ${'09 03 01'.repeat(1000)}` },
    { name: 'more objects than a message has any use for', bytes: '03 0000 09'.repeat(40_000) },
    { name: 'arrays nested a thousand deep', bytes: '0a 00000001'.repeat(1000) },
    { name: 'objects nested a thousand deep', bytes: '03 0001 61'.repeat(1000) },
    { name: 'more values than a message has any use for', bytes: '05'.repeat(300_000) },
  ];
  it.each(refused)('refuses $name', ({ bytes }) => {
    expect(() => parseAmf0(hex(bytes))).toThrow(MalformedError);
  });

  it('throws nothing but MalformedError, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseAmf0(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('serializeAmf0', () => {
  it('writes a string beyond 65535 bytes as a long string', () => {
    const text = 'é'.repeat(40_000);
    const bytes = serializeAmf0([text]);
    expect(bytes[0]).toBe(0x0c);
    expect(parseAmf0(bytes)).toEqual([text]);
  });

  it('writes an ECMA array where told to', () => {
    const bytes = serializeAmf0(['onMetaData', new AmfEcmaArray({ width: 1280 })]);
    expect(bytes[13]).toBe(0x08);
    expect(parseAmf0(bytes)).toEqual(['onMetaData', { width: 1280 }]);
  });

  it('refuses what is nested too deeply', () => {
    let value: AmfValue = [];
    for (let i = 0; i < 40; i++) value = [value];
    expect(() => serializeAmf0([value])).toThrow(MalformedError);
  });

  it('[AMF0-09] writes what would be two to the power of 30 values in a few bytes', () => {
    let value: AmfValue[] = [1];
    for (let i = 0; i < 30; i++) value = [value, value];
    const bytes = serializeAmf0([value]);
    expect(bytes.length).toBeLessThan(300);
    const [parsed] = parseAmf0(bytes);
    expect(amfWeight(parsed)).toBeGreaterThan(2 ** 30);
    expect(serializeAmf0([parsed])).toEqual(bytes);
  });

  it('[AMF0-11] writes undefined for a gap', () => {
    const gap: AmfValue[] = [];
    gap[1] = true;
    expect(parseAmf0(serializeAmf0([gap]))).toEqual([[undefined, true]]);
  });

  it('is undone by parsing', () => {
    fc.assert(
      fc.property(amfLists(), (list) => {
        expect(parseAmf0(serializeAmf0(list))).toEqual(list);
      }),
    );
  });
});
