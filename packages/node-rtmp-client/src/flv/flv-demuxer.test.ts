import { describe, expect, it } from 'vitest';
import { MalformedError } from '../bytes/malformed-error.js';
import { FlvDemuxer } from './flv-demuxer.js';
import type { FlvItem } from './flv-item.js';
import { FlvMuxer } from './flv-muxer.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// The beginning of what ffmpeg 5.1 wrote for
// `-f lavfi -i color=c=red:s=64x48:r=25 -f lavfi -i sine=1000:r=48000 -c:v libx264 -bf 2 -c:a aac -b:a 32k -ac 1`.
const file = bytes(
  [
    '464c56010500000009000000001200010c0000000000000002000a6f6e4d65746144617461080000000c00086475',
    '726174696f6e003fd1eb851eb851ec00057769647468004050000000000000000668656967687400404800000000',
    '0000000d766964656f646174617261746500000000000000000000096672616d6572617465004039000000000000',
    '000c766964656f636f646563696400401c000000000000000d617564696f646174617261746500403f4000000000',
    '00000f617564696f73616d706c65726174650040e7700000000000000f617564696f73616d706c6573697a650040',
    '30000000000000000673746572656f0100000c617564696f636f6465636964004024000000000000000866696c65',
    '73697a6500409c1c000000000000000900000117090000320000000000000017000000000164000affe100186764',
    '000aacd9447b011000000300100000030320f122596001000668ebe3cb22c0fdf8f8000000003d08000007000000',
    '00000000af00118856e500000000120900002c000000000000001701000050000000236588840033fffedf32f814',
    'cdc589cecc805c9e94c25c763716bf83028621f03eb7ab8100000037090000120000280000000027010000a00000',
    '0009419a236c42fffe8dc30000001d0800008300003b00000000af01012e51a956181a274d61d2104f6ff5752ab9',
    '71c32492487c45a7ffadc93ffc04f4ecf4eff5bfca10210268cb252c9ab6915543497fa3de4e3f0dee2955b4a6b4',
    'c948940c0c0c0c0c0c0c0c0c0c0c881818d9b366c1912296596596ed816740bb5f6740bb5f6740b35f673ec57d9c',
    'ea95d6736a5758cda95b533628a28a28a28b800000008e0900001100005000000000270100002800000008419e41',
    '78857f14b10000001c',
  ].join(''),
);

/** Offsets in the file after which it may end. */
function tagEnds(): number[] {
  const ends = [];
  for (let at = 13; at < file.length;) {
    const [high = 0, middle = 0, low = 0] = file.subarray(at + 1, at + 4);
    at += 11 + high * 65536 + middle * 256 + low + 4;
    ends.push(at);
  }
  return ends;
}

const demux = (pieces: Uint8Array[]): FlvItem[] => {
  const demuxer = new FlvDemuxer();
  const items = pieces.flatMap((piece) => demuxer.push(piece));
  demuxer.end();
  return items;
};

describe('FlvDemuxer', () => {
  it('[FLV-01, FLV-02, FLV-05] reads what ffmpeg wrote', () => {
    const [metadata, ...rest] = demux([file]);
    expect(metadata).toMatchObject({
      type: 'metadata',
      value: { width: 64, height: 48, framerate: 25, videocodecid: 7, stereo: false },
    });
    const summary = rest.map((item) =>
      item.type === 'packet'
        ? [
            item.packet.track,
            item.packet.type,
            item.packet.keyframe,
            item.packet.dts,
            item.packet.pts,
            item.packet.payload.length,
          ]
        : item,
    );
    // Times and sizes as \`ffprobe -show_packets\` tells them.
    expect(summary).toEqual([
      ['video', 'config', true, 0, 0, 45],
      ['audio', 'config', true, 0, 0, 5],
      ['video', 'frame', true, 0, 80_000, 39],
      ['video', 'frame', false, 40_000, 200_000, 13],
      ['audio', 'frame', true, 59_000, 59_000, 129],
      ['video', 'frame', false, 80_000, 120_000, 12],
    ]);
  });

  it('reads the same whatever the cut', () => {
    const whole = demux([file]);
    for (let cut = 0; cut <= file.length; cut++) {
      expect(demux([file.subarray(0, cut), file.subarray(cut)])).toEqual(whole);
    }
    expect(demux([...file].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('knows whether the file ended within a tag', () => {
    const complete = new Set(tagEnds().flatMap((end) => [end, end - 1, end - 2, end - 3, end - 4]));
    // The header alone, with or without the size that follows it, is a whole file without tags.
    for (let length = 9; length <= 13; length++) complete.add(length);
    for (let length = 0; length <= file.length; length++) {
      const demuxer = new FlvDemuxer();
      demuxer.push(file.subarray(0, length));
      const end = (): void => demuxer.end();
      if (complete.has(length)) expect(end, `cut at ${length}`).not.toThrow();
      else expect(end, `cut at ${length}`).toThrow(MalformedError);
    }
  });

  it('hands out views of what was pushed', () => {
    for (const item of demux([file])) {
      if (item.type === 'packet') expect(item.packet.payload.buffer).toBe(file.buffer);
    }
  });

  it('[FLV-03, FLV-08, FLV-10] passes over a longer header and tags that it does not know', () => {
    const header = bytes('464c5601050000000c' + 'ffffff' + '00000000');
    const encrypted = bytes('2900000200000000000000' + 'affe' + '0000000d');
    const empty = bytes('0900000000000000000000' + '0000000b');
    const aac = bytes('0800000300001700000000' + 'af0121' + '0000000e');
    const items = demux([header, encrypted, empty, aac]);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ packet: { dts: 23_000, payload: Uint8Array.of(0x21) } });
  });

  it('[FLV-06, FLV-18] reads the extended timestamp and a negative composition time', () => {
    // FLV 10.1 §E.4.1: the extension byte comes last and is the most significant.
    const tag = bytes('09000006fffffe7f000000' + '2701fffff6aa' + '00000011');
    const [item] = demux([file.subarray(0, 13), tag]);
    const dts = 0x7ffffffe * 1000;
    expect(item).toMatchObject({ packet: { dts, pts: dts - 10_000 } });
  });

  it('[FLV-02] refuses what is no FLV, and tags and headers above the limit', () => {
    const push = (hex: string) => () => new FlvDemuxer({ maxTagBytes: 100 }).push(bytes(hex));
    expect(push('474c56010500000009')).toThrow(MalformedError);
    expect(push('464c56010500000008')).toThrow(MalformedError);
    expect(push('464c560105ffffffff')).toThrow(MalformedError);
    const header = '464c5601050000000900000000';
    expect(push(header + '0900006500000000000000')).toThrow(MalformedError);
    expect(push(header + '0900006400000000000000')).not.toThrow();
  });

  it('gives out what came before a fault, wherever the bytes were cut', () => {
    const faulty = Uint8Array.from([...file, ...bytes('09000001000000000000000000')]);
    faulty.set([0xff, 0xff, 0xff], file.length + 1);
    const whole = demux([file]);
    for (let cut = 0; cut <= faulty.length; cut++) {
      const demuxer = new FlvDemuxer({ maxTagBytes: 100_000 });
      const items: FlvItem[] = [];
      const read = (): void => {
        for (const piece of [faulty.subarray(0, cut), faulty.subarray(cut)]) {
          items.push(...demuxer.push(piece));
        }
        demuxer.end();
      };
      expect(read, `cut at ${cut}`).toThrow('An FLV tag of');
      expect(items).toEqual(whole);
    }
  });

  it('survives any damage of one byte: it yields items or says that the file is malformed', () => {
    for (let at = 0; at < file.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = file.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        try {
          demux([damaged]);
        } catch (error) {
          expect(error, `byte ${at}`).toBeInstanceOf(MalformedError);
        }
      }
    }
  });
});

describe('FlvMuxer', () => {
  it('writes what the demuxer reads', () => {
    const items = demux([file]);
    const muxer = new FlvMuxer();
    const pieces = items.flatMap((item) =>
      item.type === 'metadata' ? muxer.header(item.value) : muxer.item(item),
    );
    expect(demux(pieces)).toEqual(items);
  });

  it('[FLV-04, FLV-05, FLV-12, FLV-13, FLV-16, FLV-17, FLV-18] writes the tags byte for byte as ffmpeg does', () => {
    const items = demux([file]);
    const muxer = new FlvMuxer();
    const packets = items.flatMap((item) =>
      item.type === 'packet' ? muxer.packet(item.packet) : [],
    );
    // ffmpeg says mono in the sound format of AAC, where FLV 10.1 §E.4.2.1 says that stereo is always set.
    const written = Buffer.concat(packets).toString('hex').replaceAll('af0', 'ae0');
    const metadataEnd = tagEnds()[0] ?? 0;
    const expected = Buffer.from(file.subarray(metadataEnd))
      .toString('hex')
      .replaceAll('af0', 'ae0');
    expect(written).toBe(expected);
  });

  it('does not copy payloads', () => {
    const payload = new Uint8Array(1000);
    const packet = {
      track: 'audio',
      codec: 'aac',
      type: 'frame',
      keyframe: true,
      pts: 0,
      dts: 0,
      payload,
    } as const;
    expect(new FlvMuxer().packet(packet)).toContain(payload);
  });

  it('[FLV-02] promises only the tracks there are', () => {
    const flags = (options: ConstructorParameters<typeof FlvMuxer>[0]) =>
      new FlvMuxer(options).header()[0]?.[4];
    expect(flags({})).toBe(5);
    expect(flags({ hasAudio: false })).toBe(1);
    expect(flags({ hasVideo: false })).toBe(4);
  });

  it('[FLV-06] writes timestamps above 24 bits, and those above 32 bits wrapped', () => {
    const muxer = new FlvMuxer();
    const tag = (ms: number): string | undefined => {
      const time = { pts: ms * 1000, dts: ms * 1000 };
      const payload = Uint8Array.of(0);
      const [header] = muxer.packet({
        track: 'audio',
        codec: 'aac',
        type: 'frame',
        keyframe: true,
        ...time,
        payload,
      });
      return header && Buffer.from(header.subarray(4, 8)).toString('hex');
    };
    expect(tag(0x01020304)).toBe('02030401');
    expect(tag(0xfffffffe)).toBe('fffffeff');
    expect(tag(0x1_0000_0005)).toBe('00000500');
  });

  it('refuses what does not fit a tag', () => {
    const video = { track: 'video', codec: 'h264', type: 'frame', keyframe: true, dts: 0 } as const;
    const muxer = new FlvMuxer();
    expect(() => muxer.packet({ ...video, pts: 0, payload: new Uint8Array(0x1000000) })).toThrow(
      MalformedError,
    );
    expect(() =>
      muxer.packet({ ...video, pts: 8_388_608_000, payload: new Uint8Array(1) }),
    ).toThrow(MalformedError);
  });
});
