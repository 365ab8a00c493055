import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../src/bytes/malformed-error.js';
import type { AudioCodec, AudioPacket } from '../../src/flv/encoded-packet.js';
import { parseFlvAudioBody, serializeFlvAudioBodyHeader } from '../../src/flv/flv-audio-body.js';
import { serializeFlvItemBody, type SignalItem } from '../../src/flv/flv-item-body.js';
import type { ChannelLayout, FlvItem } from '../../src/flv/flv-item.js';
import { hex } from './raw-chunks.js';

// Bodies written from the pseudocode of Enhanced RTMP v2, "Enhanced Audio"; the tag's timestamp is 1000 ms.
const parse = (body: string): FlvItem[] => parseFlvAudioBody(1000, hex(body));

const packet = (over: Partial<AudioPacket> = {}): AudioPacket => ({
  ...{ track: 'audio', codec: 'opus', type: 'frame', keyframe: true, payload: hex('0102') },
  ...{ dts: 1_000_000, pts: 1_000_000 },
  ...over,
});

const item = (over: Partial<AudioPacket> = {}): FlvItem[] => [
  { type: 'packet', packet: packet(over) },
];

const written = (over: Partial<AudioPacket>): string =>
  Buffer.from(serializeFlvAudioBodyHeader(packet(over))).toString('hex');

const codecs: readonly { codec: AudioCodec; name: string; fourCc: string; legacy?: string }[] = [
  { codec: 'ac3', name: 'ac-3', fourCc: '61632d33' },
  { codec: 'eac3', name: 'ec-3', fourCc: '65632d33' },
  { codec: 'opus', name: 'Opus', fourCc: '4f707573' },
  { codec: 'flac', name: 'fLaC', fourCc: '664c6143' },
  { codec: 'mp3', name: '.mp3', fourCc: '2e6d7033', legacy: '2f' },
  { codec: 'aac', name: 'mp4a', fourCc: '6d703461', legacy: 'af01' },
];

describe.each(codecs)('[ERTMP-25] $name', ({ codec, fourCc, legacy }) => {
  it('[ERTMP-01, ERTMP-24, ERTMP-29] has coded frames, with or without a configuration before', () => {
    expect(parse(`91 ${fourCc} 0102`)).toEqual(item({ codec }));
    expect(written({ codec })).toBe(legacy ?? `91${fourCc}`);
  });

  it('[ERTMP-24] starts with a configuration', () => {
    expect(parse(`90 ${fourCc} 0102`)).toEqual(item({ codec, type: 'config' }));
  });

  it('[ERTMP-31] ends its sequence', () => {
    const end = {
      type: 'sequence-end',
      track: 'audio',
      codec,
      trackId: 0,
      timestamp: 1_000_000,
    } as const;
    expect(parse(`92 ${fourCc}`)).toEqual([end]);
    const body = serializeFlvItemBody(end);
    // The legacy form has no such mark.
    if (codec === 'aac' || codec === 'mp3') expect(body).toBeUndefined();
    else expect(body && Buffer.from(body).toString('hex')).toBe(`92${fourCc}`);
  });
});

describe('enhanced audio', () => {
  it.each<{ codec: AudioCodec; fourCc: string; config: string }>([
    { codec: 'aac', fourCc: '6d703461', config: '1190' },
    { codec: 'flac', fourCc: '664c6143', config: `664c6143 80000022 ${'00'.repeat(34)}` },
    { codec: 'opus', fourCc: '4f707573', config: '4f70757348656164 01 02 3801 80bb0000 0000 00' },
    { codec: 'opus', fourCc: '4f707573', config: '' },
  ])(
    '[ERTMP-26, ERTMP-27, ERTMP-28] passes on what $codec starts with as it is: $config',
    ({ codec, fourCc, config }) => {
      expect(parse(`90 ${fourCc} ${config}`)).toEqual(
        item({ codec, type: 'config', payload: hex(config) }),
      );
      const start = codec === 'aac' ? 'af00' : `90${fourCc}`;
      expect(written({ codec, type: 'config' })).toBe(start);
    },
  );

  it.each<{ layout: ChannelLayout; body: string }>([
    { layout: { type: 'unspecified', channels: 6 }, body: '00 06' },
    { layout: { type: 'native', channels: 6, mask: 0x60f }, body: '01 06 0000060f' },
    { layout: { type: 'custom', speakers: [0, 1, 254, 255] }, body: '02 04 0001feff' },
  ])('[ERTMP-30] says which channel is where: $layout.type', ({ layout, body }) => {
    const expected: SignalItem = {
      type: 'channel-layout',
      codec: 'opus',
      trackId: 0,
      timestamp: 1_000_000,
      layout,
    };
    expect(parse(`94 4f707573 ${body}`)).toEqual([expected]);
    const bytes = Buffer.from(serializeFlvItemBody(expected) ?? []).toString('hex');
    expect(bytes).toBe(`944f707573${body}`.replace(/\s/g, ''));
  });

  it.each([
    { name: 'packet type 3', body: '93 4f707573 0102' },
    { name: 'packet type 6', body: '96 4f707573 0102' },
    { name: 'packet type 15', body: '9f 4f707573 0102' },
    { name: 'a channel order of 3', body: '94 4f707573 03 02' },
    { name: 'a multitrack type of 15', body: '95 f1 4f707573 00 0102' },
  ])('[ERTMP-02] passes over what it does not know: $name', ({ body }) => {
    expect(parse(body)).toEqual([]);
  });

  it('[ERTMP-02] passes on whole what it does not know', () => {
    const opaque = { track: 'audio', codec: 'xxxx', codecId: 0x78787878 };
    for (const [body, type] of [
      ['91 78787878 0102', 'frame'],
      ['90 78787878 0102', 'config'],
    ] as const) {
      const packet = { ...opaque, type, payload: hex(body) };
      expect(parse(body)).toMatchObject([{ type: 'opaque', packet }]);
    }
  });

  it.each(['90', '90 4f70', '94 4f707573 01 06 00', '94 4f707573 02 04 00', '95', '97'])(
    '[GEN-03] refuses %s, which is cut short',
    (body) => expect(() => parse(body)).toThrow(MalformedError),
  );

  it('[MSG-20, ERTMP-31] takes an empty body for silence, not for an error', () => {
    expect(parse('')).toEqual([]);
  });
});

describe('audio as it was', () => {
  it('[FLV-11, FLV-13] is AAC, a configuration or a frame', () => {
    expect(parse('af 00 1190')).toEqual(
      item({ codec: 'aac', type: 'config', payload: hex('1190') }),
    );
    expect(parse('af 01 0102')).toEqual(item({ codec: 'aac' }));
    expect(parse('af 02 0102')).toEqual([]);
  });

  it('[FLV-12] is AAC whatever else the first byte says, and is written as 44 kHz and stereo', () => {
    for (const first of ['a0', 'aa', 'ae'])
      expect(parse(`${first} 01 0102`)).toEqual(item({ codec: 'aac' }));
    expect(written({ codec: 'aac' })).toBe('af01');
  });

  it.each([
    { frame: 'fffb9064', header: '2f', what: '44.1 kHz, joint stereo' },
    { frame: 'fffb90c4', header: '2e', what: '44.1 kHz, mono' },
    { frame: 'fff380c4', header: '2a', what: '22.05 kHz, mono' },
    { frame: 'ffe38064', header: '27', what: '11.025 kHz, stereo' },
  ])('[FLV-14] is MP3, told by its own header: $what', ({ frame, header }) => {
    expect(parse(`${header} ${frame}`)).toEqual(item({ codec: 'mp3', payload: hex(frame) }));
    expect(written({ codec: 'mp3', payload: hex(frame) })).toBe(header);
  });

  it.each([
    { first: '00', codec: "PCM of the machine's byte order" },
    { first: '10', codec: 'ADPCM' },
    { first: '3f', codec: 'PCM' },
    { first: '42', codec: 'Nellymoser 16 kHz' },
    { first: '52', codec: 'Nellymoser 8 kHz' },
    { first: '6f', codec: 'Nellymoser' },
    { first: '72', codec: 'G.711 A-law' },
    { first: '82', codec: 'G.711 µ-law' },
    { first: 'b2', codec: 'Speex' },
    { first: 'cf', codec: 'audio codec 12' },
    { first: 'df', codec: 'audio codec 13' },
    { first: 'ff', codec: 'device-specific sound' },
  ])('[FLV-15] of any other format is passed on whole: $codec', ({ first, codec }) => {
    const body = `${first} 0102`;
    const packet = { track: 'audio', codec, codecId: parseInt(first, 16) >> 4, type: 'frame' };
    const [read, ...others] = parse(body);
    expect(read).toMatchObject({ type: 'opaque', packet: { ...packet, payload: hex(body) } });
    expect(others).toEqual([]);
    expect(parse(first)).toEqual([]);
  });
});
