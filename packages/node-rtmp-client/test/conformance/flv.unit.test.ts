import { describe, expect, it } from 'vitest';
import { parseAmf0, serializeAmf0 } from '../../src/amf/amf0.js';
import type { VideoPacket } from '../../src/flv/encoded-packet.js';
import { FlvDemuxer } from '../../src/flv/flv-demuxer.js';
import { FlvFileWriter } from '../../src/flv/flv-file-writer.js';
import type { FlvItem } from '../../src/flv/flv-item.js';
import { FlvMuxer } from '../../src/flv/flv-muxer.js';
import { parseFlvVideoBody } from '../../src/flv/flv-video-body.js';
import { audioCodecId, videoCodecId } from '../../src/flv/four-cc.js';
import { hex, joined } from './raw-chunks.js';

const header = '464c5601 05 00000009 00000000';
const demux = (...pieces: readonly (string | Uint8Array)[]): FlvItem[] =>
  new FlvDemuxer().push(joined(...pieces.map((p) => (typeof p === 'string' ? hex(p) : p))));

/** A script tag around AMF. */
function script(body: Uint8Array, type = 18): Uint8Array {
  const length = body.length.toString(16).padStart(6, '0');
  const size = (body.length + 11).toString(16).padStart(8, '0');
  return joined(Uint8Array.of(type), hex(`${length} 00000000 000000`), body, hex(size));
}

const frame = (seconds: number, keyframe: boolean): VideoPacket => ({
  ...{ track: 'video', codec: 'hevc', type: 'frame', keyframe, payload: hex('00000001 26') },
  ...{ pts: seconds * 1e6, dts: seconds * 1e6 },
});

describe('the file', () => {
  it('[FLV-02, GEN-04] has reserved bits in its header, which are 0 and not looked at', () => {
    expect(new FlvMuxer().header()[0]?.subarray(0, 9)).toEqual(hex('464c5601 05 00000009'));
    const reserved = '464c5601 ff 00000009 00000000';
    expect(demux(reserved, '08 000003 000017 00 000000 af0121 0000000e')).toHaveLength(1);
  });

  it('[FLV-04, FLV-05] has a stream id of 0 in each tag, and its size behind it', () => {
    const tag = joined(...new FlvMuxer().packet(frame(0, true)));
    expect(tag.subarray(8, 11)).toEqual(hex('000000'));
    expect(Buffer.from(tag).readUInt32BE(tag.length - 4)).toBe(tag.length - 4);
    expect(new FlvMuxer().header()[0]?.subarray(9)).toEqual(hex('00000000'));
  });

  it('[FLV-07, FLV-09] takes and writes times as they are, wherever they begin', () => {
    const items = demux(header, '08 000003 0f4240 00 000000 af0121 0000000e');
    expect(items).toMatchObject([{ packet: { dts: 1_000_000_000, pts: 1_000_000_000 } }]);
    const [tag] = new FlvMuxer().packet(frame(1000, true));
    expect(tag?.subarray(4, 8)).toEqual(hex('0f4240 00'));
  });

  it('[FLV-06] has times with a sign, upper byte last, that go on past their 32 bits', () => {
    const at = (time: string): string => `08 000003 ${time} 000000 af0121 0000000e`;
    const times = (...tags: readonly string[]): (number | undefined)[] =>
      demux(header, ...tags.map(at)).map((i) => (i.type === 'packet' ? i.packet.dts / 1000 : NaN));
    expect(times('fffff6 ff', '000000 00', '030201 04')).toEqual([-10, 0, 0x04030201]);
    expect(times('ffffff 3f', 'fffffe 7f', '000005 80', '000005 c0', '000007 00')).toEqual([
      ...[0x3fffffff, 0x7ffffffe, 0x80000005, 0xc0000005, 2 ** 32 + 7],
    ]);
  });

  it('[ERTMP-07] is of version 1 also when it is enhanced', () => {
    const pieces = new FlvFileWriter().header();
    expect(pieces[0]?.[3]).toBe(1);
  });

  it.each([
    { codecId: 1, codec: 'JPEG' },
    { codecId: 2, codec: 'Sorenson H.263' },
    { codecId: 3, codec: 'Screen video' },
    { codecId: 4, codec: 'VP6' },
    { codecId: 5, codec: 'VP6 with alpha' },
    { codecId: 6, codec: 'Screen video 2' },
    { codecId: 9, codec: 'MPEG-4 part 2' },
    { codecId: 13, codec: 'video codec 13' },
  ])('[FLV-21] has video of other codecs passed on whole: $codec', ({ codecId, codec }) => {
    for (const [kind, keyframe] of [
      [0x10, true],
      [0x20, false],
      [0x30, false],
    ] as const) {
      const payload = Uint8Array.of(kind | codecId, 0, 0, 0, 0, 1, 2);
      expect(parseFlvVideoBody(7, payload)).toEqual([
        {
          type: 'opaque',
          packet: {
            ...{ track: 'video', codec, codecId, type: 'frame', keyframe },
            ...{ pts: 7000, dts: 7000, payload },
          },
        },
      ]);
    }
  });

  it('[FLV-27] has HEVC as codec 12, in tags as of AVC', () => {
    const parse = (...bytes: number[]) => parseFlvVideoBody(40, Uint8Array.from(bytes));
    const hevc = { track: 'video', codec: 'hevc', dts: 40_000 };
    expect(parse(0x1c, 0, 0, 0, 0, 1, 2)).toMatchObject([
      { packet: { ...hevc, type: 'config', pts: 40_000, payload: Uint8Array.of(1, 2) } },
    ]);
    expect(parse(0x1c, 1, 0, 0, 80, 3)).toMatchObject([
      { packet: { ...hevc, type: 'frame', keyframe: true, pts: 120_000 } },
    ]);
    expect(parse(0x2c, 1, 0xff, 0xff, 0xff, 3)).toMatchObject([
      { packet: { ...hevc, keyframe: false, pts: 39_000 } },
    ]);
    expect(parse(0x0c, 1, 0, 0, 0, 0, 0, 0, 2, 0x26, 1)).toMatchObject([
      { packet: { ...hevc, keyframe: true } },
    ]);
    expect(parse(0x1c, 2, 0, 0, 0)).toMatchObject([{ type: 'sequence-end', codec: 'hevc' }]);
    // Passed on in the form that Enhanced RTMP has for it.
    const [item] = parse(0x1c, 1, 0, 0, 0, 3);
    const written = item?.type === 'packet' ? new FlvMuxer().packet(item.packet) : [];
    expect(joined(...written).subarray(11, 17)).toEqual(hex('93 68766331 03'));
  });
});

describe('script data', () => {
  it('[FLV-22, ERTMP-04] is a string and an ECMA array', () => {
    const [tag] = new FlvMuxer().metadata({ width: 1280 });
    expect(tag).toEqual(
      hex(`12 000025 00000000 000000 02 000a 6f6e4d65746144617461
        08 00000001 0005 7769647468 00 4094000000000000 000009`),
    );
  });

  it('[ERTMP-04] is taken with an object as well', () => {
    const value = serializeAmf0(['onMetaData', { width: 1280 }]);
    expect(demux(header, script(value))).toEqual([{ type: 'metadata', value: { width: 1280 } }]);
  });

  it('[ERTMP-58, ERTMP-57] may be of type 15, behind a format selector of 0, with AMF3 in it', () => {
    const name = serializeAmf0(['onMetaData']);
    const width = hex('11 0a 0b 01 0b 7769647468 04 8a00 01');
    expect(demux(header, script(joined(hex('00'), name, width), 15))).toEqual([
      { type: 'metadata', value: { width: 1280 } },
    ]);
    expect(demux(header, script(joined(hex('01'), name, width), 15))).toEqual([]);
  });

  it('[FLV-26] of other names, such as onXMPData, is passed over', () => {
    const value = serializeAmf0(['onXMPData', { liveXML: '<x/>' }]);
    expect(demux(header, script(value))).toEqual([]);
  });

  it('[ERTMP-06] of several tracks comes through whole', () => {
    const value = {
      videoTrackIdInfoMap: { 1: { width: 1024, videocodecid: 0x61763031 } },
      audioTrackIdInfoMap: { 1: { channels: 2, samplerate: 44100 } },
    };
    expect(demux(header, ...new FlvMuxer().metadata(value))).toEqual([{ type: 'metadata', value }]);
  });

  it('[ERTMP-05, ERTMP-01] numbers codecs by their FourCC where FLV has no number', () => {
    expect(videoCodecId('av1')).toBe(1_635_135_537);
    expect(audioCodecId('opus')).toBe(1_332_770_163);
    expect([videoCodecId('h264'), audioCodecId('aac'), audioCodecId('mp3')]).toEqual([7, 10, 2]);
  });
});

describe('a file that was closed', () => {
  const writer = new FlvFileWriter();
  const pieces = [...writer.header({ encoder: 'x' })];
  const places: number[] = [];
  for (let i = 0; i < 50; i++) {
    if (i % 25 === 0) places.push(writer.length);
    pieces.push(...writer.item({ type: 'packet', packet: frame(i / 25, i % 25 === 0) }));
  }
  pieces.push(
    ...writer.item({ type: 'packet', packet: { ...frame(1.96, false), codec: 'av1', trackId: 1 } }),
  );
  const file = joined(...pieces);
  for (const { position, bytes } of writer.finish()) file.set(bytes, position);
  const [item] = new FlvDemuxer().push(file);
  const metadata = item?.type === 'metadata' ? item.value : {};

  it('[FLV-23, ERTMP-05] knows how long it is, its size and its codec', () => {
    expect(metadata).toMatchObject({
      filesize: file.length,
      videocodecid: 0x68766331,
      encoder: 'x',
    });
    expect(metadata['duration']).toBeCloseTo(2, 3);
  });

  it('[FLV-24] lists where its keyframes are', () => {
    expect(metadata['keyframes']).toEqual({ times: [0, 1], filepositions: places });
    for (const place of places) expect(file[place]).toBe(9);
  });

  it('[ERTMP-06] tells of its further tracks', () => {
    expect(metadata['videoTrackIdInfoMap']).toMatchObject({ 1: { videocodecid: 0x61763031 } });
  });

  it('[FLV-02] promises the tracks that it has', () => expect(file[4]).toBe(1));

  it('[FLV-22] is still one string and one array', () => {
    const length = Buffer.from(file).readUIntBE(14, 3);
    expect(parseAmf0(file.subarray(24, 24 + length))).toHaveLength(2);
  });
});
