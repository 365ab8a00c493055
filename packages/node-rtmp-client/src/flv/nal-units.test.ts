import { describe, expect, it } from 'vitest';
import { MalformedError } from '../bytes/malformed-error.js';
import {
  annexBToLengthPrefixed,
  isAnnexB,
  iterateAnnexB,
  iterateLengthPrefixed,
  joinLengthPrefixed,
  lengthPrefixedToAnnexB,
  nalUnitType,
  nalUnitTypeOf,
} from './nal-units.js';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (units: Iterable<Uint8Array>): string[] =>
  [...units].map((unit) => Buffer.from(unit).toString('hex'));

describe('iterateAnnexB', () => {
  it.each([
    ['three-byte start codes', '000001 67aa 000001 68bb', ['67aa', '68bb']],
    ['four-byte start codes', '00000001 67aa 00000001 68bb', ['67aa', '68bb']],
    ['trailing zeros', '000001 67aa 0000 00000001 68bb 000000', ['67aa', '68bb']],
    ['a unit that holds 01 and 00 01', '000001 6501000100ff', ['6501000100ff']],
    ['leading zeros', '0000000001 65ff', ['65ff']],
    ['nothing between two start codes', '000001 000001 65ff', ['65ff']],
    ['no start code', '6501020304', []],
    ['nothing', '', []],
    ['only a start code', '000001', []],
  ])('finds units with %s', (_, stream, units) => {
    expect(hex(iterateAnnexB(bytes(stream)))).toEqual(units);
  });

  it('hands out views', () => {
    const stream = bytes('000001 67aa');
    for (const unit of iterateAnnexB(stream)) expect(unit.buffer).toBe(stream.buffer);
  });
});

describe('iterateLengthPrefixed', () => {
  it.each([1, 2, 4])('reads lengths of %i bytes', (size) => {
    const length = (n: number): number[] => [...new Array<number>(size - 1).fill(0), n];
    const frame = Uint8Array.from([...length(2), 0x65, 1, ...length(1), 0x41]);
    expect(hex(iterateLengthPrefixed(frame, size))).toEqual(['6501', '41']);
  });

  it.each(['00000005 6501', 'ffffffff 65', '0000'])('refuses %s', (frame) => {
    expect(() => [...iterateLengthPrefixed(bytes(frame))]).toThrow(MalformedError);
  });
});

it('takes a picture of 4096 slices, and no frame that is all NAL units', () => {
  const frame = new Uint8Array(2 * 4097).fill(1);
  expect([...iterateLengthPrefixed(frame.subarray(2), 1)]).toHaveLength(4096);
  expect(() => joinLengthPrefixed(iterateLengthPrefixed(frame, 1))).toThrow(MalformedError);
});

it('converts both ways', () => {
  const annexB = bytes('00000001 09f0 00000001 6501ff 00000001 65ee');
  const prefixed = annexBToLengthPrefixed(annexB);
  expect(hex([prefixed])).toEqual(['0000000209f0000000036501ff0000000265ee']);
  expect(lengthPrefixedToAnnexB(prefixed)).toEqual(annexB);
  expect(joinLengthPrefixed(iterateLengthPrefixed(prefixed))).toEqual(prefixed);
});

it('keeps only the units asked for', () => {
  const annexB = bytes('00000001 09f0 00000001 67aa 00000001 65ee');
  const isSlice = (type: number): boolean => type === nalUnitType.idrSlice;
  expect(hex([annexBToLengthPrefixed(annexB, isSlice)])).toEqual(['0000000265ee']);
});

it('tells the kinds of units apart', () => {
  expect(nalUnitTypeOf(bytes('6764'))).toBe(nalUnitType.sequenceParameterSet);
  expect(nalUnitTypeOf(bytes('0601'))).toBe(nalUnitType.sei);
  expect(isAnnexB(bytes('000001'))).toBe(true);
  expect(isAnnexB(bytes('00000001'))).toBe(true);
  expect(isAnnexB(bytes('00000002'))).toBe(false);
});
