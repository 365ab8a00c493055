import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAmfObject, type AmfObject, type AmfValue } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { AudioPacket, VideoPacket } from './encoded-packet.js';
import { FlvDemuxer } from './flv-demuxer.js';
import { FlvFileWriter, type FlvFileWriterOptions } from './flv-file-writer.js';
import type { FlvItem } from './flv-item.js';
import { serializePaddedMetadata } from './padded-metadata.js';
import { parseFlvMetadata, serializeFlvMetadata } from './flv-metadata.js';

// libx264 (ffmpeg 5.1), 64×48.
const avcConfig = Buffer.from(
  '0164000affe100186764000aacd9447b011000000300100000030320f122596001000668ebe3cb22c0fdf8f800',
  'hex',
);

const video = (ms: number, keyframe: boolean, trackId?: number): VideoPacket => ({
  ...{ track: 'video', codec: 'h264', type: 'frame', keyframe },
  ...{ dts: ms * 1000, pts: ms * 1000 },
  payload: Buffer.from('0000000165', 'hex'),
  ...(trackId !== undefined && { trackId }),
});
const audio = (ms: number): AudioPacket => ({
  ...{ track: 'audio', codec: 'aac', type: 'frame', keyframe: true },
  ...{ dts: ms * 1000, pts: ms * 1000, payload: Buffer.of(0x21) },
});
const configs: (VideoPacket | AudioPacket)[] = [
  { ...video(0, true), type: 'config', payload: avcConfig },
  { ...audio(0), type: 'config', payload: Buffer.of(0x11, 0x90) },
];

const items = (packets: readonly (VideoPacket | AudioPacket)[]): FlvItem[] =>
  packets.map((packet) => ({ type: 'packet', packet }));

/** A second of picture and sound for each number; a keyframe each second. */
const seconds = (count: number): FlvItem[] =>
  Array.from({ length: count * 25 }, (_, i) => [video(i * 40, i % 25 === 0), audio(i * 40)])
    .flat()
    .map((packet) => ({ type: 'packet', packet }));

function write(list: readonly FlvItem[], options?: FlvFileWriterOptions, given?: AmfObject) {
  const writer = new FlvFileWriter(options);
  const unfinished = Buffer.concat([
    ...writer.header(given),
    ...list.flatMap((item) => writer.item(item)),
  ]);
  expect(writer.length).toBe(unfinished.length);
  const file = Buffer.from(unfinished);
  for (const { position, bytes } of writer.finish()) file.set(bytes, position);
  return { unfinished, file };
}

function metadataOf(file: Uint8Array): AmfObject {
  const [first] = new FlvDemuxer().push(file);
  return first?.type === 'metadata' ? first.value : {};
}

function indexOf(metadata: AmfObject): { times: AmfValue[]; filepositions: AmfValue[] } {
  const { keyframes } = metadata;
  if (!isAmfObject(keyframes)) throw new Error('no index');
  const { times, filepositions } = keyframes;
  if (!Array.isArray(times) || !Array.isArray(filepositions)) throw new Error('no index');
  return { times, filepositions };
}

describe('FlvFileWriter', () => {
  const list = [...items(configs), ...seconds(4)];

  it('[FLV-23] says at the end how long and how large the file is, and what is in it', () => {
    const { file } = write(list, {}, { encoder: 'us', framerate: 25, duration: 99 });
    expect(metadataOf(file)).toMatchObject({
      ...{ duration: 4, filesize: file.length, encoder: 'us', framerate: 25 },
      ...{ width: 64, height: 48, videocodecid: 7, canSeekToEnd: false },
      ...{ audiocodecid: 10, audiosamplerate: 48_000, audiochannels: 2, stereo: true },
    });
  });

  it('[FLV-24] has an index of its keyframes, at whose places there are tags', () => {
    const { file } = write(list);
    const { times, filepositions } = indexOf(metadataOf(file));
    expect(times).toEqual([0, 1, 2, 3]);
    for (const [i, position] of filepositions.entries()) {
      const demuxer = new FlvDemuxer({ startsWith: 'tag' });
      const [item] = demuxer.push(file.subarray(Number(position)));
      expect(item).toMatchObject({ packet: { keyframe: true, dts: Number(times[i]) * 1e6 } });
    }
  });

  it('can be read without being finished, and promises no duration then', () => {
    const { unfinished } = write(list);
    const [metadata, ...rest] = new FlvDemuxer().push(unfinished);
    expect(metadata?.type).toBe('metadata');
    expect(metadataOf(unfinished)).not.toHaveProperty('duration');
    expect(rest).toEqual(list);
  });

  it('says how long it is also when it does not begin at 0', () => {
    const late = [video(60_000, true), video(60_040, false)];
    expect(metadataOf(write(items(late)).file)).toMatchObject({ duration: 0.08 });
  });

  it('promises only the tracks that came', () => {
    const flags = (file: Uint8Array): number | undefined => file[4];
    expect(flags(write(list).file)).toBe(5);
    expect(flags(write(items([video(0, true)])).file)).toBe(1);
    expect(flags(write(items([audio(0)])).file)).toBe(4);
    expect(metadataOf(write(items([audio(0)])).file)).not.toHaveProperty('keyframes');
  });

  it('has an index that spans the whole file, also when it is full', () => {
    const keyframes = items(Array.from({ length: 1000 }, (_, i) => video(i * 1000, true)));
    const { file } = write(keyframes, { maxKeyframes: 64 });
    const { times, filepositions } = indexOf(metadataOf(file));
    expect(times.length).toBeGreaterThan(31);
    expect(times.length).toBeLessThanOrEqual(64);
    expect(filepositions).toHaveLength(times.length);
    expect(times[0]).toBe(0);
    expect(Number(times.at(-1))).toBeGreaterThan(960);
    const gaps = new Set(times.slice(1).map((time, i) => Number(time) - Number(times[i])));
    expect([...gaps]).toEqual([16]);
  });

  it('[ERTMP-05] [ERTMP-06] describes further tracks, and codecs by their FourCC', () => {
    const hevc: VideoPacket = { ...video(0, true, 1), codec: 'hevc' };
    const opus: AudioPacket = {
      ...{ ...audio(0), codec: 'opus', trackId: 2, type: 'config' },
      payload: Buffer.from('4f707573486561640101380180bb0000000000', 'hex'),
    };
    const { file } = write(items([...configs, video(0, true), hevc, opus]));
    expect(metadataOf(file)).toMatchObject({
      videocodecid: 7,
      videoTrackIdInfoMap: { 1: { videocodecid: 0x68766331 } },
      audioTrackIdInfoMap: { 2: { audiocodecid: 0x4f707573, samplerate: 48_000, channels: 1 } },
    });
  });

  it('notes a keyframe of several tracks in one tag', () => {
    const writer = new FlvFileWriter();
    const head = Buffer.concat(writer.header());
    const tag = Buffer.concat(writer.tracks([video(0, true), video(0, true, 1)]));
    const file = Buffer.concat([head, tag]);
    for (const { position, bytes } of writer.finish()) file.set(bytes, position);
    expect(indexOf(metadataOf(file)).filepositions).toEqual([head.length]);
  });

  it('gives metadata that comes later the time of the tag before it', () => {
    const later: FlvItem = { type: 'metadata', value: { title: 'b' } };
    const { file } = write([...items([video(5000, true)]), later]);
    expect(new FlvDemuxer().push(file).at(-1)).toEqual(later);
    const tag = file.subarray(file.lastIndexOf('onMetaData') - 14);
    expect([tag[0], tag.readUIntBE(4, 3)]).toEqual([18, 5000]);
  });

  it('gives metadata the time of the tag before it also after tracks together, and after signals', () => {
    const writer = new FlvFileWriter();
    const title: FlvItem = { type: 'metadata', value: {} };
    const time = (): number | undefined => Buffer.concat(writer.item(title)).readUIntBE(4, 3);
    writer.header();
    writer.tracks([video(3000, true), video(3000, true, 1)]);
    expect(time()).toBe(3000);
    const end = { type: 'sequence-end', track: 'video', codec: 'h264', trackId: 0 } as const;
    writer.item({ ...end, timestamp: 4_000_000 });
    expect(time()).toBe(4000);
    // The end of AAC has no mark in a file, so there is no tag.
    const none = { ...end, track: 'audio', codec: 'aac', timestamp: 5_000_000 } as const;
    expect(writer.item(none)).toEqual([]);
    expect(time()).toBe(4000);
  });

  it('has nothing in its index that could not be written', () => {
    const writer = new FlvFileWriter();
    const head = Buffer.concat(writer.header());
    const large = { ...video(0, true), payload: new Uint8Array(0x1000000) };
    expect(() => writer.item({ type: 'packet', packet: large })).toThrow(MalformedError);
    expect(() => writer.tracks([video(0, true), video(40, true, 1)])).toThrow(MalformedError);
    const file = Buffer.concat([head, ...writer.item({ type: 'packet', packet: video(80, true) })]);
    for (const { position, bytes } of writer.finish()) file.set(bytes, position);
    expect(indexOf(metadataOf(file))).toEqual({ times: [0.08], filepositions: [head.length] });
  });

  it('has nothing to finish before it began', () => {
    expect(new FlvFileWriter().finish()).toEqual([]);
  });
});

describe('padded metadata', () => {
  it('has exactly the length that is asked for, and says the same', () => {
    const metadata = { width: 640, title: 'x' };
    const smallest = serializeFlvMetadata({ ...metadata, padding: [] }).length;
    fc.assert(
      fc.property(fc.integer({ min: smallest, max: smallest + 5000 }), (length) => {
        const body = serializePaddedMetadata(metadata, length);
        expect(body).toHaveLength(length);
        expect(parseFlvMetadata(body ?? new Uint8Array(0))).toMatchObject(metadata);
      }),
    );
  });

  it('is not made where it does not fit', () => {
    expect(serializePaddedMetadata({ title: 'x'.repeat(100) }, 100)).toBeUndefined();
  });
});
