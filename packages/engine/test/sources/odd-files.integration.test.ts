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
} from '@tallylight/contract';
import { createMessages } from '@tallylight/messages';
import { FlvMuxer, parseRtmpUrl, RtmpServer, type FlvItem } from 'node-rtmp-client';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  probe,
  strictlyRising,
} from '../../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../../test/support/nginx.js';
import { toErrorInfo } from '../../src/app-error.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { createLogger } from '../../src/logger.js';
import { makeOddFile, type OddFileName } from './odd-files.js';

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
}

let count = 0;

/** Publishes a file as the command line does, to nginx where it is installed, else to a server of the library. */
async function publish(
  path: string,
  { copy, durationMs }: { copy: boolean; durationMs?: number },
): Promise<Published> {
  const key = `odd${(count += 1)}`;
  const own = nginx ? undefined : await startRecorder(join(folder, `${key}.flv`));
  const target = {
    ...{ id: key, name: key, streamKey: key },
    address: parseRtmpUrl(nginx?.serverUrl ?? own?.serverUrl ?? ''),
  };
  try {
    const source = engine.openSource({ type: 'file', path, copy, loop: false }, encoding);
    await source.prepare();
    const broadcast = await engine.startBroadcast({
      ...{ source, encoding, outputs: [{ type: 'rtmp', target }] },
      ...(durationMs !== undefined && { durationMs }),
    });
    const last = await broadcast.run();
    const sent = destinationsOf(last)[0]?.framesSent ?? 0;
    const error = last.error ?? destinationsOf(last)[0]?.lastError;
    const recording = sent > 0 ? await (nginx ? nginx.recording(key) : own?.recording) : undefined;
    return { ...{ sent, recording: recording ?? '' }, ...(error && { error }) };
  } catch (error) {
    return { error: toErrorInfo(error), sent: 0 };
  } finally {
    await own?.stop();
  }
}

/** A server that writes what is published to it to a file. */
async function startRecorder(file: string) {
  let written: (file: string) => void = () => undefined;
  const recording = new Promise<string>((resolve) => (written = resolve));
  const server = new RtmpServer({
    async onPublish(publication) {
      publication.accept();
      const muxer = new FlvMuxer();
      const parts = muxer.header({});
      for await (const item of publication.items) parts.push(...muxed(muxer, item));
      await writeFile(file, Buffer.concat(parts));
      written(file);
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { serverUrl: `rtmp://127.0.0.1:${port}/live`, recording, stop: () => server.close() };
}

const muxed = (muxer: FlvMuxer, item: FlvItem): Uint8Array[] =>
  item.type === 'packet' ? muxer.packet(item.packet) : [];

interface Expected {
  readonly frames: number;
  /** 320×180 where absent. */
  readonly size?: readonly [number, number];
  /** AAC at 48 kHz, mono as the file is or stereo as it is encoded, where absent. */
  readonly sound?: string;
}

type Outcome = Expected | ErrorCode;

/** The name of each file, what comes of it encoded, and what of it copied. */
const table: readonly (readonly [OddFileName, Outcome, Outcome])[] = [
  ['plain.mp4', { frames: 30 }, { frames: 30 }],
  ['cover-art.mp4', { frames: 30 }, { frames: 30 }],
  ['cover-art-unmarked.mkv', { frames: 30 }, { frames: 30 }],
  ['attached-cover.mkv', { frames: 30 }, { frames: 30 }],
  ['timecode.mov', { frames: 30 }, { frames: 30 }],
  ['two-pictures.mkv', { frames: 30 }, { frames: 30 }],
  ['two-sounds.mkv', { frames: 30 }, { frames: 30 }],
  ['no-sound.mp4', { frames: 30, sound: 'none' }, { frames: 30, sound: 'none' }],
  ['no-picture.m4a', 'NO_VIDEO', 'NO_VIDEO'],
  ['b-frames.avi', { frames: 30 }, 'CODEC_NOT_COPYABLE'],
  ['b-frames.h264', { frames: 30, sound: 'none' }, 'FILE_NOT_COPYABLE'],
  ['no-b-frames.h264', { frames: 30, sound: 'none' }, { frames: 30, sound: 'none' }],
  ['moving.gif', { frames: 30, sound: 'none' }, 'CODEC_NOT_COPYABLE'],
  ['still.png', { frames: 30, sound: 'none' }, 'CODEC_NOT_COPYABLE'],
  ['empty.mp4', 'FILE_UNREADABLE', 'FILE_UNREADABLE'],
  ['text.mp4', 'FILE_UNREADABLE', 'FILE_UNREADABLE'],
];

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
  { recording = '', sent, error }: Published,
  { frames, size = [320, 180], sound = 'aac 48000' }: Expected,
): Promise<void> {
  expect(error).toBeUndefined();
  expect(await decodeErrors(recording)).toBe('');
  const streams = await probe(recording);
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const audio = streams.find(({ codec_type }) => codec_type === 'audio');
  expect([video?.width, video?.height]).toEqual(size);
  expect(audio ? `${audio.codec_name} ${audio.sample_rate}` : 'none').toBe(sound);
  expect(await countFrames(recording)).toBe(sent);
  // ffmpeg may round the last one away, or repeat it.
  expect(Math.abs(sent - frames)).toBeLessThanOrEqual(1);
  for (const track of audio ? (['v:0', 'a:0'] as const) : (['v:0'] as const)) {
    const times = await decodeTimes(recording, track);
    expect(strictlyRising(times)).toBe(true);
    // A second in all.
    expect(times.at(-1)).toBeGreaterThan(850);
    expect(times.at(-1)).toBeLessThan(1_150);
  }
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
    else await expectRecording(published, outcome);
  });
});
