import { appendFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeErrors } from '../../../test/support/media.js';
import { hasNginxRtmp } from '../../../test/support/nginx.js';
import { until } from '../../../test/support/until.js';
import {
  BroadcastThroughRig,
  encoding,
  frameMs,
  type Account,
  type RigOptions,
} from './support/broadcast-through-rig.js';

let show: BroadcastThroughRig;

afterEach(() => show.stop());

async function goLive(options: RigOptions = {}): Promise<void> {
  show = await BroadcastThroughRig.start(options);
  await show.stable();
}

/** Figures for docs/measurements, where a file for them is named. */
async function record(name: string, account: Account, figures: object): Promise<void> {
  const { captured, lacking, parts, destination } = account;
  const { framesSent, framesDropped, framesMissed, reconnects } = destination;
  const line = JSON.stringify({
    ...{ name, captured: captured.length, lacking: lacking.length, recordings: parts.length },
    ...{ framesSent, framesDropped, framesMissed, reconnects, ...figures },
  });
  const file = process.env['TALLYLIGHT_FIGURES'];
  if (file !== undefined) await appendFile(file, `${line}\n`);
}

/** What holds whatever the network does. */
async function expectTrueAccount(account: Account): Promise<void> {
  const { summary, destination, captured, parts, lacking, foreign } = account;
  const { framesSent, framesDropped, droppedBy, framesMissed = NaN } = destination;
  const { framesBefore = NaN } = destination;
  const notSent = framesDropped + framesMissed + framesBefore;
  // No server has asked to go on elsewhere.
  expect(droppedBy).toEqual({ network: framesDropped, move: 0 });
  expect(summary.video.frames).toBe(captured.length);
  expect(framesSent + notSent).toBe(captured.length);
  expect(foreign).toBe(0);
  // Nothing that lacks counts as sent.
  expect(notSent).toBeGreaterThanOrEqual(lacking.length);
  // What came after the last ping that was answered counts as missed, too. One leaves each second, and a machine that is
  // too busy to ask is given as much again.
  const unsure = 2 * encoding.fps * destination.reconnects;
  expect(notSent - lacking.length).toBeLessThanOrEqual(unsure);
  for (const { file, video, audio, beginsWhole } of parts) {
    expect(beginsWhole).toBe(true);
    expect(await decodeErrors(file)).toBe('');
    expect(longestStep(video)).toBeLessThanOrEqual(frameMs + 1);
    // AAC frames of 1024 samples, in whole milliseconds; those of another encoder, which takes over where the network is
    // slow, begin where they begin: half a frame may be missing.
    expect(longestStep(audio)).toBeLessThanOrEqual(33);
  }
  for (const connection of new Set(show.arrivals.all.map((each) => each.connection))) {
    const kinds = show.arrivals.of(connection).map(({ track, kind }) => `${track} ${kind}`);
    const firstFrame = kinds.findIndex((each) => !each.endsWith('config'));
    const headers = firstFrame < 0 ? kinds : kinds.slice(0, firstFrame);
    expect(headers.toSorted()).toEqual(['audio config', 'video config']);
    const picture = kinds.find((each) => each.startsWith('video') && !each.endsWith('config'));
    expect(picture ?? 'video keyframe').toBe('video keyframe');
  }
  expect(JSON.stringify([show.rig.log, show.logLines, summary])).not.toContain('se-cret');
}

/** Milliseconds; times never go back. */
function longestStep(packets: readonly { readonly dts: number }[]): number {
  const steps = packets.slice(1).map(({ dts }, index) => dts - (packets[index]?.dts ?? NaN));
  expect(Math.min(...steps)).toBeGreaterThan(0);
  return Math.max(...steps);
}

/** Milliseconds of picture between the last that arrived before `at` and the first one after it. */
function hole(at: number): number {
  const pictures = show.arrivals.all.filter(
    ({ track, kind }) => track === 'video' && kind !== 'config',
  );
  const last = pictures.findLast((each) => each.at < at);
  const next = pictures.find((each) => each.at >= at);
  return (next?.timestamp ?? NaN) - (last?.timestamp ?? NaN);
}

/** The longest wait between two tries, and a group of pictures. Milliseconds; machines are given as much again. */
const returnMs = 2 * (1_100 + 1_000 * encoding.keyframeInterval);

const round = Math.round;

describe.skipIf(!hasNginxRtmp())('through a bad network into nginx-rtmp', () => {
  test('a link that is cut for 3 s costs nothing where the connection stands', async () => {
    await goLive();
    await show.rig.play([
      { at: 0, link: 'cut' },
      { at: 3_000, link: 'up' },
    ]);
    const up = performance.now();
    const back = await show.picture(up);
    await show.sent(50);
    const account = await show.account();
    await record('cut, connection stands', account, { linkToMediaMs: round(back.at - up) });
    await expectTrueAccount(account);
    expect(account.destination.reconnects).toBe(0);
    expect(account.lacking).toEqual([]);
  });

  test('a link that is down for 3 s, connection broken, costs that and the way to the next keyframe', async () => {
    await goLive();
    const cutAt = performance.now();
    await show.rig.reset();
    await show.rig.play([
      { at: 0, link: 'refused' },
      { at: 3_000, link: 'up' },
    ]);
    const up = performance.now();
    const back = await show.picture(up);
    await show.sent(50);
    const account = await show.account();
    const reached = show.rig.log.findLast(({ type }) => type === 'reached')?.atMs ?? NaN;
    const upAt = show.rig.log.findLast(({ type }) => type === 'faults')?.atMs ?? NaN;
    await record('down, connection broken', account, {
      linkToConnectionMs: reached - upAt,
      linkToMediaMs: round(back.at - up),
      holeMs: hole(up),
    });
    await expectTrueAccount(account);
    expect(account.destination.reconnects).toBe(1);
    expect(account.parts).toHaveLength(2);
    // All that lacks lies between the two recordings.
    expect(account.lacking.length).toBe(Math.round(hole(up) / frameMs) - 1);
    expect(hole(up)).toBeLessThan(up - cutAt + returnMs);
  });

  test('a server that is killed, and comes back, is live again by itself', async () => {
    await goLive();
    await show.killServer();
    const killed = performance.now();
    await show.rig.next('unreached');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const reached = show.rig.next('reached');
    const restarting = show.restartServer();
    const reachedAt = reached.then(() => performance.now());
    const up = await restarting;
    const [at, back] = [await reachedAt, await show.picture(killed)];
    await show.sent(50);
    const account = await show.account();
    await record('server killed', account, {
      awayMs: round(up - killed),
      serverToConnectionMs: round(at - up),
      serverToMediaMs: round(back.at - up),
      holeMs: hole(killed),
    });
    await expectTrueAccount(account);
    expect(account.destination.reconnects).toBe(1);
    expect(hole(killed)).toBeLessThan(up - killed + returnMs);
  });

  test('a half-open link is noticed, and what went into it is missed, not sent', async () => {
    await goLive();
    await show.rig.halfOpen();
    const begun = performance.now();
    await until('the loss', () => show.destination.state === 'reconnecting');
    const noticed = performance.now();
    const back = await show.picture(noticed);
    await show.sent(50);
    const account = await show.account();
    await record('half-open', account, {
      noticedMs: round(noticed - begun),
      noticedToMediaMs: round(back.at - noticed),
      holeMs: hole(begun),
    });
    await expectTrueAccount(account);
    expect(account.destination.reconnects).toBe(1);
    expect(noticed - begun).toBeLessThan(10_000);
  });

  test('a server that takes the lost connection for there is waited for, and says so', async () => {
    // As long as nginx takes the publisher for there, it refuses everybody else.
    await goLive({ application: 'drop_idle_publisher 20s;' });
    await show.rig.apply({ halfOpen: 'both' });
    const begun = performance.now();
    const isHeld = (): boolean => show.destination.lastError?.code === 'STREAM_HELD';
    await until('the server to refuse the stream', isHeld);
    const refused = performance.now();
    expect(show.destination.state).toBe('reconnecting');
    expect(show.destination.lostAt).toBeDefined();
    const back = await show.picture(refused);
    await show.sent(50);
    const account = await show.account();
    await record('half-open on both sides', account, {
      refusedAfterMs: round(refused - begun),
      heldForMs: round(back.at - refused),
    });
    await expectTrueAccount(account);
    expect(account.destination.reconnects).toBe(1);
    expect(await show.serverLog()).toContain('already publishing');
  });

  test('300 ms of jitter both ways cost no frame', async () => {
    await goLive();
    await show.rig.apply({ latency: 20, jitter: 300 });
    await show.sent(15 * encoding.fps);
    const { rttMs } = show.destination;
    const account = await show.account();
    await record('300 ms jitter', account, { rttMs: round(rttMs ?? NaN) });
    await expectTrueAccount(account);
    expect(account.destination).toMatchObject({ reconnects: 0, framesDropped: 0, framesMissed: 0 });
    expect(account.lacking).toEqual([]);
    expect(account.parts).toHaveLength(1);
  });

  test('a reset each 5 s for a minute is a reconnection each time, from a keyframe with its headers', async () => {
    await goLive();
    const times = 12;
    await show.rig.play([{ at: 0, every: 5_000, times, reset: true }]);
    await show.picture(performance.now());
    await show.stable();
    const account = await show.account();
    const resets = show.rig.log.flatMap((event) => (event.type === 'faults' ? [event.atMs] : []));
    const firsts = resets.map((atMs) =>
      show.rig.log.find((event) => event.type === 'reached' && event.atMs > atMs),
    );
    await record('reset each 5 s', account, {
      resetToConnectionMs: firsts.map(
        (each, index) => (each?.atMs ?? NaN) - (resets[index] ?? NaN),
      ),
      lackingShare: Number((account.lacking.length / account.captured.length).toFixed(3)),
    });
    await expectTrueAccount(account);
    expect(account.destination.reconnects).toBe(times);
    expect(account.parts).toHaveLength(times + 1);
  });
});
