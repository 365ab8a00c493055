import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeError,
  phaseSchema,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import { FlvDemuxer, type EncodedPacket } from 'node-rtmp-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeRtmp, rtmpError } from '../../test/support/fake-rtmp.js';
import { FakeSource, media, pacedSource } from '../../test/support/fake-source.js';
import { audioFrame, videoConfig, videoFrame } from '../../test/support/packets.js';
import { appError } from '../app-error.js';
import { createLogger } from '../logger.js';
import { Broadcast, type BroadcastOptions } from './broadcast.js';

const encoding = {
  width: 320,
  height: 180,
  fps: 25,
  videoBitrate: 500_000,
  audioBitrate: 128_000,
  keyframeInterval: 1,
};

const timing = { acknowledgeMs: 100, stableMs: 60, writeMs: 2_000, pingEveryMs: 50, drainMs: 300 };

const target = (key: string) => ({
  id: key,
  name: `Server ${key}`,
  serverUrl: 'rtmp://example.net/app',
  streamKey: key,
});

interface Setup {
  rtmp: FakeRtmp;
  source: FakeSource;
  broadcast: Broadcast;
  state: (predicate: (snapshot: BroadcastSnapshot) => boolean) => Promise<BroadcastSnapshot>;
  destination: (key: string) => DestinationStatus;
}

const running: Broadcast[] = [];

function setUp(
  keys: string[],
  options: Partial<BroadcastOptions> & { rtmp?: FakeRtmp } = {},
): Setup {
  const { rtmp = new FakeRtmp(), ...rest } = options;
  const source = new FakeSource();
  const broadcast = new Broadcast({
    source,
    encoding,
    destinations: keys.map(target),
    logger: createLogger({ level: 'silent' }),
    version: '1.2.3',
    delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 5 },
    ...rest,
  });
  running.push(broadcast);
  return {
    rtmp,
    source,
    broadcast,
    state: async (predicate) => {
      await vi.waitUntil(() => predicate(broadcast.snapshot), { timeout: 5_000, interval: 2 });
      return broadcast.snapshot;
    },
    destination: (key) => {
      const found = broadcast.snapshot.destinations.find(({ id }) => id === key);
      if (!found) throw new Error(`no destination ${key}`);
      return found;
    },
  };
}

const isLive = ({ state }: BroadcastSnapshot): boolean => state === 'live';
const steps = (list: { phase: string; state: string }[]): Record<string, string> =>
  Object.fromEntries(list.map(({ phase, state }) => [phase, state]));

afterEach(async () => {
  await Promise.all(running.splice(0).map((broadcast) => broadcast.stop()));
});

describe('a broadcast', () => {
  test('shows no token of an address', async () => {
    const rtmp = new FakeRtmp();
    rtmp.onConnect('k1', () => {
      throw rtmpError('connect-rejected', 'connect');
    });
    const serverUrl = 'rtmp://example.net/app?auth=T0KEN';
    const destinations = [{ ...target('k1'), serverUrl }];
    const { broadcast, source } = setUp([], { rtmp, destinations });
    source.push(...media(0, 400));
    await broadcast.run();
    const shown = broadcast.snapshot.destinations;
    expect(shown[0]).toMatchObject({
      url: 'rtmp://example.net/app',
      lastError: { data: { app: 'app' } },
    });
    expect(JSON.stringify(shown)).not.toContain('T0KEN');
  });

  test('goes live step by step, sends everything, and sums up', async () => {
    const { source, broadcast, state, rtmp, destination } = setUp(['k1']);
    const states: string[] = [];
    broadcast.watch(({ state: s }) => states.at(-1) !== s && states.push(s));
    source.droppedFrames = 2;
    source.push(...media(0, 2_000));
    const summary = broadcast.run();
    const live = await state(isLive);
    expect(steps(live.captureSteps)).toEqual({ camera: 'done', encoder: 'done' });
    expect(live.captureSteps[1]?.detail).toBe('320×180 H.264 + AAC');
    expect(steps(destination('k1').steps)).toMatchObject({
      tcp: 'done',
      tls: 'skipped',
      publish: 'done',
      acknowledged: 'done',
      stable: 'done',
    });
    source.end();
    expect(await summary).toEqual({
      durationMs: 2_000,
      video: { frames: 50, keyframes: 2, droppedFrames: 2, bytes: 5_000 },
      audio: { frames: 100, bytes: 2_000 },
      destinations: [
        {
          name: 'Server k1',
          url: 'rtmp://example.net/app',
          state: 'stopped',
          bytesSent: rtmp.of('k1')[0]?.stats.bytesSent,
          framesSent: 50,
          framesDropped: 0,
          reconnects: 0,
          goLiveMs: expect.any(Number) as number,
        },
      ],
    });
    expect(states).toEqual(['connecting', 'live', 'stopping', 'ended']);
    expect(broadcast.snapshot.error).toBeUndefined();
    expect(rtmp.of('k1')[0]?.closedInOrder).toBe(true);
    expect(rtmp.of('k1')[0]?.pictures).toHaveLength(50);
    expect(rtmp.of('k1')[0]?.metadata).toEqual([
      expect.objectContaining({
        width: 320,
        height: 180,
        framerate: 25,
        videocodecid: 7,
        audiocodecid: 10,
        audiosamplerate: 48_000,
        stereo: true,
        encoder: 'Tallylight/1.2.3',
      }),
    ]);
  });

  test('fills in the checklist in its order, and connects nowhere before there is a picture', async () => {
    const { broadcast, source, destination, rtmp, state } = setUp(['k1']);
    const done: string[] = [];
    broadcast.watch(({ captureSteps, destinations: [first] }) => {
      for (const step of [...captureSteps, ...(first?.steps ?? [])]) {
        if (step.state === 'done' && !done.includes(step.phase)) done.push(step.phase);
      }
    });
    void broadcast.run();
    source.push(audioFrame(0));
    await state(({ captureSteps }) => steps(captureSteps)['camera'] === 'done');
    await new Promise((resolve) => setTimeout(resolve, timing.stableMs));
    expect(rtmp.connections.size).toBe(0);
    expect(destination('k1').steps.every((step) => step.state === 'pending')).toBe(true);
    source.push(...media(0, 200));
    await state(isLive);
    expect(done.slice(0, 2)).toEqual(['camera', 'encoder']);
    expect(done).toEqual(phaseSchema.options.filter((phase) => done.includes(phase)));
    expect(done).toContain('stable');
  });

  test('says so when a server neither acknowledges nor answers pings, and goes live all the same', async () => {
    const { rtmp, broadcast, source, state, destination } = setUp(['k1']);
    rtmp.onPublished('k1', (connection) => (connection.ping = undefined));
    source.push(...media(0, 200));
    void broadcast.run();
    await state(isLive);
    const step = destination('k1').steps.find(({ phase }) => phase === 'acknowledged');
    expect(step).toMatchObject({ state: 'done' });
    expect(step?.detail).toMatch(/^not acknowledged by this server, \d+ bytes sent$/);
  });

  test('begins with the first keyframe at zero, configurations before it, and no sound from before', async () => {
    const { rtmp, broadcast, source } = setUp(['k1']);
    source.push(
      audioFrame(960),
      videoFrame(960),
      videoConfig(),
      audioFrame(1_000),
      audioFrame(1_021),
    );
    source.push(videoFrame(1_000, true), videoFrame(1_040));
    source.end();
    const { video } = await broadcast.run();
    const received = rtmp.of('k1')[0]?.received ?? [];
    expect(received.map(({ type, track, dts }) => `${type} ${track} ${dts / 1000}`)).toEqual([
      'config video 0',
      'frame video 0',
      'frame audio 0',
      'frame audio 21',
      'frame video 40',
    ]);
    expect(video.frames).toBe(2);
  });

  test('loses nothing while a server is slow to take the stream', async () => {
    const { rtmp, broadcast, source, destination } = setUp(['k1']);
    let open: () => void = () => undefined;
    rtmp.onConnect('k1', () => new Promise<void>((resolve) => (open = resolve)));
    const summary = broadcast.run();
    source.push(...media(0, 5_000));
    source.end();
    await vi.waitUntil(() => broadcast.snapshot.statistics?.video.frames === 125);
    open();
    expect((await summary).destinations[0]).toMatchObject({ framesSent: 125, framesDropped: 0 });
    expect(destination('k1').state).toBe('stopped');
  });

  test('ends after the duration, by the time of the picture', async () => {
    const { rtmp, broadcast, source } = setUp(['k1'], { durationMs: 1_000 });
    source.push(...media(0, 3_000));
    const { video, durationMs } = await broadcast.run();
    expect(video.frames).toBe(25);
    expect(durationMs).toBe(1_000);
    expect(rtmp.of('k1')[0]?.closedInOrder).toBe(true);
    expect(broadcast.snapshot.error).toBeUndefined();
  });

  test('a broken capture ends it with its error; what was sent is unpublished in order', async () => {
    const { rtmp, broadcast, source, state } = setUp(['k1']);
    source.push(...media(0, 400));
    const summary = broadcast.run();
    await state(isLive);
    source.fail(appError('CAPTURE_FAILED', { reason: 'it was unplugged' }));
    await summary;
    expect(broadcast.snapshot).toMatchObject({
      state: 'ended',
      error: { code: 'CAPTURE_FAILED', data: { reason: 'it was unplugged' } },
    });
    expect(rtmp.of('k1')[0]?.closedInOrder).toBe(true);
  });

  test('a capture that never opened is the failed step, and no server hears of it', async () => {
    const { broadcast, source, rtmp, destination } = setUp(['k1']);
    source.fail(appError('CAMERA_IN_USE', { device: 'Cam' }));
    await broadcast.run();
    expect(rtmp.connections.size).toBe(0);
    expect(destination('k1').state).toBe('stopped');
    expect(steps(broadcast.snapshot.captureSteps)).toMatchObject({ camera: 'failed' });
    expect(broadcast.snapshot.error?.code).toBe('CAMERA_IN_USE');
  });

  test('fail() ends it with what the window reported', async () => {
    const { broadcast, source, state } = setUp(['k1']);
    source.push(...media(0, 400));
    const summary = broadcast.run();
    await state(isLive);
    broadcast.fail(describeError('ENCODER_FAILED', { encoder: 'WebCodecs', reason: 'gone' }));
    await summary;
    expect(broadcast.snapshot.error?.code).toBe('ENCODER_FAILED');
  });

  test('stop() while connecting cancels at once', async () => {
    const { rtmp, broadcast, source, state, destination } = setUp(['k1']);
    rtmp.onConnect('k1', () => new Promise<void>(() => undefined));
    source.push(...media(0, 200));
    const summary = broadcast.run();
    await state(() => steps(destination('k1').steps)['handshake'] === 'active');
    await broadcast.stop();
    expect((await summary).destinations[0]?.state).toBe('stopped');
    expect(broadcast.snapshot).toMatchObject({ state: 'ended' });
    expect(broadcast.snapshot.error).toBeUndefined();
  });

  test('stop() ends although source and server hang', async () => {
    const { rtmp, broadcast, state } = setUp(['k1'], { source: pacedSource(60_000) });
    void broadcast.run();
    await state(isLive);
    const [connection] = rtmp.of('k1');
    if (connection) connection.reads = false;
    await broadcast.stop();
    expect(broadcast.snapshot.state).toBe('ended');
  });
});

describe('destinations', () => {
  test('a refused one fails by itself, the others go on', async () => {
    const { rtmp, broadcast, source, state, destination } = setUp(['bad', 'good']);
    rtmp.onConnect('bad', () => {
      throw rtmpError('publish-rejected', 'publish', 'key bad is unknown', {
        serverCode: 'Denied',
      });
    });
    source.push(...media(0, 400));
    const summary = broadcast.run();
    await state(isLive);
    expect(destination('bad')).toMatchObject({
      state: 'failed',
      lastError: { code: 'STREAM_REFUSED', phase: 'publish' },
    });
    expect(steps(destination('bad').steps)).toMatchObject({ publish: 'failed', stable: 'pending' });
    expect(JSON.stringify(destination('bad').lastError)).not.toContain('key bad');
    source.end();
    await summary;
    expect(broadcast.snapshot.error).toBeUndefined();
    expect(destination('good').state).toBe('stopped');
  });

  test('when all have failed the broadcast ends with the error', async () => {
    const { rtmp, broadcast, source } = setUp(['a', 'b']);
    for (const key of ['a', 'b']) {
      rtmp.onConnect(key, () => {
        throw rtmpError('refused', 'tcp');
      });
    }
    source.push(...media(0, 400));
    const summary = await broadcast.run();
    expect(broadcast.snapshot).toMatchObject({
      state: 'ended',
      error: { code: 'CONNECTION_REFUSED', data: { host: 'example.net', port: 1935 } },
    });
    expect(summary.destinations.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  test.each([
    ['does not answer the first ping is not asked again', undefined],
    ['answers is asked now and then', 1],
  ])('a server that %s', async (_, ms) => {
    const { rtmp, broadcast, source, state } = setUp(['k1']);
    let pings = 0;
    rtmp.onPublished('k1', (connection) => {
      connection.ping = ms;
      connection.onPing = () => pings++;
    });
    source.push(...media(0, 400));
    const summary = broadcast.run();
    await state(isLive);
    if (ms === undefined) await new Promise((resolve) => setTimeout(resolve, 300));
    else await vi.waitUntil(() => pings > 2);
    source.end();
    await summary;
    if (ms === undefined) expect(pings).toBe(1);
  });

  test('a close right after publish reads as a refusal and is not tried again', async () => {
    const { rtmp, broadcast, source } = setUp(['k1']);
    rtmp.onPublished('k1', (connection) => setTimeout(() => connection.drop('closed'), 20));
    source.push(...media(0, 400));
    await broadcast.run();
    expect(broadcast.snapshot.error).toMatchObject({ code: 'CLOSED_AFTER_PUBLISH' });
    expect(rtmp.of('k1')).toHaveLength(1);
  });

  test.each([
    ['rtmp://example.net', 'k', 'INVALID_URL'],
    ['http://example.net/app', 'k', 'INVALID_URL'],
    ['rtmp://example.net/app', '', 'EMPTY_KEY'],
  ])(
    '%s with key "%s" fails with %s before anything is sent',
    async (serverUrl, streamKey, code) => {
      const { rtmp, broadcast } = setUp([], {
        destinations: [{ ...target('k'), serverUrl, streamKey }],
      });
      await broadcast.run();
      expect(broadcast.snapshot.error?.code).toBe(code);
      expect(rtmp.connections.size).toBe(0);
    },
  );

  test.each([
    ['its own end, has failed', 'failed', false],
    ['a stop, was stopped', 'stopped', true],
  ] as const)('what is lost and not back by %s', async (_, expected, byStop) => {
    const rtmp = new FakeRtmp();
    const { broadcast, source, state, destination } = setUp(['k1'], {
      delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 60_000 },
    });
    source.push(...media(0, 1_200));
    const summary = broadcast.run();
    await state(isLive);
    rtmp.of('k1')[0]?.drop();
    await state(() => destination('k1').state === 'reconnecting');
    if (byStop) await broadcast.stop();
    else source.end();
    expect((await summary).destinations[0]).toMatchObject({
      state: expected,
      lastError: { code: 'CONNECTION_LOST' },
    });
    expect(broadcast.snapshot.error?.code).toBe(byStop ? undefined : 'CONNECTION_LOST');
  });

  test('a lost connection comes back: configurations, next keyframe, time goes on', async () => {
    const { rtmp, broadcast, source, state, destination } = setUp(['k1']);
    source.push(...media(0, 1_200));
    const summary = broadcast.run();
    await state(isLive);
    rtmp.of('k1')[0]?.drop();
    await state(() => destination('k1').state === 'reconnecting');
    await vi.waitUntil(() => rtmp.of('k1').length === 2);
    source.push(...media(1_200, 2_400));
    await state(() => destination('k1').state === 'live');
    source.end();
    expect((await summary).destinations[0]).toMatchObject({
      state: 'stopped',
      reconnects: 1,
      framesSent: 30 + 10,
      framesDropped: 20,
      lastError: { code: 'CONNECTION_LOST' },
    });
    const again = rtmp.of('k1')[1];
    expect(again?.metadata).toHaveLength(1);
    expect(again?.received.slice(0, 3).map(({ type, track }) => `${type} ${track}`)).toEqual([
      'config video',
      'config audio',
      'frame video',
    ]);
    expect(again?.pictures.slice(0, 2)).toEqual(['K2000', 'p2040']);
  });

  test('while reconnecting a busy stream is tried again, a refusal is not', async () => {
    const { rtmp, broadcast, source, state, destination } = setUp(['k1']);
    rtmp.onConnect('k1', (attempt) => {
      if (attempt === 1) throw rtmpError('stream-busy', 'publish', 'x', { serverCode: 'BadName' });
      if (attempt === 3) throw rtmpError('publish-rejected', 'publish', 'x', { serverCode: 'No' });
    });
    source.push(...media(0, 400));
    const summary = broadcast.run();
    await state(isLive);
    rtmp.of('k1')[0]?.drop();
    await state(() => rtmp.of('k1').length === 2);
    source.push(...media(1_000, 1_400));
    await state(() => destination('k1').state === 'live');
    rtmp.of('k1')[1]?.drop();
    await summary;
    expect(broadcast.snapshot.error?.code).toBe('STREAM_REFUSED');
    expect(rtmp.of('k1')).toHaveLength(2);
  });

  test('one that does not read drops up to keyframes, keeps its bound, and slows nobody', async () => {
    const { rtmp, broadcast, source, state, destination } = setUp(['slow', 'fast']);
    source.push(...media(0, 1_000));
    const summary = broadcast.run();
    await state(() => destination('slow').state === 'live' && destination('fast').state === 'live');
    const [slow] = rtmp.of('slow');
    const [fast] = rtmp.of('fast');
    if (slow) slow.reads = false;
    source.push(...media(1_000, 21_000));
    await vi.waitUntil(() => fast?.pictures.length === 525);
    expect(destination('slow').framesDropped).toBeGreaterThan(400);
    expect(destination('fast').framesDropped).toBe(0);
    source.end();
    await summary;
    const { framesSent, framesDropped } = destination('slow');
    // The one whose write was waiting is neither.
    expect(framesSent + framesDropped).toBeGreaterThanOrEqual(524);
  });
});

describe('recording', () => {
  const demux = (bytes: Uint8Array): EncodedPacket[] =>
    new FlvDemuxer().push(bytes).flatMap((item) => (item.type === 'packet' ? [item.packet] : []));

  test('keeps everything, and a file that exists is left alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-recording-'));
    try {
      const path = join(folder, 'show.flv');
      const first = setUp([], { recordTo: path });
      first.source.push(...media(0, 2_000));
      first.source.end();
      const summary = await first.broadcast.run();
      const bytes = await readFile(path);
      expect(summary.recording).toEqual({ path, bytes: bytes.byteLength });
      expect(demux(bytes)).toHaveLength(2 + 50 + 100);
      const [metadata] = new FlvDemuxer().push(bytes);
      expect(metadata).toMatchObject({
        value: { duration: 2, filesize: bytes.byteLength, keyframes: { times: [0, 1] } },
      });

      await writeFile(path, 'precious');
      const second = setUp(['k1'], { recordTo: path });
      second.source.push(...media(0, 400));
      const run = second.broadcast.run();
      await second.state(isLive);
      second.source.end();
      await run;
      expect(second.broadcast.snapshot.recording?.lastError).toMatchObject({
        code: 'RECORDING_FAILED',
        data: { reason: 'the file exists already' },
      });
      expect(second.broadcast.snapshot.error).toBeUndefined();
      expect(await readFile(path, 'utf8')).toBe('precious');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
