import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  destinationsOf,
  errorExitCodes,
  type AppErrorInfo,
  type Encoding,
  type ErrorCode,
  type ReasonCode,
} from '@tallylight/contract';
import { createMessages } from '@tallylight/messages';
import {
  FlvMuxer,
  parseRtmpUrl,
  RtmpServer,
  videoFormatOf,
  type AmfObject,
  type EncodedPacket,
} from 'node-rtmp-client';
import { withResolvers } from 'node-rtmp-client/async';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  pictureBox,
  probe,
  strictlyRising,
} from '../../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../../test/support/nginx.js';
import { toErrorInfo } from '../../src/app-error.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { createLogger } from '../../src/logger.js';
import type { MediaSource } from '../../src/sources/media-source.js';
import { makeOddFile, type OddFileName } from './odd-files.js';
import { essence, makeOddFlv, readPackets } from './odd-flv-files.js';

const encoding: Encoding = {
  ...{ width: 320, height: 180, fps: 30, keyframeInterval: 1 },
  ...{ videoBitrate: 500_000, audioBitrate: 64_000 },
};

let folder: string;
let engine: Engine;
let nginx: NginxRtmp | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-odd-files-'));
  if (hasNginxRtmp()) nginx = await startNginxRtmp();
  engine = createEngine({
    ...{ dataDirectory: folder, version: '1.2.3', shell: 'browser' },
    logger: createLogger({ level: 'silent' }),
  });
});

afterAll(async () => {
  await engine.close();
  await nginx?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What came of publishing a file. */
interface Published {
  readonly error?: AppErrorInfo;
  /** The frames that the broadcast says the server got. */
  readonly sent: number;
  /** What the server recorded; undefined where nothing came. */
  readonly recording?: string;
  /** What a server of the library received. */
  readonly packets?: readonly EncodedPacket[];
  /** What was said before it went on air. */
  readonly notes: readonly string[];
}

let count = 0;

/** Publishes a file as the command line does, to nginx where it is installed and does, else to a server of the library. */
async function publish(
  path: string,
  options: { copy: boolean; durationMs?: number; to?: 'library' },
): Promise<Published> {
  const { copy, durationMs } = options;
  const key = `odd${(count += 1)}`;
  const other = options.to === 'library' ? undefined : nginx;
  const own = other ? undefined : await startRecorder(join(folder, `${key}.flv`));
  const target = {
    ...{ id: key, name: key, streamKey: key },
    address: parseRtmpUrl(other?.serverUrl ?? own?.serverUrl ?? ''),
  };
  try {
    const source = engine.openSource({ type: 'file', path, copy }, encoding);
    await source.prepare();
    const broadcast = await engine.startBroadcast({
      ...{ source, encoding, outputs: [{ type: 'rtmp', target }] },
      ...(durationMs !== undefined && { durationMs }),
    });
    const last = await broadcast.run();
    const sent = destinationsOf(last)[0]?.framesSent ?? 0;
    const error = last.error ?? destinationsOf(last)[0]?.lastError;
    if (own)
      return { ...(await own.received), sent, notes: notesOf(source), ...(error && { error }) };
    const recording = sent > 0 ? await nginx?.recording(key) : undefined;
    const notes = notesOf(source);
    return { ...{ sent, notes, recording: recording ?? '' }, ...(error && { error }) };
  } catch (error) {
    return { error: toErrorInfo(error), sent: 0, notes: [] };
  } finally {
    await own?.stop();
  }
}

const notesOf = ({ status }: MediaSource): string[] =>
  (status.notes ?? []).map(({ reason }) => reason);

/** A server that writes what is published to it to a file. */
async function startRecorder(recording: string) {
  const received = withResolvers<{ packets: EncodedPacket[]; recording: string }>();
  const server = new RtmpServer({
    async onPublish(publication) {
      publication.accept();
      const muxer = new FlvMuxer();
      const packets: EncodedPacket[] = [];
      for await (const item of publication.items) {
        if (item.type === 'packet') packets.push(item.packet);
      }
      const parts = [...muxer.header({}), ...packets.flatMap((packet) => muxer.packet(packet))];
      await writeFile(recording, Buffer.concat(parts));
      received.resolve({ packets, recording });
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const serverUrl = `rtmp://127.0.0.1:${port}/live`;
  return { serverUrl, received: received.promise, stop: () => server.close() };
}

interface Expected {
  readonly frames: number;
  /** 320×180 where absent. */
  readonly size?: readonly [number, number];
  /** Codec and rate; AAC at 48 kHz where absent. */
  readonly sound?: string;
  /** Of the picture; one where absent. */
  readonly seconds?: number;
  /** The part of the picture that is not black, where that is looked at. */
  readonly box?: readonly [number, number];
  readonly transfer?: string;
  /** What is said before it goes on air; nothing where absent. */
  readonly notes?: readonly ReasonCode[];
}

/** As much of it as could be read came, and then an error. */
interface Broken {
  readonly code: 'FILE_DAMAGED';
  /** At least and at most. */
  readonly frames: readonly [number, number];
}

type Outcome = Expected | Broken | ErrorCode;

const plain = { frames: 30 };
const silent = { frames: 30, sound: 'none' };
const damaged = (...frames: [number, number]): Broken => ({ code: 'FILE_DAMAGED', frames });
const unusual: readonly ReasonCode[] = ['copied-unusual-format'];

/** The name of each file, what comes of it encoded, and what of it copied. */
const table: readonly (readonly [OddFileName, Outcome, Outcome])[] = [
  ['plain.mp4', plain, plain],
  ['cover-art.mp4', plain, plain],
  ['cover-art-unmarked.mkv', plain, plain],
  ['attached-cover.mkv', plain, plain],
  ['timecode.mov', plain, plain],
  ['two-pictures.mkv', ...both({ ...plain, notes: ['other-pictures'] })],
  ['two-sounds.mkv', ...both({ ...plain, notes: ['other-sounds'] })],
  ['no-sound.mp4', silent, silent],
  ['no-picture.m4a', 'NO_VIDEO', 'NO_VIDEO'],
  ['sound.wav', 'NO_VIDEO', 'NO_VIDEO'],
  ['b-frames.avi', plain, 'CODEC_NOT_COPYABLE'],
  ['b-frames.h264', silent, 'FILE_NOT_COPYABLE'],
  ['no-b-frames.h264', silent, silent],
  ['moving.gif', silent, 'CODEC_NOT_COPYABLE'],
  ['still.png', silent, 'CODEC_NOT_COPYABLE'],
  ['still.jpg', silent, 'CODEC_NOT_COPYABLE'],
  ['anamorphic.mp4', { ...plain, box: [320, 136] }, plain],
  ['turned-90.mp4', { ...plain, box: [102, 180] }, { ...plain, notes: ['copied-unturned'] }],
  ['turned-180.mp4', plain, { ...plain, notes: ['copied-unturned'] }],
  ['hlg.mp4', { ...plain, transfer: 'bt709', notes: ['hdr-mapped'] }, 'CODEC_NOT_COPYABLE'],
  ['pq.mp4', { ...plain, transfer: 'bt709', notes: ['hdr-mapped'] }, 'CODEC_NOT_COPYABLE'],
  ['ten-bit.mp4', plain, { ...plain, notes: unusual }],
  ['full-color.mp4', plain, { ...plain, notes: unusual }],
  ['uneven.mp4', plain, { ...plain, size: [641, 361], notes: unusual }],
  ['interlaced.mp4', plain, plain],
  ['variable-rate.mp4', plain, { frames: 10 }],
  ['one-per-second.mp4', { frames: 60, seconds: 2 }, { frames: 2, seconds: 1 }],
  ['120-per-second.mp4', plain, { frames: 120 }],
  ['one-keyframe.mp4', plain, plain],
  ['one-picture.mp4', ...both({ frames: 1, seconds: 0, sound: 'none' })],
  ['old-codec.flv', silent, 'CODEC_NOT_COPYABLE'],
  ['delayed-sound.mp4', plain, plain],
  ['wrapped-times.ts', plain, plain],
  ['negative-start.mkv', plain, 'CODEC_NOT_COPYABLE'],
  ['mono-44k.mp4', plain, { ...plain, sound: 'aac 44100' }],
  ['surround.mp4', plain, plain],
  ['96k.mp4', plain, { ...plain, sound: 'aac 96000' }],
  ['mp3.mp4', plain, 'CODEC_NOT_COPYABLE'],
  ['pcm.mov', plain, 'CODEC_NOT_COPYABLE'],
  ['hevc.mp4', plain, 'CODEC_NOT_COPYABLE'],
  ['av1.mp4', plain, 'CODEC_NOT_COPYABLE'],
  ['vp9.webm', plain, 'CODEC_NOT_COPYABLE'],
  ['truncated.mp4', 'FILE_UNREADABLE', 'FILE_UNREADABLE'],
  ['truncated-fast-start.mp4', ...both(damaged(10, 20))],
  ['truncated.flv', ...both(damaged(10, 20))],
  ['truncated.ts', ...both(damaged(10, 20))],
  ['truncated.mkv', damaged(10, 20), 'CODEC_NOT_COPYABLE'],
  ['corrupt.mp4', ...both(damaged(20, 30))],
  // Its parts do not fit each other, which is said.
  ['changing.ts', ...both(damaged(58, 62))],
  ['empty.mp4', 'FILE_UNREADABLE', 'FILE_UNREADABLE'],
  ['text.mp4', 'FILE_UNREADABLE', 'FILE_UNREADABLE'],
];

function both(outcome: Outcome): [Outcome, Outcome] {
  return [outcome, outcome];
}

const english = createMessages('en');
const chinese = createMessages('zh-CN');

/** A code that ends the command line with 5, and sentences without a gap in both languages. */
function expectError(error: AppErrorInfo | undefined, code: ErrorCode): void {
  expect(error?.code).toBe(code);
  if (!error) return;
  expect(errorExitCodes[error.code]).toBe(5);
  for (const { message, remedy } of [english.error(error), chinese.error(error)]) {
    expect(message + remedy).not.toMatch(/\{\{|undefined|unknown/);
    expect(remedy).not.toMatch(/device|设备/);
  }
}

async function expectRecording(
  { recording = '', sent, error, notes }: Published,
  expected: Expected,
): Promise<void> {
  const { frames, size = [320, 180], sound = 'aac 48000', seconds = 1, box } = expected;
  expect(error).toBeUndefined();
  expect(notes).toEqual(expected.notes ?? []);
  expect(await decodeErrors(recording)).toBe('');
  const streams = await probe(recording);
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const audio = streams.find(({ codec_type }) => codec_type === 'audio');
  expect([video?.width, video?.height]).toEqual(size);
  expect(audio ? `${audio.codec_name} ${audio.sample_rate}` : 'none').toBe(sound);
  if (expected.transfer !== undefined) expect(video?.color_transfer).toBe(expected.transfer);
  if (box) expect(await pictureBox(recording)).toEqual(box);
  expect(await countFrames(recording)).toBe(sent);
  // ffmpeg may round the last one away, or repeat it.
  expect(Math.abs(sent - frames)).toBeLessThanOrEqual(frames > 2 ? 1 : 0);
  for (const track of audio ? (['v:0', 'a:0'] as const) : (['v:0'] as const)) {
    const times = await decodeTimes(recording, track);
    expect(strictlyRising(times)).toBe(true);
    if (track === 'a:0') continue;
    expect(times.at(-1)).toBeGreaterThan(seconds * 1000 - 150);
    expect(times.at(-1)).toBeLessThan(seconds * 1000 + 150);
  }
}

async function expectBroken({ recording = '', sent, error }: Published, outcome: Broken) {
  expectError(error, outcome.code);
  expect(await countFrames(recording)).toBeLessThanOrEqual(sent);
  const [least, most] = outcome.frames;
  expect(sent).toBeGreaterThanOrEqual(least);
  expect(sent).toBeLessThanOrEqual(most);
}

describe.concurrent.each(table)('%s', (name, encoded, copied) => {
  it.each([
    ['encoded', encoded, false],
    ['copied', copied, true],
  ] as const)('%s', async (_, outcome, copy) => {
    const file = await makeOddFile(folder, name);
    // Single pictures have no end.
    const isStill = /\.(?:png|jpg)$/.test(name);
    const published = await publish(file, { copy, ...(isStill && { durationMs: 1_000 }) });
    if (typeof outcome === 'string') expectError(published.error, outcome);
    else if ('code' in outcome) await expectBroken(published, outcome);
    else await expectRecording(published, outcome);
  });
});

describe.concurrent('an FLV file that is copied', () => {
  it.each(['hevc.flv', 'av1.flv', 'sound-only.flv', 'shown-before-decoded.flv'] as const)(
    'arrives as it is: %s',
    async (name) => {
      const file = await makeOddFlv(folder, name);
      const { packets = [], error, notes } = await publish(file, { copy: true, to: 'library' });
      expect(error).toBeUndefined();
      expect(notes).toEqual(name === 'sound-only.flv' ? ['sound-only'] : []);
      const sent = await readPackets(file);
      for (const track of ['video', 'audio'] as const) {
        const of = (list: readonly EncodedPacket[]) => {
          const frames = list.filter((p) => p.track === track && p.type === 'frame').map(essence);
          // Sound alone begins at zero.
          const start = name === 'sound-only.flv' ? (frames[0]?.dts ?? 0) : 0;
          return frames.map((frame) => ({
            ...frame,
            dts: frame.dts - start,
            pts: frame.pts - start,
          }));
        };
        expect(of(packets)).toEqual(of(sent));
        const configs = packets.filter((p) => p.track === track && p.type === 'config');
        expect(configs).toHaveLength(sent.some((p) => p.track === track) ? 1 : 0);
      }
    },
  );

  it('tells the server of each change of configuration', async () => {
    const file = await makeOddFlv(folder, 'changing.flv');
    const published = await publish(file, { copy: true });
    expect(published.error).toBeUndefined();
    expect(published.sent).toBe(60);
    const received = await readPackets(published.recording ?? '');
    expect(sizesOf(received)).toEqual([320, 640]);
    expect(await decodeErrors(published.recording ?? '')).toBe('');
  });
});

it('tells the server of each change of configuration within MPEG-TS', async () => {
  const file = await makeOddFile(folder, 'changing.ts');
  const { packets = [] } = await publish(file, { copy: true, to: 'library' });
  expect(sizesOf(packets)).toEqual([320, 640]);
  const sounds = packets.filter(({ track, type }) => track === 'audio' && type === 'config');
  expect(sounds.map(({ payload }) => Buffer.from(payload).toString('hex'))).toEqual([
    // 48 kHz, then 44.1 kHz.
    ...['1188', '1208'],
  ]);
});

/** The width that each configuration tells. */
const sizesOf = (packets: readonly EncodedPacket[]): (number | undefined)[] =>
  packets.flatMap((packet) =>
    packet.track === 'video' && packet.type === 'config' ? [videoFormatOf(packet)?.width] : [],
  );

it('invents nothing in the metadata of a file that is copied', async () => {
  const file = await makeOddFile(folder, 'mono-44k.mp4');
  const metadata = withResolvers<AmfObject>();
  const server = new RtmpServer({
    async onPublish(publication) {
      publication.accept();
      for await (const item of publication.items) {
        if (item.type === 'metadata') metadata.resolve(item.value);
      }
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/x`);
  const target = { id: 'x', name: 'x', streamKey: 'x', address };
  const asked = { ...encoding, fps: 25, videoBitrate: 9_000_000, audioBitrate: 320_000 };
  const source = engine.openSource({ type: 'file', path: file, copy: true }, asked);
  const broadcast = await engine.startBroadcast({
    ...{ source, encoding: asked, outputs: [{ type: 'rtmp', target }] },
  });
  const told = await metadata.promise;
  await broadcast.stop();
  await server.close();
  expect(told).toMatchObject({ width: 320, height: 180, framerate: 30, audiosamplerate: 44_100 });
  expect(told['videodatarate']).toBeLessThan(2_000);
  expect(told['audiodatarate']).toBeLessThan(100);
});
