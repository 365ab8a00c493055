import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followPlaylist } from '../../../test/support/hls-client.js';
import {
  brokenHlsRules,
  brokenMultivariantRules,
  parseMediaPlaylist,
} from '../../../test/support/hls-rules.js';
import { hashedPackets } from '../../../test/support/media.js';
import { until } from '../../../test/support/until.js';
import { createLogger } from '../src/logger.js';
import { BuiltInServer } from '../src/server/built-in-server.js';
import { publishPackets } from './support/publish-packets.js';

const run = promisify(execFile);
const any = { host: '127.0.0.1', port: 0 };
const graceMs = 1000;
let [rtmp, http, folder] = ['', '', ''];
let server: BuiltInServer;

/** @param grace milliseconds that a publisher may stay away */
async function startServer(grace: number): Promise<void> {
  server = new BuiltInServer({
    logger: createLogger({ level: 'silent' }),
    segments: { graceMs: grace, listedSegments: 4 },
  });
  const addresses = await server.start({ rtmp: any, http: any });
  rtmp = `rtmp://127.0.0.1:${addresses.rtmp.port}`;
  http = `http://127.0.0.1:${addresses.http.port}`;
}

beforeEach(async () => {
  await startServer(graceMs);
  folder = await mkdtemp(join(tmpdir(), 'tallylight-segments-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const picture = (size: string, seconds: number): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=25:duration=${seconds}`,
];
const tone = (seconds: number): string[] => [
  '-f',
  'lavfi',
  '-i',
  `sine=sample_rate=44100:duration=${seconds}`,
];
const h264 = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '50', '-pix_fmt', 'yuv420p'],
];

const make = (args: readonly string[], file: string): Promise<unknown> =>
  run('ffmpeg', ['-v', 'error', '-nostdin', ...args, file]);

/** Publishes a file as it is, in real time; resolves once that is done. */
async function publishFile(file: string, name: string): Promise<void> {
  const child = spawn(
    'ffmpeg',
    [
      '-v',
      'error',
      '-nostdin',
      '-re',
      '-i',
      file,
      '-c',
      'copy',
      '-f',
      'flv',
      `${rtmp}/live/${name}`,
    ],
    { stdio: 'ignore' },
  );
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}`);
}

const isLive = (name: string) => server.streams().some((stream) => stream.name === name);

test('HLS: the rules of RFC 8216 in every state; the packets are the published ones, time by time', async () => {
  const file = join(folder, 'source.flv');
  await make([...picture('320x180', 13), ...tone(13), ...h264, '-c:a', 'aac'], file);
  const published = publishFile(file, 'one');
  await until('the stream', () => isLive('one'));
  const base = `${http}/live/one`;
  expect(brokenMultivariantRules(await (await fetch(`${base}/index.m3u8`)).text())).toEqual([]);
  const followed = await Promise.all(
    (['video', 'audio'] as const).map(async (kind) => ({
      kind,
      ...(await followPlaylist(`${base}/${kind}.m3u8`, join(folder, kind), () => false)),
    })),
  );
  await published;
  for (const { kind, texts, files } of followed) {
    for (const [index, text] of texts.entries())
      expect(brokenHlsRules(text, texts[index - 1]), text).toEqual([]);
    expect(parseMediaPlaylist(texts.at(-1) ?? '').hasEnded).toBe(true);
    expect(files).toHaveLength(1);
    const sent = await hashedPackets(file, kind === 'video' ? 'v:0' : 'a:0');
    expect(sent.length).toBeGreaterThan(300);
    expect(await hashedPackets(files[0] ?? '', kind === 'video' ? 'v:0' : 'a:0')).toEqual(sent);
  }
});

test.each([
  {
    name: 'HEVC and Opus',
    encoders: [
      ...['-c:v', 'libx265', '-preset', 'ultrafast', '-bf', '0'],
      ...['-x265-params', 'log-level=none:bframes=0', '-c:a', 'libopus'],
    ],
    codecs: /^hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*,opus$/,
  },
  {
    name: 'AV1 and FLAC',
    encoders: ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-c:a', 'flac'],
    codecs: /^av01\.0\.\d\dM\.08,flac$/,
  },
  {
    name: 'H.264 and MP3',
    encoders: ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-c:a', 'libmp3lame'],
    codecs: /^avc1\.[0-9a-f]{6},mp4a\.40\.34$/,
  },
])('$name pass as they are', async ({ encoders, codecs }) => {
  const file = join(folder, 'source.mp4');
  const sound = [...tone(5), '-ar', '48000'];
  const shape = ['-g', '25', '-pix_fmt', 'yuv420p', '-strict', '-2'];
  await make([...picture('320x180', 5), ...sound, ...encoders, ...shape], file);
  await publishPackets(file, `${rtmp}/live`, 'one');
  const base = `${http}/live/one`;
  const playlist = await (await fetch(`${base}/index.m3u8`)).text();
  expect(/CODECS="(.+?)"/.exec(playlist)?.[1]).toMatch(codecs);
  const manifest = await (await fetch(`${base}/manifest.mpd`)).text();
  const told = [...manifest.matchAll(/ codecs="(.+?)"/g)].map(([, each]) => each);
  expect(told.join(',')).toMatch(codecs);
  for (const [kind, track] of [
    ['video', 'v:0'],
    ['audio', 'a:0'],
  ] as const) {
    const { files } = await followPlaylist(`${base}/${kind}.m3u8`, join(folder, kind), () => false);
    const sent = await hashedPackets(file, track);
    const received = await hashedPackets(files[0] ?? '', track);
    expect(sent.length).toBeGreaterThan(50);
    expect(received.map(({ hash }) => hash)).toEqual(sent.map(({ hash }) => hash));
    const shift = (received[0]?.pts ?? NaN) - (sent[0]?.pts ?? NaN);
    const late = received.map(({ pts }, index) =>
      Math.abs(pts - (sent[index]?.pts ?? NaN) - shift),
    );
    // RTMP has whole milliseconds.
    expect(Math.max(...late)).toBeLessThanOrEqual(1);
  }
});

test('a publisher who comes back is played on, after a discontinuity; one who stays away ends the stream', async () => {
  await server.close();
  // Longer than a busy machine takes to start ffmpeg again.
  await startServer(10_000);
  const [first, second] = [join(folder, 'first.flv'), join(folder, 'second.flv')];
  await make([...picture('320x180', 6), ...tone(6), ...h264, '-c:a', 'aac'], first);
  await make([...picture('480x270', 4), ...h264], second);
  const published = publishFile(first, 'one').then(() => publishFile(second, 'one'));
  await until('the stream', () => isLive('one'));
  const { texts, files } = await followPlaylist(
    `${http}/live/one/video.m3u8`,
    join(folder, 'video'),
    () => false,
  );
  await published;
  for (const [index, text] of texts.entries())
    expect(brokenHlsRules(text, texts[index - 1]), text).toEqual([]);
  expect(files).toHaveLength(2);
  expect(await hashedPackets(files[0] ?? '', 'v:0')).toEqual(await hashedPackets(first, 'v:0'));
  expect(await hashedPackets(files[1] ?? '', 'v:0')).toEqual(await hashedPackets(second, 'v:0'));
  const { segments } = parseMediaPlaylist(texts.at(-1) ?? '');
  expect(segments.filter(({ isDiscontinuity }) => isDiscontinuity)).toHaveLength(1);
});
