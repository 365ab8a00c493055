import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../bytes/malformed-error.js';
import { AmfEcmaArray, type AmfValue } from './amf-value.js';
import { parseAmf0, serializeAmf0 } from './amf0.js';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

/** One table drives parsing, serializing and the truncation test; the encodings follow AMF0 §2. */
const values: readonly { name: string; value: AmfValue; bytes: string }[] = [
  { name: 'number', value: 3.5, bytes: '00 400c000000000000' },
  { name: 'true', value: true, bytes: '01 01' },
  { name: 'false', value: false, bytes: '01 00' },
  { name: 'string', value: 'foo', bytes: '02 0003 666f6f' },
  { name: 'empty string', value: '', bytes: '02 0000' },
  { name: 'null', value: null, bytes: '05' },
  { name: 'undefined', value: undefined, bytes: '06' },
  {
    name: 'object',
    value: { app: 'live', n: 1 },
    bytes: '03 0003 617070 02 0004 6c697665 0001 6e 00 3ff0000000000000 0000 09',
  },
  { name: 'strict array', value: [1, 'a'], bytes: '0a 00000002 00 3ff0000000000000 02 0001 61' },
  { name: 'date', value: new Date(1500), bytes: '0b 4097700000000000 0000' },
];

describe.each(values)('AMF0 $name', ({ value, bytes }) => {
  it('is parsed', () => {
    expect(parseAmf0(hex(bytes))).toEqual([value]);
  });

  it('is serialized', () => {
    expect(Buffer.from(serializeAmf0([value])).toString('hex')).toBe(bytes.replace(/\s/g, ''));
  });
});

describe('parseAmf0', () => {
  it('takes an ECMA array whatever its count says, with or without its end marker', () => {
    const body = '0001 61 01 01';
    for (const count of ['00000000', '00000001', 'ffffffff']) {
      expect(parseAmf0(hex(`08 ${count} ${body} 0000 09`))).toEqual([{ a: true }]);
      expect(parseAmf0(hex(`08 ${count} ${body}`))).toEqual([{ a: true }]);
    }
  });

  it('takes typed objects and XML for what they hold', () => {
    expect(parseAmf0(hex('10 0001 43 0001 61 01 00 0000 09'))).toEqual([{ a: false }]);
    expect(parseAmf0(hex('0f 00000002 3c3e'))).toEqual(['<>']);
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
    { name: 'a reference', bytes: '07 0000' },
    { name: 'an AMF3 value', bytes: '11 01' },
    { name: 'an unknown type', bytes: 'ff' },
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

  it('refuses what refers to itself', () => {
    const loop: AmfValue[] = [];
    loop.push(loop);
    expect(() => serializeAmf0([loop])).toThrow(MalformedError);
  });

  it('is undone by parsing', () => {
    const { value } = fc.letrec<{ value: AmfValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.double({ noNaN: true }),
        fc.boolean(),
        fc.string({ unit: 'grapheme' }),
        fc.constant(null),
        fc.constant(undefined),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ minLength: 1 }), tie('value'), {
          maxKeys: 4,
          noNullPrototype: false,
        }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (list) => {
        expect(parseAmf0(serializeAmf0(list))).toEqual(list);
      }),
    );
  });
});
