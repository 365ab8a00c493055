import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../src/bytes/malformed-error.js';
import type { VideoCodec, VideoPacket } from '../../src/flv/encoded-packet.js';
import { serializeFlvItemBody } from '../../src/flv/flv-item-body.js';
import type { ColorInfoItem, FlvItem } from '../../src/flv/flv-item.js';
import { parseFlvVideoBody, serializeFlvVideoBodyHeader } from '../../src/flv/flv-video-body.js';
import { hex } from './raw-chunks.js';

// Bodies written from the pseudocode of Enhanced RTMP v2, "Enhanced Video"; the tag's timestamp is 1000 ms.
const parse = (body: string): FlvItem[] => parseFlvVideoBody(1000, hex(body));

const packet = (over: Partial<VideoPacket> = {}): VideoPacket => ({
  ...{ track: 'video', codec: 'hevc', type: 'frame', keyframe: true, payload: hex('0102') },
  ...{ dts: 1_000_000, pts: 1_000_000 },
  ...over,
});

const item = (over: Partial<VideoPacket> = {}): FlvItem[] => [
  { type: 'packet', packet: packet(over) },
];

const written = (over: Partial<VideoPacket>): string =>
  Buffer.from(serializeFlvVideoBodyHeader(packet(over))).toString('hex');

const codecs: readonly { codec: VideoCodec; name: string; fourCc: string; composed: boolean }[] = [
  { codec: 'h264', name: 'avc1', fourCc: '61766331', composed: true },
  { codec: 'hevc', name: 'hvc1', fourCc: '68766331', composed: true },
  { codec: 'av1', name: 'av01', fourCc: '61763031', composed: false },
  { codec: 'vp8', name: 'vp08', fourCc: '76703038', composed: false },
  { codec: 'vp9', name: 'vp09', fourCc: '76703039', composed: false },
];

describe.each(codecs)('[ERTMP-34] $name', ({ codec, fourCc, composed }) => {
  const config = { codec, type: 'config' } as const;

  it('[ERTMP-01, ERTMP-32, ERTMP-37] starts with its configuration', () => {
    expect(parse(`90 ${fourCc} 0102`)).toEqual(item(config));
    // H.264 is written as ever, so that old receivers understand it.
    if (codec !== 'h264') expect(written(config)).toBe(`90${fourCc}`);
  });

  it('[ERTMP-37] does not start with a configuration that is empty', () => {
    for (const body of [`90 ${fourCc}`, `80 ${fourCc}`, `96 00 ${fourCc} 05`]) {
      expect(parse(body)).toEqual([]);
    }
  });

  it('[ERTMP-35] has frames with a composition time, or without', () => {
    const delay = composed ? '00002a' : '';
    const pts = composed ? 1_042_000 : 1_000_000;
    expect(parse(`91 ${fourCc} ${delay} 0102`)).toEqual(item({ codec, pts }));
    expect(parse(`a1 ${fourCc} ${delay} 0102`)).toEqual(item({ codec, pts, keyframe: false }));
    if (codec === 'h264') return;
    expect(written({ codec, pts })).toBe(`91${fourCc}${delay}`);
    expect(written({ codec, pts, keyframe: false })).toBe(`a1${fourCc}${delay}`);
  });

  it('[ERTMP-36] has frames of which it is said to be 0', () => {
    expect(parse(`93 ${fourCc} 0102`)).toEqual(item({ codec }));
    if (composed && codec !== 'h264') expect(written({ codec })).toBe(`93${fourCc}`);
  });

  it('[ERTMP-32] ends its sequence', () => {
    expect(parse(`92 ${fourCc}`)).toEqual([
      { type: 'sequence-end', track: 'video', codec, trackId: 0, timestamp: 1_000_000 },
    ]);
  });
});

describe('enhanced video', () => {
  it('[ERTMP-35] has a composition time with a sign', () => {
    expect(parse('a1 68766331 fffff6 0102')).toEqual(item({ keyframe: false, pts: 990_000 }));
    expect(written({ keyframe: false, pts: 990_000 })).toBe('a168766331fffff6');
  });

  it('[ERTMP-33, FLV-17] without its bit is H.264 as it was, and so it is written', () => {
    expect(parse('17 01 00002a 0102')).toEqual(item({ codec: 'h264', pts: 1_042_000 }));
    expect(written({ codec: 'h264', pts: 1_042_000 })).toBe('170100002a');
    expect(written({ codec: 'h264', type: 'config' })).toBe('1700000000');
  });

  it.each([
    { name: 'packet type 8', body: '98 68766331 0102' },
    { name: 'packet type 15', body: '9f 68766331 0102' },
    { name: 'a multitrack type of 3', body: '96 31 68766331 00 0102' },
  ])('[ERTMP-02] passes over what it does not know: $name', ({ body }) => {
    expect(parse(body)).toEqual([]);
  });

  it.each([
    { body: '91 76766331 000000 0102', codec: 'vvc1', type: 'frame', keyframe: true },
    { body: 'a1 76766331 000000 0102', codec: 'vvc1', type: 'frame', keyframe: false },
    { body: '81 76766331 000000 0102', codec: 'vvc1', type: 'frame', keyframe: true },
    { body: '90 76766331 0102', codec: 'vvc1', type: 'config', keyframe: true },
    { body: '91 78780078 0102', codec: 'codec 0x78780078', type: 'frame', keyframe: true },
  ])('[ERTMP-02, ERTMP-34] passes on whole what it does not know: $body', ({ body, ...what }) => {
    const times = { pts: 1_000_000, dts: 1_000_000 };
    expect(parse(body)).toMatchObject([
      { type: 'opaque', packet: { track: 'video', ...what, ...times, payload: hex(body) } },
    ]);
  });

  it('[ERTMP-38] passes over what begins MPEG-2 TS', () => {
    expect(parse('95 61763031 0102')).toEqual([]);
  });

  it.each(['90', '90 6876', '91 68766331', '91 68766331 00', '96', '96 01 68766331', '97 02'])(
    '[GEN-03] refuses %s, which is cut short',
    (body) => expect(() => parse(body)).toThrow(MalformedError),
  );

  it.each([
    { body: 'd1 00', command: 'start-seek' },
    { body: 'd1 01', command: 'end-seek' },
    { body: '57 00', command: 'start-seek' },
    { body: '52 01', command: 'end-seek' },
  ])('[ERTMP-39, FLV-20] has commands without pictures: $body', ({ body, command }) => {
    expect(parse(body)).toEqual([{ type: 'video-command', command, timestamp: 1_000_000 }]);
  });

  it('[FLV-16] takes a generated key frame for a key frame, and a disposable one for none', () => {
    expect(parse('c3 68766331 0102')).toEqual(item());
    expect(parse('47 01 000000 0102')).toEqual(item({ codec: 'h264' }));
    expect(parse('b3 68766331 0102')).toEqual(item({ keyframe: false }));
  });
});

describe('video metadata', () => {
  const name = '02 0009 636f6c6f72496e666f';
  const info = '03 000b 636f6c6f72436f6e666967 03 0008 6269744465707468 00 4024000000000000';
  const colorInfo = (value: ColorInfoItem['value'], trackId = 0): ColorInfoItem => ({
    ...{ type: 'color-info', codec: 'hevc', trackId, timestamp: 1_000_000 },
    value,
  });
  const tenBits = colorInfo({ colorConfig: { bitDepth: 10 } });

  it('[ERTMP-40, ERTMP-42] is a name and a value, whatever the frame type', () => {
    for (const first of ['94', 'a4', 'd4', '84']) {
      const body = `${first} 68766331 ${name} ${info} 000009 000009`;
      expect(parse(body)).toEqual([tenBits]);
    }
    expect(parse(Buffer.from(serializeFlvItemBody(tenBits) ?? []).toString('hex'))).toEqual([
      tenBits,
    ]);
  });

  it('[ERTMP-40] has other pairs beside it some day', () => {
    const other = '02 0001 78 00 0000000000000000';
    expect(parse(`94 68766331 ${other} ${name} ${info} 000009 000009`)).toEqual([tenBits]);
    expect(parse(`94 68766331 ${other}`)).toEqual([]);
  });

  it('[ERTMP-41] is taken back by undefined or an empty object, and written as undefined', () => {
    for (const empty of ['06', '03 000009', '08 00000000 000009']) {
      expect(parse(`94 68766331 ${name} ${empty}`)).toEqual([colorInfo({})]);
    }
    const written = Buffer.from(serializeFlvItemBody(colorInfo({})) ?? []).toString('hex');
    expect(written.slice(2)).toBe(`68766331${name}06`.replace(/\s/g, ''));
  });

  it('[ERTMP-40, ERTMP-48] is of any track', () => {
    const ofTrack = colorInfo({ colorConfig: { bitDepth: 10 } }, 3);
    const body = Buffer.from(serializeFlvItemBody(ofTrack) ?? []).toString('hex');
    expect(parse(body)).toEqual([ofTrack]);
    // A command frame that is no metadata by its first byte has no body.
    expect(body.slice(0, 2)).toBe('96');
  });

  it('[ERTMP-02] that cannot be read harms nothing', () => {
    expect(parse(`94 68766331 ${name} ff`)).toEqual([]);
  });
});
