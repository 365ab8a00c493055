import { describe, expect, it } from 'vitest';
import { hex } from '../../test/fixtures/hex.js';
import { LiveStream } from '../live/live-stream.js';
import { StreamItemReader } from '../session/stream-items.js';
import type { VideoCodec } from './encoded-packet.js';
import type { FlvItem } from './flv-item.js';
import { parseFlvVideoBody } from './flv-video-body.js';

interface Frame {
  readonly codec: VideoCodec;
  readonly name: string;
  readonly bytes: string;
  readonly isKey: boolean;
}

const unit = (bytes: string): string =>
  `000000${(bytes.length / 2).toString(16).padStart(2, '0')}${bytes}`;
const sequenceHeader = '0a0b00000024c4ffdf3f3ef9f3';

const frames: readonly Frame[] = [
  { codec: 'h264', name: 'IDR', bytes: unit('65888403'), isKey: true },
  {
    codec: 'h264',
    name: 'IDR behind SEI and SPS',
    bytes: unit('0605ff') + unit('6742c0') + unit('6588'),
    isKey: true,
  },
  { codec: 'h264', name: 'other slices', bytes: unit('0930') + unit('419a21'), isKey: false },
  {
    codec: 'h264',
    name: 'IDR behind lengths of two bytes',
    bytes: '00020930000365888400020c00',
    isKey: true,
  },
  {
    codec: 'h264',
    name: 'other slices behind lengths of one byte',
    bytes: '02093003419a21',
    isKey: false,
  },
  { codec: 'h264', name: 'IDR behind start codes', bytes: '000000010930000001658884', isKey: true },
  { codec: 'h264', name: 'IDR that is cut off', bytes: '0000ffff6588', isKey: false },
  { codec: 'hevc', name: 'IDR_W_RADL', bytes: unit('2601af06'), isKey: true },
  {
    codec: 'hevc',
    name: 'IDR_N_LP behind VPS, SPS, PPS',
    bytes: unit('40010c') + unit('420101') + unit('4401c1') + unit('2801af'),
    isKey: true,
  },
  { codec: 'hevc', name: 'CRA', bytes: unit('2a01af'), isKey: true },
  { codec: 'hevc', name: 'BLA', bytes: unit('2001af'), isKey: true },
  {
    codec: 'hevc',
    name: 'TRAIL_R behind an access unit delimiter',
    bytes: unit('460150') + unit('0201d0'),
    isKey: false,
  },
  { codec: 'hevc', name: 'RASL_N', bytes: unit('1001d0'), isKey: false },
  {
    codec: 'av1',
    name: 'key frame behind a sequence header',
    bytes: `1200${sequenceHeader}3203100000`,
    isKey: true,
  },
  { codec: 'av1', name: 'key frame without one', bytes: '3203100000', isKey: true },
  {
    codec: 'av1',
    name: 'key frame in a frame header of its own',
    bytes: '12001a0210002203000000',
    isKey: true,
  },
  { codec: 'av1', name: 'key frame of the base layer', bytes: '360003100000', isKey: true },
  { codec: 'av1', name: 'inter frame', bytes: '12003203300000', isKey: false },
  {
    codec: 'av1',
    name: 'inter frame behind a repeated sequence header',
    bytes: `1200${sequenceHeader}3203300000`,
    isKey: false,
  },
  { codec: 'av1', name: 'intra-only frame', bytes: '12003203500000', isKey: false },
  { codec: 'av1', name: 'frame shown again', bytes: '12001a0188', isKey: false },
  { codec: 'av1', name: 'unit that is cut off', bytes: '12003220', isKey: false },
  { codec: 'vp9', name: 'key frame', bytes: '8249834200', isKey: true },
  { codec: 'vp9', name: 'inter frame', bytes: '8600409262', isKey: false },
  { codec: 'vp9', name: 'key frame of profile 3', bytes: 'b124983420', isKey: true },
  { codec: 'vp9', name: 'frame shown again', bytes: '88', isKey: false },
  { codec: 'vp8', name: 'key frame', bytes: '5028009d012a', isKey: true },
  { codec: 'vp8', name: 'inter frame', bytes: 'b1a100', isKey: false },
];

const fourCc: Record<VideoCodec, string> = {
  ...{ h264: '61766331', hevc: '68766331', av1: '61763031', vp8: '76703038', vp9: '76703039' },
};
const keysOf = (items: readonly FlvItem[]): (boolean | undefined)[] =>
  items.map((item) => (item.type === 'packet' ? item.packet.keyframe : undefined));

describe.each(frames)('[ERTMP-32] $codec, $name, is a keyframe: $isKey', (frame) => {
  const { codec, bytes, isKey } = frame;
  const parse = (body: string): (boolean | undefined)[] => keysOf(parseFlvVideoBody(0, hex(body)));

  // The three bits of the frame type: 0, and those that no version of the specification uses.
  it.each(['8', 'e', 'f'])('where the frame type is %s', (kind) => {
    expect(parse(`${kind}3 ${fourCc[codec]} ${bytes}`)).toEqual([isKey]);
    const composition = codec === 'h264' || codec === 'hevc' ? '000000' : '';
    expect(parse(`${kind}1 ${fourCc[codec]} ${composition} ${bytes}`)).toEqual([isKey]);
  });

  it('in tracks, and behind a modifier', () => {
    const size = (bytes.length / 2).toString(16).padStart(6, '0');
    expect(parse(`86 03 ${fourCc[codec]} 05 ${bytes}`)).toEqual([isKey]);
    const two = `00 ${size} ${bytes} 01 ${size} ${bytes}`;
    expect(parse(`86 13 ${fourCc[codec]} ${two}`)).toEqual([isKey, isKey]);
    expect(parse(`87 02 000064 03 ${fourCc[codec]} ${bytes}`)).toEqual([isKey]);
  });

  it('but where the frame type says something, that counts', () => {
    expect(parse(`93 ${fourCc[codec]} ${bytes}`)).toEqual([true]);
    expect(parse(`a3 ${fourCc[codec]} ${bytes}`)).toEqual([false]);
    expect(parse(`b3 ${fourCc[codec]} ${bytes}`)).toEqual([false]);
  });
});

describe.each(frames.filter(({ codec }) => codec === 'h264'))(
  '[FLV-16] $name is a keyframe: $isKey',
  ({ bytes, isKey }) => {
    it.each(['0', '6', '7'])('in a legacy tag of frame type %s', (kind) => {
      expect(keysOf(parseFlvVideoBody(0, hex(`${kind}7 01 000000 ${bytes}`)))).toEqual([isKey]);
    });
  },
);

it.each([
  { name: 'HEVC', config: '80 68766331 01', key: unit('2601af06'), inter: unit('0201d0') },
  { name: 'AV1', config: '80 61763031 81', key: '12003203100000', inter: '12003203300000' },
])('a live stream of $name without frame types is joined at its keyframes', (stream) => {
  const reader = new StreamItemReader();
  const live = new LiveStream('live', 'one');
  const early = live.join();
  const [fourCc = ''] = stream.config.slice(3).split(' ');
  const frame = (bytes: string): string => `83 ${fourCc} ${bytes}`;
  const bodies = [stream.config, frame(stream.inter), frame(stream.key), frame(stream.inter)];
  for (const [index, body] of bodies.entries()) {
    const message = { type: 'video', streamId: 1, timestamp: index * 40 } as const;
    for (const item of reader.read({ ...message, body: [hex(body)] })) live.push(item);
  }
  for (const player of [early, live.join()]) {
    const played: [string, boolean][] = [];
    for (let item = player.shift(); item; item = player.shift()) {
      if (item.type === 'packet') played.push([item.packet.type, item.packet.keyframe]);
    }
    expect(played).toEqual([
      ['config', true],
      ['frame', true],
      ['frame', false],
    ]);
  }
});
