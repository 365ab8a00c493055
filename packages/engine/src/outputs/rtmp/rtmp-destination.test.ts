import type { DestinationStatus } from '@tallylight/contract';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeRtmp, rtmpError, type FakeConnection } from '../../../test/support/fake-rtmp.js';
import { maxRefusals } from './reconnect-limits.js';
import { media } from '../../../test/support/fake-source.js';
import {
  isLive,
  isStable,
  setUpBroadcast,
  steps,
  stopBroadcasts,
  timing,
} from '../../../test/support/set-up-broadcast.js';

afterEach(stopBroadcasts);

/** Waits until what was sent has left and the server has given a sign after it: else it may have been silent by then. */
async function heard(connection: FakeConnection, hasLeft: () => boolean): Promise<void> {
  await vi.waitUntil(hasLeft);
  let pings = 0;
  connection.onPing = () => (pings += 1);
  // The first of them has been answered by the second.
  await vi.waitUntil(() => pings >= 2);
}

describe('destinations', () => {
  test('a refused one fails by itself, the others go on', async () => {
    const { run, rtmp, broadcast, source, state, destination } = setUpBroadcast(['bad', 'good']);
    rtmp.onConnect('bad', () => {
      throw rtmpError('publish-rejected', 'publish', 'key bad is unknown', {
        serverCode: 'Denied',
      });
    });
    source.push(...media(0, 400));
    const summary = run();
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

  test('one that was put right and tried again has missed nothing, and went live as fast as that try', async () => {
    const { run, rtmp, broadcast, source, state, destination } = setUpBroadcast(['bad', 'good']);
    rtmp.onConnect('bad', (attempt) => {
      if (attempt === 0) throw rtmpError('refused', 'tcp');
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(() => destination('bad').state === 'failed' && isLive(broadcast.snapshot));
    source.push(...media(400, 1_200));
    await state(() => destination('good').framesSent === 30);
    expect(destination('bad')).toMatchObject({ framesMissed: 0, framesBefore: 30 });
    const askedAt = performance.now();
    let tookMs: number | undefined;
    broadcast.watch(() => {
      if (destination('bad').goLiveMs !== undefined) tookMs ??= performance.now() - askedAt;
    });
    broadcast.retry('bad');
    await vi.waitUntil(() => rtmp.of('bad').length === 1);
    source.push(...media(1_200, 2_400));
    await state(() => destination('bad').state === 'live');
    expect(destination('bad').goLiveMs).toBeLessThanOrEqual(Math.ceil(tookMs ?? NaN));
    source.end();
    const { destinations, video } = await summary;
    const [bad] = destinations;
    expect(bad).toMatchObject({ state: 'stopped', framesDropped: 0, framesMissed: 0 });
    expect((bad?.framesSent ?? NaN) + (bad?.framesBefore ?? NaN)).toBe(video.frames);
    expect(bad?.framesSent).toBe(rtmp.of('bad')[0]?.pictures.length);
    expect(destinations[1]).toMatchObject({ framesSent: video.frames, framesBefore: 0 });
  });

  test('one that refuses right after publish was never live: it has neither got nor missed anything', async () => {
    const { run, rtmp, source, state, destination, broadcast } = setUpBroadcast(['bad', 'good']);
    rtmp.onPublished('bad', (connection) => {
      connection.ping = undefined;
      setTimeout(() => connection.drop('closed'), 20);
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(() => destination('bad').state === 'failed' && isLive(broadcast.snapshot));
    expect(rtmp.of('bad')[0]?.pictures.length).toBeGreaterThan(0);
    source.push(...media(400, 1_200));
    await state(() => destination('good').framesSent === 30);
    source.end();
    const [bad] = (await summary).destinations;
    expect(bad?.goLiveMs).toBeUndefined();
    expect(bad).toMatchObject({ framesSent: 0, framesDropped: 0, framesMissed: 0 });
    expect(bad?.framesBefore).toBe(30);
  });

  test('what the computer loses is missing only to those that are live by then, until they end', async () => {
    const { run, rtmp, broadcast, source, state, destination } = setUpBroadcast(['late', 'good']);
    rtmp.onConnect('late', (attempt) => {
      if (attempt === 0) throw rtmpError('refused', 'tcp');
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(() => destination('late').state === 'failed' && isLive(broadcast.snapshot));
    expect(destination('late').isFinished).toBeUndefined();
    source.status.droppedFrames = 5;
    broadcast.retry('late');
    await vi.waitUntil(() => rtmp.of('late').length === 1);
    source.push(...media(400, 800));
    await state(() => destination('late').state === 'live');
    source.status.droppedFrames = 7;
    await broadcast.finish('good');
    source.status.droppedFrames = 10;
    expect(destination('late').framesLost).toBe(5);
    expect(destination('good').framesLost).toBe(7);
    source.end();
    await summary;
  });

  test('one that had failed when its show was ended cannot be tried again, and says so', async () => {
    const { run, rtmp, source, state, destination, broadcast } = setUpBroadcast(['good', 'bad']);
    rtmp.onConnect('bad', () => {
      throw rtmpError('refused', 'tcp');
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(() => destination('bad').state === 'failed' && isLive(broadcast.snapshot));
    await broadcast.finish('bad');
    expect(destination('bad')).toMatchObject({ state: 'failed', isFinished: true });
    expect(() => broadcast.retry('bad')).toThrow('NOT_BROADCASTING');
    expect(destination('bad').state).toBe('failed');
    source.end();
    await summary;
  });

  test('when all have failed the broadcast ends with the error', async () => {
    const { run, rtmp, broadcast, source } = setUpBroadcast(['a', 'b']);
    for (const key of ['a', 'b']) {
      rtmp.onConnect(key, () => {
        throw rtmpError('refused', 'tcp');
      });
    }
    source.push(...media(0, 400));
    const summary = await run();
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
    const { run, rtmp, source, state } = setUpBroadcast(['k1']);
    let pings = 0;
    rtmp.onPublished('k1', (connection) => {
      connection.ping = ms;
      connection.onPing = () => pings++;
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(isLive);
    if (ms === undefined) await new Promise((resolve) => setTimeout(resolve, 300));
    else await vi.waitUntil(() => pings > 2);
    source.end();
    await summary;
    if (ms === undefined) expect(pings).toBe(1);
  });

  test('a server that falls silent is said to be silent, then lost, and taken back', async () => {
    const { run, rtmp, source, state, destination, broadcast } = setUpBroadcast(['k1']);
    const seen: DestinationStatus[] = [];
    const losses: number[] = [];
    broadcast.watch(({ state: is, liveAt = NaN, onAirMs = NaN }) => {
      seen.push(destination('k1'));
      if (is === 'reconnecting') losses.push(Date.now() - liveAt - onAirMs);
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    const [first] = rtmp.of('k1');
    if (!first) throw new Error('no connection');
    // Writes are still taken, as the system does until its buffers are full.
    first.ping = undefined;
    expect(destination('k1').rttMs).toBe(1);
    await state(() => destination('k1').silentMs !== undefined);
    expect(destination('k1').state).toBe('live');
    // How long it takes to answer, nobody knows by now, nor while it is away.
    expect(destination('k1').rttMs).toBeUndefined();
    await state(() => rtmp.of('k1').length === 2);
    const away = seen.filter(({ state: is }) => is === 'reconnecting');
    expect(away.map(({ rttMs }) => rttMs)).toEqual(away.map(() => undefined));
    expect(away[0]?.lastError).toMatchObject({
      code: 'CONNECTION_LOST',
      data: { reason: { reason: 'timed-out' } },
    });
    // The time on air ends where the silence began; two clocks are rounded.
    expect(losses[0]).toBeGreaterThan(timing.silentMs - 5);
    source.push(...media(400, 1_200));
    await state(isLive);
    expect(destination('k1').silentMs).toBeUndefined();
    source.end();
    await summary;
  });

  test('what a silent server was sent counts as missed, from the moment at which the time on air ends', async () => {
    const { run, rtmp, source, state, destination } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    const [first] = rtmp.of('k1');
    if (!first) throw new Error('no connection');
    await heard(first, () => destination('k1').framesSent === 10);
    const before = destination('k1');
    first.ping = undefined;
    await vi.waitUntil(() => destination('k1').silentMs !== undefined);
    source.push(...media(1_000, 1_400));
    // Until it is lost they seem to have left.
    await vi.waitUntil(() => destination('k1').framesSent === before.framesSent + 10);
    await state(() => rtmp.of('k1').length === 2);
    const { framesSent, framesMissed, bytesSent } = destination('k1');
    expect({ framesSent, framesMissed }).toEqual({
      framesSent: before.framesSent,
      framesMissed: 10,
    });
    const again = rtmp.of('k1')[1]?.stats.bytesSent ?? NaN;
    expect(bytesSent).toBe(before.bytesSent + again);
    source.end();
    await summary;
  });

  test.each(['by hand', 'with its source'])(
    'a broadcast that ends %s while its server is silent is not done, and its time ends where the silence began',
    async (how) => {
      const { run, rtmp, source, state, destination, broadcast } = setUpBroadcast(['k1']);
      source.push(...media(0, 400));
      const summary = run();
      await state(isStable);
      const [first] = rtmp.of('k1');
      if (!first) throw new Error('no connection');
      await heard(first, () => destination('k1').framesSent === 10);
      first.ping = undefined;
      source.push(...media(1_000, 1_400));
      await state(({ statistics }) => statistics?.video.frames === 20);
      if (how === 'by hand') await broadcast.stop();
      else source.end();
      const { destinations, onAirMs } = await summary;
      expect(destinations[0]).toMatchObject({ framesSent: 10, framesMissed: 10 });
      // Of the silence a busy machine has not heard all; what it has heard is no time on air. Two clocks are rounded.
      const { lostAt = NaN } = destinations[0] ?? {};
      expect(Date.now() - lostAt).toBeGreaterThan(3 * timing.pingEveryMs - 5);
      expect(onAirMs).toBeLessThanOrEqual(lostAt - (broadcast.snapshot.liveAt ?? NaN) + 5);
      expect(destination('k1').state).toBe('stopped');
    },
  );

  test('one that answers no ping but acknowledges bytes is there', async () => {
    const { run, rtmp, source, state, destination } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    const [first] = rtmp.of('k1');
    if (!first) throw new Error('no connection');
    first.ping = undefined;
    let pings = 0;
    first.onPing = () => {
      pings += 1;
      first.stats.bytesAcknowledged += 1_000;
    };
    // Longer than it may be silent.
    await vi.waitUntil(() => pings > (2 * timing.silentMs) / timing.pingEveryMs, 10_000);
    expect(destination('k1').state).toBe('live');
    source.end();
    await summary;
  });

  test.each([
    ['before it takes media is not tried again', undefined, 1],
    // It said LIVE by then, and the server may have stopped just then.
    ['after it took media is tried once more', 1, 2],
  ])('a close right after publish reads as a refusal, and %s', async (_, pingMs, connections) => {
    const { rtmp, broadcast, source } = setUpBroadcast(['k1']);
    rtmp.onPublished('k1', (connection) => {
      connection.ping = pingMs;
      setTimeout(() => connection.drop('closed'), 20);
    });
    source.push(...media(0, 1_200));
    await broadcast.run();
    expect(broadcast.snapshot.error).toMatchObject({ code: 'CLOSED_AFTER_PUBLISH' });
    expect(rtmp.of('k1')).toHaveLength(connections);
  });

  test('a server that comes back only to refuse has never come back, and is given up', async () => {
    const { run, rtmp, source, state, destination, broadcast } = setUpBroadcast(['k1']);
    rtmp.onPublished('k1', (connection) => {
      if (rtmp.of('k1').length > 0) setTimeout(() => connection.drop('closed'), 20);
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    const waits: (string | undefined)[] = [];
    broadcast.watch(() => {
      const { waiting, lastError } = destination('k1');
      if (waiting) waits.push(lastError?.code);
    });
    rtmp.of('k1')[0]?.drop();
    expect((await summary).destinations[0]).toMatchObject({ state: 'failed', reconnects: 0 });
    expect(destination('k1').gaveUp).toBe(true);
    expect([...new Set(waits)]).toEqual(['CONNECTION_LOST', 'CLOSED_AFTER_PUBLISH']);
    expect(rtmp.of('k1')).toHaveLength(1 + maxRefusals);
  });

  test.each([
    ['its own end, has failed', 'failed', false],
    ['a stop, was stopped', 'stopped', true],
  ] as const)('what is lost and not back by %s', async (_, expected, byStop) => {
    const rtmp = new FakeRtmp();
    const { run, broadcast, source, state, destination } = setUpBroadcast(['k1'], {
      delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 60_000 },
    });
    source.push(...media(0, 1_200));
    const summary = run();
    await state(isStable);
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
    const { run, rtmp, source, state, destination } = setUpBroadcast(['k1']);
    source.push(...media(0, 1_200));
    const summary = run();
    await state(isStable);
    const { liveSince: firstLiveSince } = destination('k1');
    rtmp.of('k1')[0]?.drop();
    await state(() => destination('k1').state === 'reconnecting');
    const { lostAt = NaN, liveSince: awaySince } = destination('k1');
    expect(awaySince).toBeUndefined();
    await vi.waitUntil(() => rtmp.of('k1').length === 2);
    source.push(...media(1_200, 2_400));
    await state(() => destination('k1').state === 'live');
    const { liveSince: liveAgainSince } = destination('k1');
    source.end();
    const [summed] = (await summary).destinations;
    expect(summed?.lastError).toBeUndefined();
    expect(summed).toMatchObject({
      state: 'stopped',
      reconnects: 1,
      framesSent: 30 + 10,
      framesDropped: 0,
      framesMissed: 20,
    });
    const again = rtmp.of('k1')[1];
    // The time without a break begins anew.
    expect(firstLiveSince).toBeLessThan(lostAt);
    expect(liveAgainSince).toBeGreaterThanOrEqual(lostAt);
    expect(destination('k1').liveSince).toBeUndefined();
    expect(again?.metadata).toHaveLength(1);
    expect(again?.received.slice(0, 3).map(({ type, track }) => `${type} ${track}`)).toEqual([
      'config video',
      'config audio',
      'frame video',
    ]);
    expect(again?.pictures.slice(0, 2)).toEqual(['K2000', 'p2040']);
  });

  test('while reconnecting a busy stream is taken for the old session, and said so; no twice is a no', async () => {
    const { run, rtmp, broadcast, source, state, destination } = setUpBroadcast(['k1']);
    rtmp.onConnect('k1', (attempt) => {
      if (attempt === 1) throw rtmpError('stream-busy', 'publish', 'x', { serverCode: 'BadName' });
      if (attempt >= 3) throw rtmpError('publish-rejected', 'publish', 'x', { serverCode: 'No' });
    });
    const waits: (string | undefined)[] = [];
    broadcast.watch(() => {
      const { waiting, lastError } = destination('k1');
      if (waiting && lastError?.code !== waits.at(-1)) waits.push(lastError?.code);
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    rtmp.of('k1')[0]?.drop();
    await state(() => rtmp.of('k1').length === 2);
    source.push(...media(1_000, 1_400));
    await state(isStable);
    rtmp.of('k1')[1]?.drop();
    await summary;
    expect(waits).toEqual(['CONNECTION_LOST', 'STREAM_HELD', 'CONNECTION_LOST', 'STREAM_REFUSED']);
    expect(broadcast.snapshot.error?.code).toBe('STREAM_REFUSED');
    expect(destination('k1').gaveUp).toBe(true);
    expect(rtmp.of('k1')).toHaveLength(2);
  });

  test('one that is away for longer than it may be tried is given up', async () => {
    const rtmp = new FakeRtmp();
    const { run, source, state, destination } = setUpBroadcast(['k1'], {
      delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 5, reconnectLimitMs: 50 },
    });
    rtmp.onConnect('k1', (attempt) => {
      if (attempt > 0) throw rtmpError('refused', 'tcp');
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    rtmp.of('k1')[0]?.drop();
    expect((await summary).destinations[0]).toMatchObject({
      ...{ state: 'failed', lastError: { code: 'CONNECTION_REFUSED' } },
    });
    expect(destination('k1').gaveUp).toBe(true);
  });

  test('one that does not read drops up to keyframes, keeps its bound, and slows nobody', async () => {
    const { run, rtmp, source, state, destination } = setUpBroadcast(['slow', 'fast']);
    source.push(...media(0, 1_000));
    const summary = run();
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

  test('waits for its next try where everybody sees it, and tries at once when somebody asks', async () => {
    const rtmp = new FakeRtmp();
    const { run, broadcast, source, state, destination } = setUpBroadcast(['k1'], {
      delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 60_000 },
    });
    source.push(...media(0, 1_200));
    const summary = run();
    await state(isStable);
    const lostAt = Date.now();
    rtmp.of('k1')[0]?.drop();
    await state(() => destination('k1').state === 'reconnecting');
    const { waiting } = destination('k1');
    expect(waiting?.attempt).toBe(1);
    expect(waiting?.until).toBeGreaterThanOrEqual(lostAt + 60_000);
    broadcast.retry('k1');
    expect(destination('k1').waiting).toBeUndefined();
    await vi.waitUntil(() => rtmp.of('k1').length === 2);
    source.push(...media(2_000, 2_400));
    await state(() => destination('k1').state === 'live');
    source.end();
    expect((await summary).destinations[0]).toMatchObject({ state: 'stopped', reconnects: 1 });
  });

  test('one that is stopped while it is away says so, and what it missed', async () => {
    const rtmp = new FakeRtmp();
    const { run, broadcast, source, state, destination } = setUpBroadcast(['k1'], {
      delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 60_000 },
    });
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    const [connection] = rtmp.of('k1');
    if (!connection) throw new Error('no connection');
    await heard(connection, () => destination('k1').framesSent === 10);
    const sent = connection.pictures.length;
    connection.drop();
    await state(() => destination('k1').state === 'reconnecting');
    source.push(...media(1_000, 1_400));
    await state(({ statistics }) => statistics?.video.frames === 20);
    await broadcast.stop();
    const { destinations, video } = await summary;
    expect(destinations[0]).toMatchObject({
      ...{ state: 'stopped', lastError: { code: 'CONNECTION_LOST' } },
      ...{ framesSent: sent, framesMissed: video.frames - sent },
    });
    expect(destinations[0]?.lostAt).toBeGreaterThan(0);
  });

  test('a frame that a lost connection took along was missed, not dropped by a slow network', async () => {
    const { run, rtmp, source, state, destination } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    await state(isStable);
    const [connection] = rtmp.of('k1');
    if (!connection) throw new Error('no connection');
    connection.reads = false;
    source.push(...media(1_000, 1_400));
    await state(({ statistics }) => statistics?.video.frames === 20);
    connection.drop();
    await vi.waitUntil(() => rtmp.of('k1').length === 2);
    source.push(...media(2_000, 2_400));
    await state(() => destination('k1').state === 'live');
    const { framesDropped, framesMissed } = destination('k1');
    expect(framesMissed).toBeGreaterThanOrEqual(10);
    expect(framesDropped).toBe(0);
    source.end();
    // It is back: that it was away says nothing about the end.
    expect((await summary).destinations[0]?.lostAt).toBeUndefined();
  });

  test('what the library does by itself is told, and what it throws away is not sent', async () => {
    const { run, rtmp, source, state, destination } = setUpBroadcast(['k1']);
    source.push(...media(0, 400));
    const summary = run();
    await state(isLive);
    const [connection] = rtmp.of('k1');
    if (!connection) throw new Error('no connection');
    connection.tell({ type: 'held', error: undefined });
    connection.drops = true;
    expect(destination('k1').isHeld).toBe(true);
    source.push(...media(1_000, 1_400));
    await state(() => destination('k1').framesDropped === 10);
    connection.drops = false;
    expect(destination('k1').droppedBy).toEqual({ network: 0, move: 10 });
    connection.tell({ type: 'moved', shownUrl: 'rtmp://elsewhere.example.net/app' });
    connection.tell({ type: 'resumed' });
    expect(destination('k1')).toMatchObject({
      url: 'rtmp://elsewhere.example.net/app',
      moves: 1,
      framesSent: 10,
    });
    expect(destination('k1').isHeld).toBeUndefined();
    source.push(...media(2_000, 2_400));
    source.end();
    expect((await summary).destinations[0]).toMatchObject({
      url: 'rtmp://elsewhere.example.net/app',
      framesSent: 20,
      framesDropped: 10,
      droppedBy: { network: 0, move: 10 },
    });
  });
});
