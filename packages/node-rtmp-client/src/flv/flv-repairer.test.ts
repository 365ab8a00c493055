import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AmfObject } from '../amf/amf-value.js';
import type { VideoPacket } from './encoded-packet.js';
import { FlvDemuxer } from './flv-demuxer.js';
import { FlvFileWriter } from './flv-file-writer.js';
import { FlvMuxer } from './flv-muxer.js';
import { FlvRepairer, repairFlv, type FlvRepair } from './flv-repairer.js';

const video = (index: number): VideoPacket => ({
  ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: index % 10 === 0 },
  ...{ dts: index * 40_000, pts: index * 40_000 },
  payload: Buffer.alloc(20 + index, index + 1),
});

const count = 50;
const packets = Array.from({ length: count }, (_, index) => video(index));

/** A file of our writer that was never finished: what a crash leaves. */
function unfinished(): Buffer {
  const writer = new FlvFileWriter({ maxKeyframes: 16 });
  const head = writer.header({ encoder: 'us' });
  return Buffer.concat([
    ...head,
    ...packets.flatMap((p) => writer.item({ type: 'packet', packet: p })),
  ]);
}

/** A file of another writer, whose onMetaData has no room. */
function foreign(metadata: AmfObject | undefined = { width: 640 }): Buffer {
  const muxer = new FlvMuxer({ hasAudio: false });
  return Buffer.concat([...muxer.header(metadata), ...packets.flatMap((p) => muxer.packet(p))]);
}

function repair(file: Uint8Array, pieceLength = file.length || 1): FlvRepair {
  const repairer = new FlvRepairer();
  for (let at = 0; at < file.length; at += pieceLength) {
    repairer.push(file.subarray(at, at + pieceLength));
  }
  return repairer.finish();
}

const copied = (file: Uint8Array, { head, ranges }: FlvRepair): Buffer =>
  Buffer.concat([head, ...ranges.map(({ start, end }) => file.subarray(start, end))]);

function patched(file: Uint8Array, { inPlace }: FlvRepair): Buffer {
  const copy = Buffer.from(file.subarray(0, inPlace?.length));
  for (const { position, bytes } of inPlace?.patches ?? []) copy.set(bytes, position);
  return copy;
}

/** @throws MalformedError when it is no whole file. */
function read(file: Uint8Array): { metadata: AmfObject; indexes: number[] } {
  const demuxer = new FlvDemuxer();
  const items = demuxer.push(file);
  demuxer.end();
  const [first] = items;
  return {
    metadata: first?.type === 'metadata' ? first.value : {},
    indexes: items.flatMap((item) => (item.type === 'packet' ? [item.packet.dts / 40_000] : [])),
  };
}

const upTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index);

describe('a file that was cut off', () => {
  const file = unfinished();
  const tagsIn = (length: number): number => {
    const demuxer = new FlvDemuxer();
    return demuxer.push(file.subarray(0, Math.max(0, length - 4))).length - 1;
  };

  it('is whole up to the last whole tag, at whatever place it was cut', () => {
    const start = file.length - 700;
    for (let length = start; length <= file.length; length++) {
      const cut = file.subarray(0, length);
      const result = repair(cut);
      const tags = tagsIn(length);
      expect(result.tags).toBe(tags);
      for (const repaired of [copied(cut, result), patched(cut, result)]) {
        const { metadata, indexes } = read(repaired);
        expect(indexes).toEqual(upTo(tags));
        expect(metadata).toMatchObject({
          ...{ encoder: 'us', filesize: repaired.length, duration: (tags * 40) / 1000 },
          keyframes: { times: upTo(Math.ceil(tags / 10)).map((i) => (i * 4) / 10) },
        });
      }
      const inHead = copied(cut, result).length - result.head.length;
      expect(result.lostBytes).toBe(length - inHead - (result.ranges[0]?.start ?? 0));
    }
  });

  it('says the same whatever pieces it comes in', () => {
    const cut = file.subarray(0, -10);
    const whole = repair(cut);
    for (const pieceLength of [1, 7, 100, 1000]) expect(repair(cut, pieceLength)).toEqual(whole);
  });

  it('is not repaired in place when its metadata has no room', () => {
    const cut = foreign().subarray(0, -10);
    const result = repair(cut);
    expect(result).not.toHaveProperty('inPlace');
    const { metadata, indexes } = read(copied(cut, result));
    expect(indexes).toEqual(upTo(count - 1));
    expect(metadata).toMatchObject({ width: 640, duration: 1.96 });
  });

  it('gets metadata when it had none', () => {
    const muxer = new FlvMuxer();
    const cut = Buffer.concat([...muxer.header(), ...packets.flatMap((p) => muxer.packet(p))]);
    const { metadata, indexes } = read(copied(cut, repair(cut)));
    expect(indexes).toEqual(upTo(count));
    expect(metadata).toMatchObject({ duration: 2, videocodecid: 7 });
  });
});

describe('a file with damage in the middle', () => {
  const file = foreign();

  it.each([
    { name: 'a tag whose length is wrong', at: 1 },
    { name: 'a tag of an unknown type', at: 0 },
    { name: 'a tag with a stream id', at: 9 },
  ])('loses only $name', ({ at }) => {
    const damaged = Buffer.from(file);
    const tag = damaged.indexOf(Buffer.alloc(20, 21)) - 16;
    damaged[tag + at] = 0x55;
    const result = repair(damaged, 64);
    expect(read(copied(damaged, result)).indexes).toEqual(upTo(count).filter((i) => i !== 20));
    expect(result.ranges).toHaveLength(2);
    expect(result.lostBytes).toBe(11 + 5 + 40 + 4);
  });

  it('loses what lies in the hole, and the tags at its borders', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 600), fc.integer({ min: 5, max: 300 }), (start, length) => {
        const hole = Buffer.from(file);
        hole.fill(0xee, 300 + start, 300 + start + length);
        const { indexes } = read(copied(hole, repair(hole, 100)));
        expect(indexes.length).toBeGreaterThanOrEqual(count - 2 - Math.ceil(length / 40) - 1);
        expect([...new Set(indexes)].sort((a, b) => a - b)).toEqual(indexes);
      }),
    );
  });

  it('is read on with wrong sizes behind tags, where the next tag vouches for the one before', () => {
    const careless = Buffer.from(file);
    const demuxed = read(careless).indexes.length;
    for (let at = 13; at < careless.length;) {
      at += 11 + careless.readUIntBE(at + 1, 3);
      if (at < careless.length - 4) careless.writeUInt32BE(0, at);
      at += 4;
    }
    const { indexes } = read(copied(careless, repair(careless, 50)));
    expect(indexes).toEqual(upTo(demuxed));
  });

  it('is found behind a header that is broken', () => {
    const headless = Buffer.concat([Buffer.from('rubbish'), file.subarray(9)]);
    expect(read(copied(headless, repair(headless))).indexes).toEqual(upTo(count));
  });

  it('is found behind what seems to be a tag larger than the file', () => {
    const claim = Buffer.from('09ffffff00000000000000', 'hex');
    const damaged = Buffer.concat([file.subarray(0, 13), claim, file.subarray(13)]);
    expect(read(copied(damaged, repair(damaged, 33))).indexes).toEqual(upTo(count));
  });
});

it('makes a whole file of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (bytes, n) => {
      const result = repair(bytes, n);
      expect(() => read(copied(bytes, result))).not.toThrow();
      expect(result.lostBytes).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('reads pieces that come one after the other', async () => {
  const file = foreign();
  const result = await repairFlv([file.subarray(0, 99), file.subarray(99)]);
  expect(result).toEqual(repair(file));
});
