import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BroadcastSnapshot } from '@tallylight/contract';
import { parseRtmpUrl, RtmpServer, type RtmpIngest } from 'node-rtmp-client';
import { withResolvers } from 'node-rtmp-client/async';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer, startSilentServer } from '../../../../test/support/fault-servers.js';
import { freePort } from '../../../../test/support/free-port.js';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  probe,
  strictlyRising,
} from '../../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../../test/support/nginx.js';
import { until } from '../../../../test/support/until.js';
import { destinationsOf } from '@tallylight/contract';
import { Broadcast, type BroadcastOptions } from '../../src/broadcast/broadcast.js';
import { summarize, type BroadcastSummary } from '../../src/broadcast-summary.js';
import { createLogger } from '../../src/logger.js';
import { defaultQueueLimits } from '../../src/outputs/rtmp/packet-queue.js';
import { Recorder } from '../../src/outputs/recording/recorder.js';
import {
  RtmpDestination,
  type DestinationTarget,
  type RtmpDestinationOptions,
} from '../../src/outputs/rtmp/rtmp-destination.js';
import { flvFileSource } from '../support/flv-file-source.js';

const encoding = {
  width: 640,
  height: 360,
  fps: 30,
  videoBitrate: 800_000,
  audioBitrate: 128_000,
  keyframeInterval: 1,
};

const key = 'se-cret-key_1';
const logLines: string[] = [];
let folder: string;
let clip: string;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-broadcast-'));
  clip = join(folder, 'clip.flv');
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-ac', '2', '-t', '8'],
    ...['-c:v', 'libx264', '-profile:v', 'high', '-bf', '2', '-g', '30', '-pix_fmt', 'yuv420p'],
    ...['-b:v', '800k', '-c:a', 'aac', '-b:a', '128k', clip],
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function target(serverUrl: string, streamKey = key): DestinationTarget {
  return { id: serverUrl, name: serverUrl, address: parseRtmpUrl(serverUrl), streamKey };
}

interface StartOptions extends Partial<BroadcastOptions> {
  readonly loops?: number;
  readonly recordTo?: string;
  readonly delivery?: Omit<RtmpDestinationOptions, 'target' | 'logger'>;
}

const run = async (broadcast: Broadcast): Promise<BroadcastSummary> =>
  summarize(await broadcast.run());

async function start(serverUrls: string[], options: StartOptions = {}): Promise<Broadcast> {
  const { loops = 1, recordTo, delivery, ...rest } = options;
  const logger = createLogger({ destination: { write: (line) => logLines.push(line) } });
  const broadcast = new Broadcast({
    version: '1.2.3',
    source: await flvFileSource(clip, loops),
    encoding,
    outputs: [
      ...serverUrls.map((url) => new RtmpDestination({ target: target(url), logger, ...delivery })),
      ...(recordTo === undefined ? [] : [new Recorder({ id: recordTo, path: recordTo })]),
    ],
    logger,
    ...rest,
  });
  cleanUps.push(() => broadcast.stop());
  return broadcast;
}

const stateOf = (broadcast: Broadcast, serverUrl: string) => {
  const found = destinationsOf(broadcast.snapshot).find(({ id }) => id === serverUrl);
  if (!found) throw new Error(`no destination ${serverUrl}`);
  return found;
};

async function startNginx(options?: Parameters<typeof startNginxRtmp>[0]): Promise<NginxRtmp> {
  const nginx = await startNginxRtmp(options);
  cleanUps.push(() => nginx.stop());
  return nginx;
}

/** What `on_publish` asks: is told the name of the stream, and answers when it wants to. */
async function startHook(
  onAsked: (name: string, answer: (status: number) => void) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const name = new URLSearchParams(body).get('name') ?? '';
      onAsked(name, (status) => response.writeHead(status).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}

async function startOurServer(
  onPublish: (ingest: RtmpIngest) => void | Promise<void>,
  port = 0,
): Promise<string> {
  const server = new RtmpServer({ onPublish });
  const address = await server.listen({ host: '127.0.0.1', port });
  cleanUps.push(() => server.close());
  return `rtmp://127.0.0.1:${address.port}/live`;
}

async function readAll(ingest: RtmpIngest): Promise<void> {
  ingest.accept();
  for await (const item of ingest.items) if (item.type === 'metadata') continue;
}

describe.skipIf(!hasNginxRtmp())('into nginx-rtmp', () => {
  test('what nginx records is what was sent, frame by frame, and so is our own recording', async () => {
    const nginx = await startNginx();
    const recordTo = join(folder, 'own.flv');
    const broadcast = await start([nginx.serverUrl], { recordTo });
    const seen: BroadcastSnapshot[] = [];
    broadcast.watch((snapshot) => seen.push(snapshot));
    const summary = await run(broadcast);
    expect(broadcast.snapshot.error).toBeUndefined();

    const [destination] = summary.destinations;
    expect(summary.video).toMatchObject({ frames: 240, keyframes: 8, droppedFrames: 0 });
    expect(destination).toMatchObject({ framesSent: 240, framesDropped: 0, state: 'stopped' });
    expect(destination?.goLiveMs).toBeGreaterThan(0);
    // The sound of the clip is a frame or two longer than its picture.
    expect(summary.durationMs - 8_000).toBeGreaterThanOrEqual(0);
    expect(summary.durationMs - 8_000).toBeLessThan(100);

    const recording = join(folder, 'nginx.flv');
    await copyFile(await nginx.recording(key), recording);
    for (const file of [recording, recordTo]) {
      expect(await decodeErrors(file)).toBe('');
      expect(await countFrames(file)).toBe(240);
      expect((await probe(file)).map(({ codec_name }) => codec_name).sort()).toEqual([
        'aac',
        'h264',
      ]);
      expect(strictlyRising(await decodeTimes(file, 'v:0'))).toBe(true);
      expect(strictlyRising(await decodeTimes(file, 'a:0'))).toBe(true);
    }

    // Live from the first accepted media on; the stable seconds are the last line of the checklist, after that.
    const stepsWhileLive = seen.flatMap((snapshot) =>
      snapshot.state === 'live'
        ? [destinationsOf(snapshot)[0]?.steps.map(({ state }) => state) ?? []]
        : [],
    );
    const accepted = ['done', 'done', 'skipped', ...Array.from({ length: 4 }, () => 'done')];
    expect(stepsWhileLive[0]?.slice(0, -1)).toEqual(accepted);
    expect(stepsWhileLive[0]?.at(-1)).not.toBe('done');
    expect(stepsWhileLive.at(-1)).toEqual([...accepted, 'done']);
    const rates = seen.flatMap(({ state, statistics }) =>
      state === 'live' ? (statistics?.video.fps ?? []) : [],
    );
    expect(Math.max(...rates)).toBeGreaterThan(20);
    expect(JSON.stringify([seen, summary, logLines])).not.toContain(key);
  });

  test('a wrong application fails with its name; nothing else is said to be wrong', async () => {
    const nginx = await startNginx();
    const broadcast = await start([nginx.serverUrl.replace(/live$/, 'nowhere')]);
    await broadcast.run();
    expect(broadcast.snapshot.error).toMatchObject({
      code: 'APP_REJECTED',
      phase: 'connect',
      data: { app: 'nowhere' },
    });
  });

  test('a key that nginx refuses without a word is tried once more, and then called refused', async () => {
    const asked: string[] = [];
    const hook = await startHook((name, answer) => {
      asked.push(name);
      answer(403);
    });
    const nginx = await startNginx({ directives: `on_publish ${hook};` });
    const broadcast = await start([nginx.serverUrl]);
    const told: (string | undefined)[] = [];
    broadcast.watch((snapshot) => {
      const code = destinationsOf(snapshot)[0]?.lastError?.code;
      if (told.at(-1) !== code) told.push(code);
    });
    await broadcast.run();
    expect(asked).toEqual([key, key]);
    expect(told.filter((code) => code !== undefined)).toEqual([
      ...['CLOSED_AT_PUBLISH', 'STREAM_REFUSED'],
    ]);
    expect(broadcast.snapshot.error).toMatchObject({
      ...{ code: 'STREAM_REFUSED', phase: 'publish' },
      data: { reason: { reason: 'closed-each-time' } },
    });
  });

  test('nginx that is killed while it asks about the key, and comes back, is live then', async () => {
    const rtmpPort = await freePort();
    const asking = withResolvers();
    let isFirst = true;
    const hook = await startHook((_, answer) => {
      if (isFirst) asking.resolve();
      else answer(200);
      isFirst = false;
    });
    const directives = `on_publish ${hook};`;
    const nginx = await startNginx({ rtmpPort, directives });
    const broadcast = await start([nginx.serverUrl], { loops: 4 });
    const states: string[] = [];
    const errors: string[] = [];
    broadcast.watch(({ state, outputs }) => {
      if (states.at(-1) !== state) states.push(state);
      const code = destinationsOf({ outputs })[0]?.lastError?.code;
      if (code !== undefined && errors.at(-1) !== code) errors.push(code);
    });
    const running = broadcast.run();
    await asking.promise;
    await nginx.kill();
    await until('it to wait', () => destinationsOf(broadcast.snapshot)[0]?.waiting !== undefined);
    // Never was it live, so that nothing is lost, and nothing comes back.
    expect(destinationsOf(broadcast.snapshot)[0]).toMatchObject({ state: 'connecting' });
    await startNginx({ rtmpPort, directives });
    await until('live', () => broadcast.snapshot.state === 'live');
    await broadcast.stop();
    expect(errors[0]).toBe('CLOSED_AT_PUBLISH');
    expect(errors).not.toContain('STREAM_REFUSED');
    expect(states).toEqual(['connecting', 'live', 'stopping', 'ended']);
    expect((await running).error).toBeUndefined();
    expect(destinationsOf(broadcast.snapshot)[0]).toMatchObject({
      reconnects: 0,
      state: 'stopped',
    });
  });

  test('somebody who is live with the same key already is a busy stream', async () => {
    const nginx = await startNginx();
    const first = await start([nginx.serverUrl], { loops: 4 });
    const running = first.run();
    await nginx.published(key);
    const second = await start([nginx.serverUrl]);
    await second.run();
    expect(second.snapshot.error?.code).toBe('STREAM_BUSY');
    expect(first.snapshot.error).toBeUndefined();
    await first.stop();
    await running;
  });

  test('dead, silent and unreading destinations cost a live one nothing', async () => {
    const nginx = await startNginx();
    const silent = await startSilentServer();
    cleanUps.push(() => silent.stop());
    const dead = `rtmp://127.0.0.1:${await freePort()}/live`;
    const mute = `rtmp://127.0.0.1:${silent.port}/live`;
    const unreading = await startOurServer((ingest) => ingest.accept());
    const broadcast = await start([nginx.serverUrl, dead, mute, unreading], {
      delivery: {
        queueLimits: {
          ...defaultQueueLimits,
          connectingMs: 3_000,
          flowingMs: 500,
          bytes: 1_000_000,
        },
      },
    });
    const summary = await run(broadcast);
    const [good, refused, unanswered] = summary.destinations;
    expect(good).toMatchObject({ framesSent: 240, framesDropped: 0, state: 'stopped' });
    expect(refused).toMatchObject({ state: 'failed', lastError: { code: 'CONNECTION_REFUSED' } });
    expect(unanswered).toMatchObject({ state: 'failed', lastError: { code: 'SERVER_SILENT' } });
    expect(await countFrames(await nginx.recording(key))).toBe(240);
    expect(broadcast.snapshot.error).toBeUndefined();
  });
});

describe('into a server that misbehaves', () => {
  test('one that stops reading: picture is dropped up to keyframes, and the stop still ends', async () => {
    const url = await startOurServer((ingest) => ingest.accept());
    const source = await flvFileSource(clip, 60);
    const broadcast = await start([url], {
      source: {
        ...source,
        async *packets(signal) {
          for await (const packet of source.packets(signal)) {
            const { payload, type, track } = packet;
            yield { ...packet, payload: padded(payload, type, track) };
          }
        },
      },
      delivery: {
        queueLimits: {
          ...defaultQueueLimits,
          connectingMs: 1_000,
          flowingMs: 500,
          bytes: 4_000_000,
        },
      },
    });
    const running = run(broadcast);
    await until('frames to be dropped', () => stateOf(broadcast, url).framesDropped > 60, 40_000);
    expect(stateOf(broadcast, url).state).not.toBe('failed');
    await broadcast.stop();
    expect((await running).destinations[0]?.state).toBe('stopped');
  });

  test('a server that goes away and comes back is live again', async () => {
    const port = await freePort();
    const first = new RtmpServer({ onPublish: readAll });
    await first.listen({ host: '127.0.0.1', port });
    const url = `rtmp://127.0.0.1:${port}/live`;
    const broadcast = await start([url], {
      loops: 10,
      delivery: { reconnectDelay: () => 200, timing: { stableMs: 1_000 } },
    });
    const running = run(broadcast);
    // One that goes within the stable seconds is a refusal.
    await until('stable', () => stateOf(broadcast, url).steps.at(-1)?.state === 'done');
    await first.close();
    await until('reconnecting', () => stateOf(broadcast, url).state === 'reconnecting');
    const keyframesFirst: boolean[] = [];
    await startOurServer(async (ingest) => {
      ingest.accept();
      for await (const item of ingest.items) {
        if (
          item.type === 'packet' &&
          item.packet.type === 'frame' &&
          item.packet.track === 'video'
        ) {
          keyframesFirst.push(item.packet.keyframe);
        }
      }
    }, port);
    await until('live again', () => stateOf(broadcast, url).state === 'live');
    expect(broadcast.snapshot.state).toBe('live');
    await broadcast.stop();
    const [destination] = (await running).destinations;
    expect(destination).toMatchObject({ reconnects: 1, state: 'stopped' });
    expect(keyframesFirst[0]).toBe(true);
    expect(destination?.framesMissed).toBeGreaterThan(0);
    expect(destination?.framesDropped).toBe(0);
  });

  test('one that closes right after publish', async () => {
    const url = await startOurServer((ingest) => {
      ingest.accept();
      setTimeout(() => ingest.abort(), 300);
    });
    const broadcast = await start([url]);
    await broadcast.run();
    expect(broadcast.snapshot.error).toMatchObject({ code: 'CLOSED_AFTER_PUBLISH' });
  });

  test('one that speaks HTTP is not RTMP', async () => {
    const server = await startHttpServer();
    cleanUps.push(() => server.stop());
    const broadcast = await start([`rtmp://127.0.0.1:${server.port}/live`]);
    await broadcast.run();
    expect(broadcast.snapshot.error).toMatchObject({ code: 'NOT_RTMP', phase: 'handshake' });
  });
});

/** Makes frames of picture large: a few seconds of them are more than any socket buffer. */
function padded(payload: Uint8Array, type: string, track: string): Uint8Array {
  if (type !== 'frame' || track !== 'video') return payload;
  const large = new Uint8Array(200_000);
  large.set(payload);
  return large;
}
