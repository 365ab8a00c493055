import { describe, expect, it } from 'vitest';
import { hex } from '../../test/fixtures/hex.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { ChunkReader } from './chunk-reader.js';

/** What a peer writes into the extended timestamp of a type 3 header; undefined leaves it out. */
type Fill = (header: { field: number; timestamp: number; step: number }) => number | undefined;

const fills: readonly { name: string; fill: Fill }[] = [
  { name: 'repeats it', fill: ({ field }) => field },
  { name: 'leaves it out', fill: () => undefined },
  { name: 'writes zeros', fill: () => 0 },
  { name: 'writes the absolute time, also after a delta', fill: ({ timestamp }) => timestamp },
  { name: 'writes the delta, also after an absolute time', fill: ({ step }) => step },
  { name: 'writes the mark', fill: () => 0xffffff },
];

interface Sent {
  readonly id: number;
  readonly typeId: number;
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

const u = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);

/** A peer that begins messages with type 0, or with type 1 where it can, and takes turns between chunk streams. */
class Peer {
  readonly #fill: Fill;
  readonly #last = new Map<number, number>();
  readonly #header: 0 | 1;
  chunkSize = 128;

  constructor(fill: Fill, header: 0 | 1 = 0) {
    this.#fill = fill;
    this.#header = header;
  }

  /** The chunks of the messages, one of each in turn. */
  write(...messages: readonly Sent[]): number[] {
    const all = messages.map((message) => this.#chunks(message));
    const bytes: number[] = [];
    for (let turn = 0; all.some((chunks) => turn < chunks.length); turn++) {
      for (const chunks of all) bytes.push(...(chunks[turn] ?? []));
    }
    return bytes;
  }

  #chunks({ id, typeId, timestamp, payload }: Sent): number[][] {
    const last = this.#last.get(id);
    this.#last.set(id, timestamp);
    const format = last === undefined ? 0 : this.#header;
    const step = (timestamp - (last ?? 0)) >>> 0;
    const field = format === 0 ? timestamp : step;
    const isExtended = field >= 0xffffff;
    const extra = isExtended ? this.#fill({ field, timestamp, step }) : undefined;
    const chunks: number[][] = [];
    for (let at = 0; at < payload.length; at += this.chunkSize) {
      const part = payload.subarray(at, at + this.chunkSize);
      if (at > 0) {
        chunks.push([0xc0 | id, ...(extra === undefined ? [] : u(extra, 4)), ...part]);
        continue;
      }
      const time = u(isExtended ? 0xffffff : field, 3);
      const rest = [...u(payload.length, 3), typeId, ...(format === 0 ? [1, 0, 0, 0] : [])];
      const extended = isExtended ? u(field, 4) : [];
      chunks.push([(format << 6) | id, ...time, ...rest, ...extended, ...part]);
    }
    return chunks;
  }
}

function read(pieces: readonly (number[] | { chunkSize: number })[], step = Infinity): Sent[] {
  const input = new ByteQueue();
  const reader = new ChunkReader(input);
  reader.chunkSize = 128;
  const messages: Sent[] = [];
  for (const piece of pieces) {
    if (!Array.isArray(piece)) {
      reader.chunkSize = piece.chunkSize;
      continue;
    }
    for (let at = 0; at < piece.length; at += step) {
      input.push(Uint8Array.from(piece.slice(at, at + step)));
      for (let next = reader.next(); next; next = reader.next()) {
        const { typeId, timestamp, payload } = next;
        messages.push({ id: typeId === 9 ? 6 : 4, typeId, timestamp, payload });
      }
    }
  }
  expect(input.length, 'bytes left over').toBe(0);
  return messages;
}

const time = 0xff123456;
const video = (at: number, payload: Uint8Array): Sent => ({
  ...{ id: 6, typeId: 9, timestamp: time + at, payload },
});
const audio = (at: number, payload: Uint8Array): Sent => ({
  ...{ id: 4, typeId: 8, timestamp: time + at, payload },
});

const plain = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + 0x21) & 0x7f);
/** Has `value` wherever a chunk of 128 bytes may begin, and once more behind it. */
function lookAlike(length: number, value: number): Uint8Array {
  const payload = plain(length);
  for (let at = 128; at + 8 <= length; at += 128) {
    payload.set(u(value, 4), at);
    payload.set(u(value, 4), at + 4);
  }
  return payload;
}

/** Looks like the time wherever a chunk begins that is not the last one. */
function timesWithin(length: number): Uint8Array {
  const last = Math.floor((length - 1) / 128) * 128;
  const payload = plain(length);
  payload.set(lookAlike(last, time));
  return payload;
}

it('[CHUNK-09] does not wait for the next message where the specification is followed, whatever the end looks like', () => {
  const input = new ByteQueue();
  const reader = new ChunkReader(input);
  reader.chunkSize = 2;
  // Behind the field, the last bytes of the chunk could be a header of the same chunk stream, of type 0.
  input.push(hex('0000 ffffff 000003 08 00000000 01000000 0000 c000 01000000 00'));
  expect(reader.next()).toMatchObject({ timestamp: 0x1000000, payload: new Uint8Array(3) });
});

it('[CHUNK-09] reads what MediaMTX writes: zeros in the place of the extended time stamp', () => {
  const bytes = [
    ...hex('1bffffff0000a006330c0000ff123456'),
    ...new Uint8Array(128).fill(5),
    ...hex('db00000000'),
    ...new Uint8Array(32).fill(5),
  ];
  for (const step of [Infinity, 1, 7]) {
    const [message] = read([bytes], step);
    expect(message?.timestamp).toBe(0xff123456);
    expect(message?.payload).toEqual(new Uint8Array(160).fill(5));
  }
});

describe.each(fills)('[CHUNK-09] a peer that $name', ({ fill }) => {
  const payloads = [
    { name: 'plain', make: plain },
    // Not in the last chunk: what the specification wants is not doubted there.
    { name: 'that looks like the time', make: (length: number) => timesWithin(length) },
    { name: 'of zeros', make: (length: number) => lookAlike(length, 0) },
    { name: 'of headers', make: (length: number) => lookAlike(length, 0xc6c6c6c6) },
    { name: 'of one byte', make: (length: number) => new Uint8Array(length).fill(0x2f) },
  ];

  it.each(payloads)('is understood with payload $name', ({ make }) => {
    for (const length of [133, 160, 256, 300, 1000]) {
      for (const step of [Infinity, 1, 50]) {
        const peer = new Peer(fill);
        const sent = [0, 40, 80].map((at) => video(at, make(length)));
        expect(read([sent.flatMap((message) => peer.write(message))], step)).toEqual(sent);
      }
    }
  });

  it('is understood for ever after the first message', () => {
    const peer = new Peer(fill);
    const sent = [video(0, plain(1000))];
    for (const value of [time, time + 40, 0, 0xffffff, 40, 0x06ffffff, 0xc6000000, 0xc6ff1234]) {
      sent.push(video(sent.length * 40, lookAlike(500, value)));
    }
    const bytes = sent.flatMap((message) => peer.write(message));
    for (const step of [Infinity, 1]) expect(read([bytes], step)).toEqual(sent);
  });

  it('is understood when sound comes between, and the chunk size changes', () => {
    const peer = new Peer(fill);
    const parts: (number[] | { chunkSize: number })[] = [];
    const sent: Sent[] = [];
    for (const [index, chunkSize] of [128, 4096, 60, 1000].entries()) {
      peer.chunkSize = chunkSize;
      const sound = audio(index * 40, plain(chunkSize + 50));
      const picture = video(index * 40, lookAlike(chunkSize * 3, time + index * 40));
      parts.push({ chunkSize }, peer.write(picture, sound));
      sent.push(sound, picture);
    }
    for (const step of [Infinity, 3]) expect(read(parts, step)).toEqual(sent);
  });

  it('is understood after a delta of five hours', () => {
    const peer = new Peer(fill, 1);
    const sent = [
      { ...video(0, plain(200)), timestamp: 1000 },
      { ...video(0, plain(400)), timestamp: 1000 + 0x1200000 },
      { ...video(0, plain(400)), timestamp: 1040 + 0x1200000 },
      { ...video(0, lookAlike(400, 0x1200000)), timestamp: 1040 + 0x2400000 },
    ];
    const bytes = sent.flatMap((message) => peer.write(message));
    for (const step of [Infinity, 1]) expect(read([bytes], step)).toEqual(sent);
  });
});

it('[CHUNK-09] finds out that a field is there which nobody could foresee, where the message goes on', () => {
  const peer = new Peer(() => 0xdeadbeef);
  const sent = [0, 40].map((at) => video(at, plain(500)));
  for (const step of [Infinity, 1]) {
    expect(read([sent.flatMap((message) => peer.write(message))], step)).toEqual(sent);
  }
});

it.each([
  { name: 'writes', field: 'ff123456' },
  { name: 'leaves out, too,', field: '' },
])('[CHUNK-09] a peer that $name it where type 3 begins a message', ({ field }) => {
  const first = '04 ffffff 000084 08 01000000 ff123456';
  const body = 'aa'.repeat(128);
  const tail = 'c4 bbbbbbbb';
  const bytes = hex(
    `${first} ${body} ${tail} c4 ${field} ${body} ${tail} c4 ${field} ${body} ${tail}`,
  );
  expect(read([[...bytes]], 1)).toHaveLength(3);
});

describe('[CHUNK-27] a message that goes on with a header that is not of type 3', () => {
  const begun = `06 00000a 000086 09 01000000 ${'11'.repeat(128)}`;
  const end = '222222222222';

  it.each([
    { name: 'type 1', header: '46 000000 000086 09' },
    { name: 'type 1, with a delta', header: '46 000021 000086 09' },
    { name: 'type 1, with an extended delta', header: '46 ffffff 000086 09 01000000' },
    { name: 'type 2', header: '86 000000' },
    { name: 'type 0, the same once more', header: '06 00000a 000086 09 01000000' },
  ])('is taken: $name', ({ header }) => {
    const after = '86 000028 ' + '33'.repeat(128) + 'c6' + '44'.repeat(6);
    const bytes = [...hex(`${begun} ${header} ${end} ${after}`)];
    for (const step of [Infinity, 1]) {
      const messages = read([bytes], step);
      expect(messages.map(({ timestamp, payload }) => [timestamp, payload.length])).toEqual([
        [10, 134],
        [50, 134],
      ]);
      expect(messages[0]?.payload.at(-1)).toBe(0x22);
    }
  });

  it.each([
    { name: 'another length', header: '46 000000 000087 09' },
    { name: 'another type', header: '46 000000 000086 08' },
    { name: 'another time', header: '06 00000b 000086 09 01000000' },
    { name: 'another message stream', header: '06 00000a 000086 09 02000000' },
  ])('is refused with $name', ({ header }) => {
    expect(() => read([[...hex(`${begun} ${header} ${end}`)]])).toThrow(MalformedError);
  });
});
