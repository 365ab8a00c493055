import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appError,
  describeError,
  destinationsOf,
  phaseSchema,
  recordingsOf,
} from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeRtmp, rtmpError } from '../../test/support/fake-rtmp.js';
import { media, pacedSource } from '../../test/support/fake-source.js';
import { audioFrame, videoConfig, videoFrame } from '../../test/support/packets.js';
import {
  isLive,
  isStable,
  setUpBroadcast,
  steps,
  stopBroadcasts,
  target,
  timing,
} from '../../test/support/set-up-broadcast.js';
import { summarize } from '../broadcast-summary.js';
import { Recorder } from '../outputs/recording/recorder.js';
import { BroadcastLog } from './broadcast-log.js';

afterEach(stopBroadcasts);

describe('a broadcast', () => {
  test('shows no token of an address', async () => {
    const rtmp = new FakeRtmp();
    rtmp.onConnect('k1', () => {
      throw rtmpError('connect-rejected', 'connect');
    });
    const address = parseRtmpUrl('rtmp://example.net/app?auth=T0KEN');
    const destinations = [{ ...target('k1'), address }];
    const { broadcast, source } = setUpBroadcast([], { rtmp, destinations });
    source.push(...media(0, 400));
    await broadcast.run();
    const shown = destinationsOf(broadcast.snapshot);
    expect(shown[0]).toMatchObject({
      url: 'rtmp://example.net/app',
      lastError: { data: { app: 'app' } },
    });
    expect(JSON.stringify(shown)).not.toContain('T0KEN');
  });

  test('tells what the program costs while it runs, where that is measured', async () => {
    const program = { cpu: 0.5, memoryBytes: 1_000 };
    let load: typeof program | undefined = program;
    const { run, broadcast, source, state } = setUpBroadcast(['k1'], { programLoad: () => load });
    source.push(...media(0, 400));
    const summary = run();
    expect((await state(isLive)).program).toEqual(program);
    load = undefined;
    expect(broadcast.snapshot).not.toHaveProperty('program');
    load = program;
    source.end();
    await summary;
    expect(broadcast.snapshot).not.toHaveProperty('program');
  });

  test('goes live step by step, sends everything, and sums up', async () => {
    const { run, source, broadcast, state, rtmp, destination } = setUpBroadcast(['k1']);
    const states: string[] = [];
    broadcast.watch(({ state: s }) => states.at(-1) !== s && states.push(s));
    source.status.droppedFrames = 2;
    source.push(...media(0, 2_000));
    const summary = run();
    const live = await state(isStable);
    expect(steps(live.captureSteps)).toEqual({ camera: 'done', encoder: 'done' });
    expect(live.captureSteps[1]?.detail).toBe('320×180 H.264 + AAC');
    expect(live.wanted).toEqual({ fps: 25, videoBitrate: 500_000, audioBitrate: 128_000 });
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
      onAirMs: expect.any(Number) as number,
      video: { frames: 50, keyframes: 2, droppedFrames: 2, bytes: 5_000 },
      audio: { frames: 100, bytes: 2_000 },
      destinations: [
        {
          id: 'k1',
          name: 'Server k1',
          url: 'rtmp://example.net/app',
          state: 'stopped',
          bytesSent: rtmp.of('k1')[0]?.stats.bytesSent,
          framesSent: 50,
          framesDropped: 0,
          droppedBy: { network: 0, move: 0 },
          framesMissed: 0,
          framesBefore: 0,
          framesLost: 0,
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

  test('gives no verdict on how it goes at first, and then the same to all, whenever they came', async () => {
    const { run, source, broadcast, state } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    const live = await state(isLive);
    expect(live.health).toBeUndefined();
    const judged = await state(({ health }) => health !== undefined);
    expect((judged.health?.since ?? 0) - (live.liveAt ?? NaN)).toBeGreaterThan(3_900);
    const seen = await Promise.all(
      [1, 2].map(
        () =>
          new Promise((resolve) => {
            const end = broadcast.watch(({ health }) => resolve((end(), health)));
          }),
      ),
    );
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({ level: 'poor', cause: 'source' });
    source.end();
    await summary;
    expect(broadcast.snapshot.health).toBeUndefined();
  });

  test('fills in the checklist in its order, and connects nowhere before there is a picture', async () => {
    const { broadcast, source, destination, rtmp, state } = setUpBroadcast(['k1']);
    const done: string[] = [];
    broadcast.watch((snapshot) => {
      const { captureSteps } = snapshot;
      const [first] = destinationsOf(snapshot);
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
    await state(isStable);
    expect(done.slice(0, 2)).toEqual(['camera', 'encoder']);
    expect(done).toEqual(phaseSchema.options.filter((phase) => done.includes(phase)));
    expect(done).toContain('stable');
  });

  test('says so when a server neither acknowledges nor answers pings, and goes live all the same', async () => {
    const { rtmp, broadcast, source, state, destination } = setUpBroadcast(['k1']);
    rtmp.onPublished('k1', (connection) => (connection.ping = undefined));
    source.push(...media(0, 200));
    void broadcast.run();
    await state(isLive);
    const step = destination('k1').steps.find(({ phase }) => phase === 'acknowledged');
    expect(step).toMatchObject({ state: 'done' });
    expect(step?.detail).toMatchObject({ reason: 'bytes-not-acknowledged' });
  });

  test('begins with the first keyframe at zero, configurations before it, and no sound from before', async () => {
    const { run, rtmp, source } = setUpBroadcast(['k1']);
    source.push(
      audioFrame(960),
      videoFrame(960),
      videoConfig(),
      audioFrame(1_000),
      audioFrame(1_021),
    );
    source.push(videoFrame(1_000, true), videoFrame(1_040));
    source.end();
    const { video } = await run();
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
    const { run, rtmp, broadcast, source, destination } = setUpBroadcast(['k1']);
    let open: () => void = () => undefined;
    rtmp.onConnect('k1', () => new Promise<void>((resolve) => (open = resolve)));
    const summary = run();
    source.push(...media(0, 5_000));
    source.end();
    await vi.waitUntil(() => broadcast.snapshot.statistics?.video.frames === 125);
    open();
    expect((await summary).destinations[0]).toMatchObject({ framesSent: 125, framesDropped: 0 });
    expect(destination('k1').state).toBe('stopped');
  });

  test('ends after the duration, by the time of the picture', async () => {
    const { run, rtmp, broadcast, source } = setUpBroadcast(['k1'], { durationMs: 1_000 });
    source.push(...media(0, 3_000));
    const { video, durationMs } = await run();
    expect(video.frames).toBe(25);
    expect(durationMs).toBe(1_000);
    expect(rtmp.of('k1')[0]?.closedInOrder).toBe(true);
    expect(broadcast.snapshot.error).toBeUndefined();
  });

  test('a broken capture ends it with its error; what was sent is unpublished in order', async () => {
    const { run, rtmp, broadcast, source, state } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
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
    const { broadcast, source, rtmp, destination } = setUpBroadcast(['k1']);
    source.fail(appError('CAMERA_IN_USE', { device: 'Cam' }));
    await broadcast.run();
    expect(rtmp.connections.size).toBe(0);
    expect(destination('k1').state).toBe('stopped');
    expect(steps(broadcast.snapshot.captureSteps)).toMatchObject({ camera: 'failed' });
    expect(broadcast.snapshot.error?.code).toBe('CAMERA_IN_USE');
  });

  test('fail() ends it with what the window reported', async () => {
    const { run, broadcast, source, state } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    await state(isLive);
    broadcast.fail(describeError('ENCODER_FAILED', { encoder: 'WebCodecs', reason: 'gone' }));
    await summary;
    expect(broadcast.snapshot.error?.code).toBe('ENCODER_FAILED');
  });

  test('stop() while connecting cancels at once', async () => {
    const { run, rtmp, broadcast, source, state, destination } = setUpBroadcast(['k1']);
    rtmp.onConnect('k1', () => new Promise<void>(() => undefined));
    source.push(...media(0, 200));
    const summary = run();
    await state(() => steps(destination('k1').steps)['handshake'] === 'active');
    await broadcast.stop();
    expect((await summary).destinations[0]?.state).toBe('stopped');
    expect(broadcast.snapshot).toMatchObject({ state: 'ended' });
    expect(broadcast.snapshot.error).toBeUndefined();
  });

  test('stop() delivers what a source that has been told to end still holds, where that is asked for', async () => {
    const { run, broadcast, source, state, destination } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    await state(isLive);
    const stopped = broadcast.stop(5_000);
    await state(({ state: s }) => s === 'stopping');
    source.push(...media(400, 800));
    source.end();
    await stopped;
    expect((await summary).destinations[0]?.state).toBe('stopped');
    const frames = media(0, 800).filter(({ track, type }) => track === 'video' && type === 'frame');
    expect(destination('k1')).toMatchObject({
      framesSent: frames.length,
      framesDropped: 0,
      framesMissed: 0,
    });
  });

  test('tells how much sound of a live capture was not delivered, and nothing of that of a file', async () => {
    for (const capturesLive of [true, false]) {
      const { run, source } = setUpBroadcast(['k1']);
      source.capturesLive = capturesLive;
      const silent = media(2_000, 5_000).filter(({ track }) => track === 'video');
      source.push(...media(0, 2_000), ...silent);
      source.end();
      const { audio } = await run();
      // From the sound at 1980 to the picture at 4960.
      const behind = capturesLive ? { behindMs: 2_980 } : {};
      expect(audio).toEqual({ frames: 100, bytes: 2_000, ...behind });
    }
  });

  test('stop() waits for a source no longer than was asked for', async () => {
    const { broadcast, source, state } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    void broadcast.run();
    await state(isLive);
    await broadcast.stop(50);
    expect(broadcast.snapshot).toMatchObject({ state: 'ended' });
    expect(broadcast.snapshot.error).toBeUndefined();
  });

  test('stop() ends although source and server hang', async () => {
    const { rtmp, broadcast, state } = setUpBroadcast(['k1'], { source: pacedSource(60_000) });
    void broadcast.run();
    await state(isLive);
    const [connection] = rtmp.of('k1');
    if (connection) connection.reads = false;
    await broadcast.stop();
    expect(broadcast.snapshot.state).toBe('ended');
  });

  test('is on air until its last media has left, not until the server has said that it got it', async () => {
    const { run, broadcast, source, state, rtmp } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    await state(isLive);
    const connection = rtmp.of('k1')[0];
    if (!connection) throw new Error('there is no connection');
    connection.pingWaitMs = 900;
    source.end();
    const endedAt = performance.now();
    const { onAirMs: atTheEnd = NaN } = broadcast.snapshot;
    const { onAirMs } = await summary;
    const waitedMs = performance.now() - endedAt;
    expect(waitedMs).toBeGreaterThan(800);
    expect(onAirMs).toBeGreaterThanOrEqual(atTheEnd);
    expect(onAirMs - atTheEnd).toBeLessThan(waitedMs - 300);
    expect(broadcast.snapshot.onAirMs).toBe(onAirMs);
  });

  test('is reconnecting, not live, while its only server is away, and does not count that time', async () => {
    const { run, broadcast, source, state, rtmp, destination } = setUpBroadcast(['k1'], {
      delivery: { reconnectDelay: () => 300 },
    });
    const asked: string[] = [];
    source.control = { requestKeyframe: () => void asked.push(broadcast.snapshot.state) };
    const states: string[] = [];
    broadcast.watch(({ state: s }) => states.at(-1) !== s && states.push(s));
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    rtmp.of('k1')[0]?.drop();
    const lost = await state((snapshot) => snapshot.state === 'reconnecting');
    const before = lost.onAirMs ?? NaN;
    expect(destination('k1')).toMatchObject({ bitrate: 0, waiting: { attempt: 1 } });
    expect(destination('k1').lostAt).toBeGreaterThan(0);
    source.push(...media(1_200, 1_400));
    await vi.waitUntil(() => rtmp.of('k1').length === 2);
    expect(broadcast.snapshot.onAirMs).toBe(before);
    source.push(...media(2_000, 2_400));
    await state((snapshot) => snapshot.state === 'live');
    expect(destination('k1').lostAt).toBeUndefined();
    // The frames that nobody was there to take are told apart from those that a slow network costs.
    expect(destination('k1').framesDropped).toBe(0);
    expect(destination('k1').framesMissed).toBeGreaterThan(0);
    // Viewers do not wait for the next keyframe.
    expect(asked).toEqual(['reconnecting']);
    source.end();
    await summary;
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'live', 'stopping', 'ended']);
    expect(broadcast.snapshot.onAirMs).toBeLessThan(
      Date.now() - (broadcast.snapshot.liveAt ?? 0) - 250,
    );
  });

  test('an output that was added by mistake does not take along what was well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-broadcast-'));
    const path = join(folder, 'show.flv');
    const { broadcast, source, state, newDestination, rtmp } = setUpBroadcast([], {
      recordTo: path,
    });
    rtmp.onConnect('typo', () => {
      throw rtmpError('dns-not-found', 'dns');
    });
    source.push(...media(0, 400));
    void broadcast.run();
    await state((snapshot) => snapshot.state === 'recording');
    broadcast.add(newDestination(target('typo')));
    source.push(...media(1_000, 1_400));
    await state(({ outputs }) =>
      outputs.some(({ id, state: s }) => id === 'typo' && s === 'failed'),
    );
    expect(broadcast.snapshot).toMatchObject({ state: 'recording' });
    expect(broadcast.snapshot.error).toBeUndefined();
    await broadcast.stop();
    await rm(folder, { recursive: true });
  });

  test('what is only recorded is never live, and a server that joins and leaves makes it so for that time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-broadcast-'));
    const recordTo = join(folder, 'show.flv');
    const { broadcast, source, state, newDestination } = setUpBroadcast([], { recordTo });
    const states: string[] = [];
    broadcast.watch((snapshot) => {
      if (states.at(-1) !== snapshot.state) states.push(snapshot.state);
    });
    source.push(...media(0, 400));
    const run = broadcast.run();
    await state((snapshot) => snapshot.state === 'recording');
    expect(broadcast.snapshot.liveAt).toBeUndefined();
    broadcast.add(newDestination(target('late')));
    source.push(...media(1_000, 1_400));
    await state(isLive);
    await broadcast.remove('late');
    await state((snapshot) => snapshot.state === 'recording');
    await broadcast.stop();
    const last = await run;
    expect(last.error).toBeUndefined();
    // What it was sent is not forgotten with it.
    const [{ framesSent } = { framesSent: 0 }] = destinationsOf({ outputs: last.removed ?? [] });
    expect(framesSent).toBeGreaterThan(0);
    expect(summarize(last)).toMatchObject({
      destinations: [],
      removed: [{ id: 'late', state: 'stopped', framesSent }],
    });
    expect(states).toEqual(['connecting', 'recording', 'live', 'recording', 'stopping', 'ended']);
    await rm(folder, { recursive: true });
  });

  test('a second show of what goes on being recorded has a time of its own, and the first is remembered', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-broadcast-'));
    const recordTo = join(folder, 'show.flv');
    const source = pacedSource(60_000);
    const set = setUpBroadcast(['k1'], { recordTo, source });
    const { broadcast, state, newDestination } = set;
    const run = broadcast.run();
    const first = await state(({ onAirMs = 0 }) => onAirMs >= 300);
    expect(first).not.toHaveProperty('earlierShows');
    await broadcast.finish('k1');
    const between = await state((snapshot) => snapshot.state === 'recording');
    const show = { liveAt: first.liveAt, onAirMs: between.onAirMs };
    expect(show.onAirMs).toBeGreaterThanOrEqual(300);
    await broadcast.remove('k1');
    const beganBy = Date.now();
    broadcast.add(newDestination(target('k2')));
    const second = await state(isLive);
    expect(second.liveAt).toBeGreaterThanOrEqual(beganBy);
    expect(second.onAirMs).toBeLessThanOrEqual(Date.now() - beganBy);
    expect(second.earlierShows).toEqual([show]);
    await broadcast.stop();
    const { onAirMs = NaN, liveAt, earlierShows } = await run;
    expect({ liveAt, earlierShows }).toEqual({ liveAt: second.liveAt, earlierShows: [show] });
    // The whole has both.
    expect(summarize(broadcast.snapshot).onAirMs).toBe((show.onAirMs ?? NaN) + onAirMs);
    await rm(folder, { recursive: true });
  });

  test('recordings that gave way to others are in the summary, each with its file, bytes and length', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-broadcast-'));
    const paths = ['1', '2', '3'].map((name) => join(folder, `${name}.flv`));
    const { broadcast, source, state } = setUpBroadcast(['k1']);
    const log = new BroadcastLog();
    const events = [...log.receive(broadcast.snapshot)];
    broadcast.watch((snapshot) => events.push(...log.receive(snapshot)));
    source.push(...media(0, 400));
    const run = broadcast.run();
    await state(isLive);
    for (const [index, path] of paths.entries()) {
      broadcast.add(new Recorder({ id: path, path }));
      source.push(...media(1_000 * (index + 1), 1_000 * (index + 1) + 400 + 200 * index));
      await state(({ outputs }) =>
        recordingsOf({ outputs }).some(({ id, frames = 0 }) => id === path && frames > 0),
      );
      if (index < 2) await broadcast.remove(path);
    }
    await broadcast.stop();
    const { recordings = [], recording } = summarize(await run);
    expect(recording).toBe(recordings[0]);
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    expect(recordings.map(({ path, bytes }) => [path, bytes])).toEqual(
      paths.map((path, index) => [path, sizes[index]]),
    );
    const lengths = recordings.map(({ durationMs }) => durationMs ?? 0);
    expect(lengths.every((length, index) => length > (lengths[index - 1] ?? 0))).toBe(true);
    // And so are they in the log.
    expect(
      events.filter(({ event }) => event === 'recording-ended').map(({ data }) => data),
    ).toEqual(
      paths.map((path, index) => ({ path, bytes: sizes[index], milliseconds: lengths[index] })),
    );
    await rm(folder, { recursive: true });
  });

  test('an output that was ended is no reason to wait, nor is there another of its id', async () => {
    const { broadcast, source, state, newDestination, rtmp } = setUpBroadcast(['slow', 'good']);
    rtmp.onConnect('slow', () => new Promise<void>(() => undefined));
    source.push(...media(0, 400));
    void broadcast.run();
    await state(isLive);
    await broadcast.finish('slow');
    expect(broadcast.snapshot.state).toBe('live');
    expect(() => broadcast.add(newDestination(target('good')))).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({ code: 'OUTPUT_ACTIVE' }) as unknown,
      }),
    );
    await broadcast.stop();
    expect(broadcast.snapshot.error).toBeUndefined();
    expect(() => setUpBroadcast(['same', 'same'])).toThrow('OUTPUT_ACTIVE');
  });
});
