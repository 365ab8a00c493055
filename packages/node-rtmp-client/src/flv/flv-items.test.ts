import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AmfObject } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { packetMessage, StreamItemReader } from '../session/stream-items.js';
import type { AudioPacket, EncodedPacket, VideoPacket } from './encoded-packet.js';
import { FlvDemuxer } from './flv-demuxer.js';
import { parseFlvAudioBody } from './flv-audio-body.js';
import type { ChannelLayout, FlvItem } from './flv-item.js';
import { FlvMuxer, type FlvMuxerOptions } from './flv-muxer.js';
import { parseFlvVideoBody } from './flv-video-body.js';

const videoCodec = fc.constantFrom('h264', 'hevc', 'av1', 'vp8', 'vp9');
const audioCodec = fc.constantFrom('aac', 'opus', 'flac', 'ac3', 'eac3', 'mp3');
const milliseconds = fc.nat(0x7fffffff);
const trackId = fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined });
const payload = fc.uint8Array({ minLength: 1, maxLength: 40 });
const composed = (codec: string): boolean => codec === 'h264' || codec === 'hevc';

const parts = fc.record({
  ms: milliseconds,
  compositionMs: fc.integer({ min: -0x800000, max: 0x7fffff }),
  nanoseconds: fc.nat(999_999),
  trackId,
  payload,
});

/** The configurations of H.264 and HEVC say how long NAL unit lengths are; these keep to four bytes. */
const configPayload = Buffer.alloc(40, 0xff);

const video = (nanos: boolean): fc.Arbitrary<VideoPacket> =>
  fc
    .tuple(parts, videoCodec, fc.constantFrom('config', 'key', 'inter'))
    .map(([{ ms, compositionMs, nanoseconds, trackId: id, payload: body }, codec, kind]) => {
      const isConfig = kind === 'config';
      const rest = nanos && !isConfig ? nanoseconds : 0;
      const shownMs = ms + (composed(codec) && !isConfig ? compositionMs : 0);
      const pts = (shownMs * 1e6 + rest) / 1000;
      return {
        ...{
          track: 'video',
          codec,
          type: isConfig ? 'config' : 'frame',
          keyframe: kind !== 'inter',
        },
        ...{ pts, dts: composed(codec) ? ms * 1000 : pts },
        payload: isConfig ? configPayload : body,
        ...(id !== undefined && { trackId: id }),
      };
    });

const audio = (nanos: boolean): fc.Arbitrary<AudioPacket> =>
  fc
    .tuple(parts, audioCodec, fc.boolean())
    .map(([{ ms, nanoseconds, trackId: id, payload: body }, codec, isConfig]) => {
      const time = (ms * 1e6 + (nanos && !isConfig ? nanoseconds : 0)) / 1000;
      return {
        ...{ track: 'audio', codec, type: isConfig ? 'config' : 'frame', keyframe: true },
        ...{ pts: time, dts: time, payload: body },
        ...(id !== undefined && { trackId: id }),
      };
    });

const amfObject: fc.Arbitrary<AmfObject> = fc.dictionary(
  fc.string({ maxLength: 8 }),
  fc.oneof(fc.double({ noNaN: true }), fc.boolean(), fc.string(), fc.constant(null)),
  { maxKeys: 5, noNullPrototype: false },
);

const channels = fc.integer({ min: 1, max: 255 });
const layout: fc.Arbitrary<ChannelLayout> = fc.oneof(
  fc.record({ type: fc.constant('unspecified'), channels }),
  fc.record({ type: fc.constant('native'), channels, mask: fc.nat(0xffffffff) }),
  fc.record({ type: fc.constant('custom'), speakers: fc.array(fc.nat(255), { maxLength: 255 }) }),
);

const place = fc.record({
  trackId: fc.nat(255),
  timestamp: milliseconds.map((ms) => ms * 1000),
});

const signal: fc.Arbitrary<FlvItem> = fc.oneof(
  fc
    .tuple(place, videoCodec, amfObject)
    .map(([at, codec, value]) => ({ type: 'color-info' as const, codec, value, ...at })),
  fc.tuple(place, audioCodec, layout).map(([at, codec, value]) => ({
    type: 'channel-layout' as const,
    codec,
    layout: value,
    ...at,
  })),
  fc
    .tuple(place, videoCodec)
    .map(([at, codec]) => ({ type: 'sequence-end', track: 'video', codec, ...at }) as const),
  fc
    .tuple(place, audioCodec)
    .map(([at, codec]) => ({ type: 'sequence-end', track: 'audio', codec, ...at }) as const)
    // That of AAC and MP3 is not said on the default track.
    .filter(({ codec, trackId }) => (codec !== 'aac' && codec !== 'mp3') || trackId > 0),
  fc
    .tuple(place, fc.constantFrom('start-seek' as const, 'end-seek' as const))
    .map(([{ timestamp }, command]) => ({ type: 'video-command', command, timestamp }) as const),
  amfObject.map((value) => ({ type: 'metadata', value }) as const),
);

/** Objects without a prototype, and views of other kinds of buffers, are alike where what they hold is. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
};

function written(options: FlvMuxerOptions, write: (muxer: FlvMuxer) => Uint8Array[]): unknown {
  const muxer = new FlvMuxer(options);
  return plain(new FlvDemuxer().push(Buffer.concat([...muxer.header(), ...write(muxer)])));
}

it.each([false, true])('what is written is read, with nanoseconds: %s', (nanoseconds) => {
  const packet: fc.Arbitrary<EncodedPacket> = fc.oneof(video(nanoseconds), audio(nanoseconds));
  const packetItem = packet.map((each): FlvItem => ({ type: 'packet', packet: each }));
  fc.assert(
    fc.property(fc.oneof(packetItem, signal), (item) => {
      expect(written({ nanoseconds }, (muxer) => muxer.item(item))).toEqual(plain([item]));
    }),
    { numRuns: 1000 },
  );
});

/** What packets share that go into one tag. */
const alike = <T extends EncodedPacket>(packet: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(packet, { minLength: 1, maxLength: 8 }).map((list) => {
    const [first] = list;
    return list
      .filter(({ type, keyframe }) => type === first?.type && keyframe === first.keyframe)
      .map((each) => {
        const shift = each.pts - each.dts;
        const dts = first?.dts ?? 0;
        return { ...each, dts, pts: dts + (each.type === 'config' ? 0 : shift) };
      });
  });

it('what is written of several tracks together is read', () => {
  fc.assert(
    fc.property(fc.oneof(alike(video(false)), alike(audio(false))), (packets) => {
      const items = packets.map((packet) => ({ type: 'packet' as const, packet }));
      const tracks = packets;
      expect(written({}, (muxer) => muxer.tracks(tracks))).toEqual(plain(items));
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['nothing', () => []],
  ['sound and picture', () => [frame(0), { ...frame(0), track: 'audio', codec: 'aac' }]],
  ['a key frame and another', () => [frame(0), { ...frame(0), keyframe: false }]],
  ['a configuration and a frame', () => [frame(0), { ...frame(0), type: 'config' }]],
  ['other times', () => [frame(0), frame(40)]],
  ['a track of which there is none', () => [{ ...frame(0), trackId: 256 }]],
] as const)('does not put into one tag %s', (_, packets) => {
  const tracks = packets() as unknown as VideoPacket[];
  expect(() => new FlvMuxer().tracks(tracks)).toThrow(MalformedError);
});

const frame = (ms: number): VideoPacket => ({
  ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: true },
  ...{ pts: ms * 1000, dts: ms * 1000, payload: new Uint8Array(1) },
});

it('has no more tracks in one body than there are ids', () => {
  const track = '07000001aa';
  const body = (count: number): Uint8Array =>
    Uint8Array.from(Buffer.from(`961161763031${track.repeat(count)}`, 'hex'));
  expect(parseFlvVideoBody(0, body(256))).toHaveLength(256);
  expect(() => parseFlvVideoBody(0, body(257))).toThrow(MalformedError);
});

it('reads or refuses any bytes', () => {
  const likely = fc
    .tuple(
      fc.constantFrom(
        '90',
        '91',
        '92',
        '93',
        '94',
        '95',
        '96',
        '97',
        'd4',
        '9521',
        '9611',
        '970205',
      ),
      fc.constantFrom('', 'Opus', 'hvc1', 'av01', 'mp4a'),
      fc.uint8Array({ maxLength: 60 }),
    )
    .map(([head, name, rest]) =>
      Uint8Array.from(Buffer.concat([Buffer.from(head, 'hex'), Buffer.from(name), rest])),
    );
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), likely), (bytes) => {
      for (const parse of [parseFlvVideoBody, parseFlvAudioBody]) {
        try {
          parse(0, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }
    }),
    { numRuns: 3000 },
  );
});

describe.each(['h264', 'hevc'] as const)('%s that is shown before it is decoded', (codec) => {
  it('[FLV-18, ERTMP-35] keeps its times in a file and on the wire', () => {
    const offsets = [0, -80_000, -1000, 40_000, -8_388_608_000];
    const packets = offsets.map((offset, index): VideoPacket => ({
      ...{ track: 'video', codec, type: 'frame', keyframe: index === 0 },
      ...{ dts: index * 40_000, pts: index * 40_000 + offset, payload: Uint8Array.of(1, 2) },
    }));
    const muxer = new FlvMuxer();
    const file = Buffer.concat([...muxer.header(), ...packets.flatMap((p) => muxer.packet(p))]);
    const reader = new StreamItemReader();
    const wire = packets.flatMap((packet) => {
      const { body, ...message } = packetMessage(packet, 1);
      return reader.read({ ...message, body: [new Uint8Array(Buffer.concat(body))] });
    });
    for (const items of [new FlvDemuxer().push(file), wire]) {
      const times = items.map(
        (item) => item.type === 'packet' && [item.packet.dts, item.packet.pts],
      );
      expect(times).toEqual(packets.map(({ dts, pts }) => [dts, pts]));
    }
  });
});
