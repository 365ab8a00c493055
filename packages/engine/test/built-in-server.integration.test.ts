import { AppError } from '@tallylight/contract';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FlvDemuxer, parseRtmpUrl, play, publish, RtmpError, type FlvItem } from 'node-rtmp-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countFrames, decodeErrors, probe } from '../../../test/support/media.js';
import { until } from '../../../test/support/until.js';
import { createLogger } from '../src/logger.js';
import { BuiltInServer } from '../src/server/built-in-server.js';

const any = { host: '127.0.0.1', port: 0 };
const logger = createLogger({ level: 'silent' });
let server: BuiltInServer;
let rtmp = '';
let http = '';
let folder = '';
const children = new Set<ChildProcess>();

beforeEach(async () => {
  server = new BuiltInServer({ logger });
  const addresses = await server.start({ rtmp: any, http: any });
  rtmp = `rtmp://127.0.0.1:${addresses.rtmp.port}`;
  http = `http://127.0.0.1:${addresses.http.port}`;
  folder = await mkdtemp(join(tmpdir(), 'tallylight-server-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** ffmpeg, publishing a moving picture with a keyframe every second until it is told to stop. */
async function ffmpegPublishes(
  url: string,
  options: { sound?: boolean } = {},
): Promise<() => void> {
  const before = server.streams().length;
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-c:a', 'aac'];
  const child = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
      ...(options.sound === false ? [] : tone),
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25'],
      ...['-f', 'flv', url],
    ],
    { stdio: 'ignore' },
  );
  children.add(child);
  await until('the stream to be listed', () => server.streams().length > before);
  return () => child.kill('SIGINT');
}

const ffmpegRecords = (url: string, file: string, seconds: number): Promise<unknown> =>
  promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-i', url, '-t', `${seconds}`, '-c', 'copy', file],
  ]);

/** The first items of an HTTP-FLV stream. */
async function firstItems(url: string, count: number): Promise<FlvItem[]> {
  const response = await fetch(url);
  expect(response.headers.get('content-type')).toBe('video/x-flv');
  const demuxer = new FlvDemuxer();
  const items: FlvItem[] = [];
  if (!response.body) throw new Error('no body');
  for await (const bytes of response.body as AsyncIterable<Uint8Array>) {
    items.push(...demuxer.push(bytes));
    if (items.length >= count) break;
  }
  return items;
}

test('ffmpeg publishes; ffmpeg plays it over RTMP and over HTTP-FLV', async () => {
  await ffmpegPublishes(`${rtmp}/any/app/one`);
  const files = { rtmp: join(folder, 'rtmp.flv'), http: join(folder, 'http.flv') };
  await Promise.all([
    ffmpegRecords(`${rtmp}/any/app/one`, files.rtmp, 3),
    ffmpegRecords(`${http}/any/app/one.flv`, files.http, 3),
  ]);
  for (const file of Object.values(files)) {
    expect(await decodeErrors(file)).toBe('');
    expect((await probe(file)).map((stream) => stream.codec_name).sort()).toEqual(['aac', 'h264']);
    expect(await countFrames(file)).toBeGreaterThan(50);
  }
});

test('whoever joins late begins with the configurations and a keyframe', async () => {
  await ffmpegPublishes(`${rtmp}/live/late`);
  await firstItems(`${http}/live/late.flv`, 60);
  const items = await firstItems(`${http}/live/late.flv`, 10);
  const packets = items.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
  expect(items[0]?.type).toBe('metadata');
  expect(packets.slice(0, 2).map(({ track, type }) => `${track} ${type}`)).toEqual([
    ...['video config', 'audio config'],
  ]);
  expect(packets[2]).toMatchObject({ track: 'video', type: 'frame', keyframe: true });
});

test('a second publisher of the same stream is refused, and the first goes on', async () => {
  await ffmpegPublishes(`${rtmp}/live/taken`);
  const address = parseRtmpUrl(`${rtmp}/live`, { withKey: false });
  const refused: unknown = await publish({ address, streamKey: 'taken' }).catch((e: unknown) => e);
  expect(refused).toBeInstanceOf(RtmpError);
  expect((refused as RtmpError).code).toBe('stream-busy');
  expect((refused as RtmpError).data['serverCode']).toBe('NetStream.Publish.BadName');
  expect((await firstItems(`${http}/live/taken.flv`, 20)).length).toBeGreaterThanOrEqual(20);
});

test('when the publisher leaves its players are told, and the name is free again', async () => {
  const stop = await ffmpegPublishes(`${rtmp}/live/again`);
  const file = join(folder, 'to-its-end.flv');
  const playing = ffmpegRecords(`${rtmp}/live/again`, file, 600);
  await until('the player to be there', () => server.streams()[0]?.players === 1);
  stop();
  await playing;
  await until('the name to be free', () => server.streams().length === 0);
  await ffmpegPublishes(`${rtmp}/live/again`);
  expect(server.streams()).toMatchObject([{ app: 'live', name: 'again' }]);
});

test('a player that does not read loses frames up to a keyframe, and nobody waits for it', async () => {
  const total = 400;
  const slow = connect(Number(new URL(http).port), '127.0.0.1');
  const address = parseRtmpUrl(`${rtmp}/live`, { withKey: false });
  const publisher = await publish({ address, streamKey: 'slow' });
  slow.write('GET /live/slow.flv HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n');
  slow.pause();
  await until('the slow player', () => server.streams()[0]?.players === 1);

  // 100 MiB, several times what may wait for one player and what the system's buffers hold.
  for (let number = 0; number < total; number += 1) {
    const payload = Buffer.alloc(256 * 1024);
    payload.writeUInt32BE(number);
    const time = number * 40_000;
    await publisher.write({
      ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: number % 10 === 0 },
      ...{ pts: time, dts: time, payload },
    });
  }
  await publisher.close();
  await until('the stream to end', () => server.streams().length === 0);

  const demuxer = new FlvDemuxer();
  const numbers: number[] = [];
  let head = Buffer.alloc(0);
  let inBody = false;
  for await (const chunk of slow as AsyncIterable<Buffer>) {
    let bytes = chunk;
    if (!inBody) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) continue;
      inBody = true;
      bytes = head.subarray(end + 4);
    }
    for (const item of demuxer.push(bytes)) {
      if (item.type === 'packet') numbers.push(Buffer.from(item.packet.payload).readUInt32BE());
    }
  }
  demuxer.end();
  expect(numbers.length).toBeLessThan(total);
  expect(server.statistics().total).toMatchObject({
    ...{ framesIn: { video: total }, framesDropped: total - numbers.length },
  });
  const resumed = numbers.filter((number, i) => i > 0 && number !== (numbers[i - 1] ?? 0) + 1);
  expect(resumed.length).toBeGreaterThan(0);
  expect(resumed.filter((number) => number % 10 !== 0)).toEqual([]);
});

test('HTTP answers in words, and streams may be played from any page', async () => {
  const nothing = await fetch(`${http}/live/nothing.flv`);
  expect(nothing.status).toBe(404);
  expect(await nothing.text()).toContain('Nobody publishes');
  expect((await fetch(`${http}/nowhere`)).status).toBe(404);
  expect((await fetch(`${http}/../../package.json`)).status).toBe(404);
  expect((await fetch(http, { method: 'POST' })).status).toBe(405);

  await ffmpegPublishes(`${rtmp}/live/listed`);
  const head = await fetch(`${http}/live/listed.flv`, { method: 'HEAD' });
  expect(head.headers.get('access-control-allow-origin')).toBe('*');
  await until('both tracks', () => server.streams()[0]?.video && server.streams()[0]?.audio);
  const list = await fetch(`${http}/api/streams`);
  expect(list.headers.get('access-control-allow-origin')).toBeNull();
  expect(await list.json()).toMatchObject({
    streams: [
      {
        ...{ app: 'live', name: 'listed', players: 0 },
        video: { codec: 'h264', width: 320, height: 180 },
        audio: { codec: 'aac', sampleRate: 48_000 },
      },
    ],
  });
  const page = await fetch(http);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const file of ['viewer.js', 'viewer.css', 'mpegts.js', 'hls.js', 'dash.js']) {
    expect((await fetch(`${http}/viewer/${file}`)).status).toBe(200);
  }
});

test('another name for this machine is not answered', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(http).port), '127.0.0.1');
    socket.write('GET /api/streams HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    socket.once('data', (data) => resolve(data.toString()));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
});

test('a port that is in use is told as such, and nothing is left listening', async () => {
  const taken = { host: '127.0.0.1', port: Number(new URL(http).port) };
  for (const wanted of [
    { rtmp: taken, http: any },
    { rtmp: any, http: taken },
  ]) {
    const second = new BuiltInServer({ logger });
    const error: unknown = await second.start(wanted).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).info).toMatchObject({ code: 'PORT_IN_USE' });
  }
});

const opaque = (track: 'video' | 'audio', dts: number, payload: Uint8Array): FlvItem => ({
  type: 'opaque',
  packet: {
    ...{ track, codec: 'any', codecId: 0, type: 'frame', keyframe: true },
    ...{ pts: dts, dts, payload },
  },
});

test.each([
  { name: 'back by a minute', by: -60_000_000 },
  { name: 'ahead by an hour', by: 3_600_000_000 },
])(
  'what is not understood is relayed, and a clock that is set $name is followed, over RTMP and HTTP-FLV',
  async ({ by }) => {
    const address = parseRtmpUrl(`${rtmp}/live`, { withKey: false });
    const publisher = await publish({ address, streamKey: 'old' });
    // Sorenson H.263 and G.711.
    const picture = Uint8Array.of(0x12, 0, 0, 0x84, 1);
    const sound = Uint8Array.of(0x82, 0xff, 0xff);
    const from = 100_000_000;
    const send = async (dts: number): Promise<void> => {
      await publisher.writeItem(opaque('video', dts, picture));
      await publisher.writeItem(opaque('audio', dts, sound));
    };
    await send(from);
    await until('the stream', () => server.streams()[0]?.audio !== undefined);
    expect(server.streams()[0]).toMatchObject({
      ...{ video: { codec: 'Sorenson H.263' }, audio: { codec: 'G.711 µ-law' } },
    });
    const overHttp = firstItems(`${http}/live/old.flv`, 6);
    const player = await play({ address, streamKey: 'old' });
    await until('the players', () => server.streams()[0]?.players === 2);
    await send(from + by);
    await send(from + by + 40_000);
    const overRtmp: FlvItem[] = [];
    for await (const item of player) if (overRtmp.push(item) === 6) break;
    await publisher.close();
    for (const items of [overRtmp, await overHttp]) {
      const packets = items.flatMap((item) => (item.type === 'opaque' ? [item.packet] : []));
      expect(packets.map(({ track, dts }) => [track, dts - from])).toEqual(
        [0, 40_000, 80_000].flatMap((at) => [
          ['video', at],
          ['audio', at],
        ]),
      );
      for (const { track, payload } of packets) {
        expect([...payload]).toEqual([...(track === 'video' ? picture : sound)]);
      }
    }
  },
);
