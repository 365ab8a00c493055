import { describe, expect, it } from 'vitest';
import { parseAmf0, serializeAmf0 } from '../../src/amf/amf0.js';
import { parseAmf3 } from '../../src/amf/amf3.js';
import { MalformedError } from '../../src/bytes/malformed-error.js';
import { hex } from './raw-chunks.js';

describe('AMF0', () => {
  it('[AMF0-05] the end of an object is no value', () => {
    for (const bytes of ['09', '0a 00000001 09', '03 0001 61 09 0000 09']) {
      expect(() => parseAmf0(hex(bytes)), bytes).toThrow(MalformedError);
    }
  });

  it('[AMF0-05] an empty key with a value behind it ends nothing', () => {
    expect(parseAmf0(hex('03 0000 01 01 0001 61 05 0000 09'))).toEqual([{ '': true, a: null }]);
  });

  it('[AMF0-08, AMF0-20] references count all objects and arrays of a message, and only of that one', () => {
    const [first, second] = parseAmf0(hex('0a 00000001 03 000009 0a 00000002 07 0000 07 0001'));
    expect(second).toEqual([first, {}]);
    expect((second as unknown[])[0]).toBe(first);
    expect(() => parseAmf0(hex('07 0000'))).toThrow(MalformedError);
    const twice = [{ a: 1 }];
    expect(serializeAmf0(twice)).toEqual(serializeAmf0(twice));
  });

  it('[AMF0-12, GEN-04] the time zone of a date is written as 0 and not looked at', () => {
    expect(parseAmf0(hex('0b 4097700000000000 ffc4'))).toEqual([new Date(1500)]);
    expect(serializeAmf0([new Date(1500)])).toEqual(hex('0b 4097700000000000 0000'));
  });

  it('[AMF0-18, ERTMP-57] the switch to AMF3 lasts for one value', () => {
    expect(parseAmf0(hex('11 04 05 02 0001 61 11 06 03 62 05'))).toEqual([5, 'a', 'b', null]);
    expect(parseAmf0(hex('03 0001 61 11 03 0001 62 01 00 000009'))).toEqual([
      { a: true, b: false },
    ]);
  });

  it('[AMF0-03] a string is UTF-8, by bytes and not by characters', () => {
    expect(serializeAmf0(['€'])).toEqual(hex('02 0003 e282ac'));
    expect(parseAmf0(hex('02 0004 f09f9882'))).toEqual(['😂']);
  });
});

describe('AMF3', () => {
  it('[AMF3-04] strings, complex values and traits are counted apart', () => {
    // An object of class "c" with a member "m" that is "s"; then by references: its traits, "s", and itself.
    const object = '0a 13 03 63 03 6d 06 03 73';
    const values = parseAmf3(hex(`${object} 0a 01 06 04 06 00 0a 00`));
    expect(values[0]).toMatchObject({ m: 's' });
    expect(values[1]).toMatchObject({ m: 's' });
    expect(values[2]).toBe('c');
    expect(values[3]).toBe(values[0]);
  });

  it('[AMF3-19] the tables are empty at the start of each message', () => {
    expect(parseAmf3(hex('06 03 61 06 00'))).toEqual(['a', 'a']);
    expect(() => parseAmf3(hex('06 00'))).toThrow(MalformedError);
    parseAmf0(hex('11 06 03 61'));
    expect(() => parseAmf0(hex('11 06 00'))).toThrow(MalformedError);
  });

  it('[AMF3-01] numbers take all eight bits of the fourth byte', () => {
    expect(parseAmf3(hex('04 00'))).toEqual([0]);
    expect(parseAmf3(hex('04 7f'))).toEqual([127]);
    expect(parseAmf3(hex('04 8100'))).toEqual([128]);
    expect(parseAmf3(hex('04 ff7f'))).toEqual([0x3fff]);
    expect(parseAmf3(hex('04 818000'))).toEqual([0x4000]);
    expect(parseAmf3(hex('04 ffff7f'))).toEqual([0x1fffff]);
    expect(parseAmf3(hex('04 80c08000'))).toEqual([0x200000]);
    expect(parseAmf3(hex('04 bfffffff'))).toEqual([0xfffffff]);
  });

  it('[AMF3-06] and are negative from 2^28 on', () => {
    expect(parseAmf3(hex('04 ffffffff'))).toEqual([-1]);
    expect(parseAmf3(hex('04 c0808000'))).toEqual([-0x10000000]);
  });
});
