import type { Random } from './random.js';

const edges = [0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff] as const;
const longEdges = [0, 1, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffff, 0xffffffff] as const;
/** Longer inputs find nothing that shorter ones do not. */
const maxLength = 16 * 1024;

/** A few changes of the kinds that parsers get wrong: lengths, counts, ends, repetitions, and pieces of other inputs. */
export function mutate(seed: Uint8Array, seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = seed.slice();
  const changes = 1 + random.below(random.oneIn(4) ? 12 : 3);
  for (let i = 0; i < changes; i++) bytes = change(bytes, seeds, random);
  return bytes.length > maxLength ? bytes.slice(0, maxLength) : bytes;
}

function change(
  bytes: Uint8Array,
  seeds: readonly Uint8Array[],
  random: Random,
): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  const length = Math.min(1 + random.below(random.oneIn(3) ? 64 : 4), bytes.length - at);
  switch (random.below(9)) {
    case 0:
      return overwritten(bytes, at, Uint8Array.of(1 << random.below(8)), (a, b) => a ^ b);
    case 1:
      return overwritten(bytes, at, Uint8Array.of(random.pick(edges)));
    case 2:
      return overwritten(bytes, at, bigEndian(random.pick(longEdges), 2 + random.below(3)));
    case 3:
      return overwritten(bytes, at, random.bytes(1 + random.below(8)));
    case 4:
      return spliced(bytes, at, length, new Uint8Array(0));
    case 5:
      return spliced(bytes, at, 0, random.bytes(1 + random.below(8)));
    case 6: {
      const again = bytes.subarray(at, at + length);
      let repeated: Uint8Array<ArrayBuffer> = spliced(bytes, at, 0, again);
      for (let i = random.below(6); i > 0; i--) repeated = spliced(repeated, at, 0, again);
      return repeated;
    }
    case 7:
      return bytes.slice(0, at);
    default: {
      const other = random.pick(seeds);
      const from = random.below(other.length);
      return spliced(
        bytes,
        at,
        random.below(2) * length,
        other.subarray(from, from + 1 + random.below(200)),
      );
    }
  }
}

function overwritten(
  bytes: Uint8Array,
  at: number,
  by: Uint8Array,
  join: (old: number, by: number) => number = (_, value) => value,
): Uint8Array<ArrayBuffer> {
  const result = Uint8Array.from(bytes);
  for (let i = 0; i < by.length && at + i < result.length; i++) {
    result[at + i] = join(result[at + i] ?? 0, by[i] ?? 0);
  }
  return result;
}

function spliced(
  bytes: Uint8Array,
  at: number,
  removed: number,
  added: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length - removed + added.length);
  result.set(bytes.subarray(0, at));
  result.set(added, at);
  result.set(bytes.subarray(at + removed), at + added.length);
  return result;
}

function bigEndian(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes.subarray(4 - length);
}
