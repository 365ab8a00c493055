import { describe, expect, it } from 'vitest';
import type { FlvItem } from '../src/flv/flv-item.js';
import { nodeDigests } from '../src/net/node-digests.js';
import {
  audioConfig,
  audioPacket,
  byByte,
  SessionWire,
  videoConfig,
  videoPacket,
  type Cut,
  type SessionWireOptions,
} from './support/session-wire.js';

const items: readonly FlvItem[] = [
  { type: 'metadata', value: { width: 1280 } },
  { type: 'packet', packet: videoPacket('config', 0, videoConfig) },
  { type: 'packet', packet: audioPacket('config', 0, audioConfig) },
  ...Array.from({ length: 4 }, (_, i): FlvItem[] => [
    { type: 'packet', packet: videoPacket('frame', i * 33_000, [0, 0, 0, 2, 0x65, i]) },
    { type: 'packet', packet: audioPacket('frame', i * 21_000, [i, i, i]) },
  ]).flat(),
  // Beyond 24 bits of milliseconds.
  { type: 'packet', packet: videoPacket('frame', 16_777_300_000, [0, 0, 0, 2, 0x65, 9]) },
  { type: 'packet', packet: audioPacket('frame', 16_777_301_000, [1]) },
];

/** Longer than one chunk of any size in use; too long to be cut at each of its bytes. */
const longFrame: FlvItem = {
  type: 'packet',
  packet: videoPacket('frame', 16_777_333_000, new Array<number>(70_000).fill(7)),
};

interface Result {
  readonly log: readonly string[];
  readonly items: readonly FlvItem[];
}

/** One connection from the handshake to its end. */
function run(options: SessionWireOptions, sent = items): Result {
  const wire = new SessionWire(options).run();
  for (const item of sent) {
    if (options.role === 'publish') wire.stream.writeItem(item);
    else wire.play(item);
    wire.run();
  }
  wire.client.close();
  wire.run();
  return { log: wire.log, items: wire.items };
}

const fingerprint = ({ log, items }: Result): string =>
  JSON.stringify([log, items], (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );

/** Counts the bytes of one direction. */
function counting(): { cut: Cut; total: () => number } {
  let total = 0;
  return {
    cut: (bytes) => {
      total += bytes.length;
      return [bytes];
    },
    total: () => total,
  };
}

/** Cuts the stream of one direction once, before byte `position`. */
function cutAt(position: number): Cut {
  let passed = 0;
  return (bytes) => {
    const at = position - passed;
    passed += bytes.length;
    return at > 0 && at < bytes.length ? [bytes.subarray(0, at), bytes.subarray(at)] : [bytes];
  };
}

/** A generator of numbers in [0, 1) that gives the same ones for the same seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function cutRandomly(random: () => number, longest: number): Cut {
  return (bytes) => {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = 1 + Math.floor(random() ** 3 * longest);
      pieces.push(bytes.subarray(at, at + length));
      at += length;
    }
    return pieces;
  };
}

const kinds = [
  { name: 'publishing, simple handshake', role: 'publish' },
  { name: 'playing, simple handshake', role: 'play' },
  { name: 'publishing, digests', role: 'publish', digests: nodeDigests },
  { name: 'playing, digests', role: 'play', digests: nodeDigests },
] as const;

/** C0 to C2, or S0 to S2 (specification, 5.2.1). */
const handshakeBytes = 1 + 2 * 1536;

/**
 * Where the bytes of a direction are cut. Most of a handshake is 1528 bytes of which each is like the next: of those each
 * kind of connection has its quarter.
 */
function* positions(total: number, kind: number): Generator<number> {
  const edges = [0, 1 + 1536, handshakeBytes];
  for (let position = 1; position < total; position++) {
    const isNearEdge = edges.some((edge) => Math.abs(position - edge) <= 16);
    if (isNearEdge || position > handshakeBytes || position % kinds.length === kind) yield position;
  }
}

describe.each(kinds)('[GEN-05] [HS-16] $name', (kind) => {
  const options: SessionWireOptions = {
    role: kind.role,
    ...('digests' in kind && {
      digests: kind.digests,
      handshake: { kind: 'digest', digests: kind.digests },
    }),
  };
  const expected = run(options);

  it('brings everything across', () => {
    expect(expected.items).toEqual(items);
    expect(expected.log.join('\n')).not.toContain('failed');
  });

  it.each(['cutUp', 'cutDown'] as const)(
    'is the same wherever the bytes are %s',
    (direction) => {
      const { cut, total } = counting();
      run({ ...options, [direction]: cut });
      expect(total()).toBeGreaterThan(3500);
      const wanted = fingerprint(expected);
      for (const position of positions(total(), kinds.indexOf(kind))) {
        const got = fingerprint(run({ ...options, [direction]: cutAt(position) }));
        if (got !== wanted) expect(got, `cut before byte ${position}`).toBe(wanted);
      }
    },
    120_000,
  );

  it('is the same byte by byte, and cut at random', () => {
    const sent = [...items, longFrame];
    const wanted = fingerprint(run(options, sent));
    expect(fingerprint(run({ ...options, cutUp: byByte, cutDown: byByte }, sent))).toBe(wanted);
    for (let seed = 1; seed <= 200; seed++) {
      const random = mulberry(seed);
      const longest = 1 + Math.floor(random() * 2000);
      const cut = cutRandomly(random, longest);
      const got = fingerprint(run({ ...options, cutUp: cut, cutDown: cut }, sent));
      if (got !== wanted) expect(got, `seed ${seed}`).toBe(wanted);
    }
  });
});
