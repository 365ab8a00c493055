import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from './byte-queue.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { MalformedError } from './malformed-error.js';

// One table drives both directions.
const numbers = [
  { name: 'u8', value: 0xfe, bytes: [0xfe] },
  { name: 'u16', value: 0xfedc, bytes: [0xfe, 0xdc] },
  { name: 'u24', value: 0xfedcba, bytes: [0xfe, 0xdc, 0xba] },
  { name: 'u32', value: 0xfedcba98, bytes: [0xfe, 0xdc, 0xba, 0x98] },
  { name: 'u32le', value: 0xfedcba98, bytes: [0x98, 0xba, 0xdc, 0xfe] },
  { name: 'i16', value: -2, bytes: [0xff, 0xfe] },
  { name: 'i24', value: -2, bytes: [0xff, 0xff, 0xfe] },
  { name: 'i24', value: -0x800000, bytes: [0x80, 0, 0] },
  { name: 'i24', value: 0x7fffff, bytes: [0x7f, 0xff, 0xff] },
  { name: 'f64', value: 1.5, bytes: [0x3f, 0xf8, 0, 0, 0, 0, 0, 0] },
] as const;

describe.each(numbers)('[GEN-01] $name $value', ({ name, value, bytes }) => {
  it('is read', () => {
    const reader = new ByteReader(Uint8Array.from(bytes));
    expect(reader[name]()).toBe(value);
    expect(reader.remaining).toBe(0);
  });

  it('is written', () => {
    expect([...new ByteWriter(1)[name](value).finish()]).toEqual([...bytes]);
  });

  it('[GEN-03] is refused when cut short', () => {
    const reader = new ByteReader(Uint8Array.from(bytes.slice(1)));
    expect(() => reader[name]()).toThrow(MalformedError);
    expect(reader.position).toBe(0);
  });
});

describe('ByteReader', () => {
  it('reads from the middle of a larger buffer', () => {
    const reader = new ByteReader(Uint8Array.of(9, 9, 0, 1, 0x61, 0xe2, 0x82, 0xac).subarray(2));
    expect(reader.u16()).toBe(1);
    expect(reader.text(4)).toBe('a€');
  });

  it('hands out views, not copies', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const reader = new ByteReader(bytes);
    reader.skip(1);
    expect(reader.bytes(2).buffer).toBe(bytes.buffer);
    expect([...reader.rest()]).toEqual([4]);
  });
});

describe('ByteWriter', () => {
  it('grows past its first capacity and keeps what it had', () => {
    const writer = new ByteWriter(1).u8(1).bytes(Uint8Array.of(2, 3)).text('é').u16(0x0405);
    expect([...writer.finish()]).toEqual([1, 2, 3, 0xc3, 0xa9, 4, 5]);
    expect(writer.length).toBe(7);
  });
});

describe('ByteQueue', () => {
  const queueOf = (...pieces: number[][]): ByteQueue => {
    const queue = new ByteQueue();
    for (const piece of pieces) queue.push(Uint8Array.from(piece));
    return queue;
  };

  it('takes across pieces', () => {
    const queue = queueOf([1], [2, 3], [], [4, 5, 6]);
    expect([...queue.read(4)]).toEqual([1, 2, 3, 4]);
    expect(queue.length).toBe(2);
    expect([...queue.read(2)]).toEqual([5, 6]);
    expect(queue.length).toBe(0);
  });

  it('takes within a piece without copying', () => {
    const piece = Uint8Array.of(1, 2, 3);
    const queue = new ByteQueue();
    queue.push(piece);
    expect(queue.read(2).buffer).toBe(piece.buffer);
  });

  it('peeks without taking', () => {
    const queue = queueOf([1, 2], [3]);
    queue.skip(1);
    expect(queue.peekU8()).toBe(2);
    expect(queue.peekU8(1)).toBe(3);
    expect(queue.peekU8(2)).toBeUndefined();
    expect(queue.peek(3)).toBeUndefined();
    expect([...(queue.peek(2) ?? [])]).toEqual([2, 3]);
    expect(queue.length).toBe(2);
  });

  it.each([
    { name: 'in one piece', pieces: [[9, 0xfe, 0xdc, 0xba, 0x98]] },
    { name: 'across pieces', pieces: [[9, 0xfe], [0xdc], [0xba, 0x98]] },
  ])('peeks at numbers $name', ({ pieces }) => {
    const queue = queueOf(...pieces);
    expect(queue.peekU24(1)).toBe(0xfedcba);
    expect(queue.peekU32(1)).toBe(0xfedcba98);
    expect(queue.peekU32le(1)).toBe(0x98badcfe);
    expect(() => queue.peekU32(2)).toThrow(MalformedError);
    expect(queue.length).toBe(5);
  });

  it('gives what was put in, however it came and is taken', () => {
    const steps = fc.array(
      fc.record({
        push: fc.array(fc.nat(255), { maxLength: 9 }),
        length: fc.nat(7),
        how: fc.constantFrom('read', 'readSome', 'skip', 'clear'),
      }),
      { maxLength: 200, size: 'max' },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new ByteQueue();
        let model: number[] = [];
        for (const { push, length: wanted, how } of all) {
          queue.push(Uint8Array.from(push));
          model.push(...push);
          for (let i = 0; i <= model.length; i++) expect(queue.peekU8(i)).toBe(model[i]);
          const length = Math.min(wanted, model.length);
          if (how === 'clear' && wanted === 7) {
            queue.clear();
            model = [];
          } else if (how === 'readSome') {
            const some = [...queue.readSome(length)];
            expect(some).toEqual(model.splice(0, some.length));
            expect(some.length > 0).toBe(length > 0);
          } else if (how === 'skip') {
            queue.skip(length);
            model.splice(0, length);
          } else {
            expect([...queue.read(length)]).toEqual(model.splice(0, length));
          }
          expect(queue.length).toBe(model.length);
        }
      }),
    );
  });

  it('takes some without copying, at most what the first piece holds', () => {
    const queue = queueOf([1, 2], [3]);
    expect([...queue.readSome(5)]).toEqual([1, 2]);
    expect([...queue.readSome(5)]).toEqual([3]);
    expect([...queue.readSome(5)]).toEqual([]);
  });

  it('refuses to read what is not there', () => {
    const queue = queueOf([1]);
    expect(() => queue.read(2)).toThrow(MalformedError);
    expect(() => {
      queue.skip(2);
    }).toThrow(MalformedError);
    expect(queue.length).toBe(1);
  });

  it('gives back every byte in order over many pieces', () => {
    const queue = new ByteQueue();
    const out: number[] = [];
    for (let i = 0; i < 500; i++) {
      queue.push(Uint8Array.of(i & 0xff, (i + 1) & 0xff, (i + 2) & 0xff));
      if (i % 3 === 2) out.push(...queue.read(5));
    }
    out.push(...queue.read(queue.length));
    const expected = Array.from({ length: 500 }, (_, i) => [
      i & 0xff,
      (i + 1) & 0xff,
      (i + 2) & 0xff,
    ]).flat();
    expect(out).toEqual(expected);
  });
});
