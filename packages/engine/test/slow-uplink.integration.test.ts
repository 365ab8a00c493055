import { appendFile } from 'node:fs/promises';
import type { BroadcastSnapshot } from '@tallylight/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeErrors } from '../../../test/support/media.js';
import { hasNginxRtmp } from '../../../test/support/nginx.js';
import { until } from '../../../test/support/until.js';
import { BroadcastThroughRig, encoding, type Account } from './support/broadcast-through-rig.js';
import { obedientSource } from './support/obedient-source.js';

const wide = { ...encoding, videoBitrate: 2_500_000 };
const slowMs = 20_000;

let show: BroadcastThroughRig;

afterEach(() => show.stop());

interface Moment {
  readonly at: number;
  readonly asked: number;
  readonly limit: number;
}

/** What the encoder was asked for, as it is told to all. */
function follow(): Moment[] {
  const moments: Moment[] = [];
  show.broadcast.watch(({ videoBitrate }) => {
    if (!videoBitrate) return;
    const { asked, limit } = videoBitrate;
    moments.push({ at: performance.now(), asked, limit });
  });
  return moments;
}

const bitrateNow = (): BroadcastSnapshot['videoBitrate'] => show.broadcast.snapshot.videoBitrate;

/** Milliseconds from `cutAt`, of the same clock as {@link Date.now}, until the encoder was asked for so little. */
function orderedAfter(cutAt: number, fits: number): number {
  const orders = show.logLines.flatMap((line) => {
    const { time, bitrate } = JSON.parse(line) as { time: number; bitrate?: number };
    return bitrate === undefined ? [] : [{ time, bitrate }];
  });
  const order = orders.find(({ time, bitrate }) => time >= cutAt && bitrate <= fits);
  return (order?.time ?? NaN) - cutAt;
}

/** Bytes a second for 40 % of what is sent, the sound included. */
const slowUplink = (): number => {
  const { bitrate } = show.destination;
  if (bitrate === undefined) throw new Error('no bitrate was measured');
  return Math.round((0.4 * bitrate) / 8);
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Figures for docs/measurements, where a file for them is named. */
async function record(name: string, account: Account, figures: object): Promise<void> {
  const { captured, lacking, destination } = account;
  const { framesDropped, framesMissed, reconnects } = destination;
  const counts = { captured: captured.length, lacking: lacking.length };
  const line = JSON.stringify({
    name,
    ...counts,
    framesDropped,
    framesMissed,
    reconnects,
    ...figures,
  });
  const file = process.env['TALLYLIGHT_FIGURES'];
  if (file !== undefined) await appendFile(file, `${line}\n`);
}

function expectAlmostWhole({ captured, lacking, destination, parts, foreign }: Account): void {
  const { framesSent, framesDropped, framesMissed = NaN, framesBefore = NaN } = destination;
  expect(framesSent + framesDropped + framesMissed + framesBefore).toBe(captured.length);
  expect(lacking.length / captured.length).toBeLessThan(0.02);
  expect(destination.reconnects).toBe(0);
  expect(parts).toHaveLength(1);
  expect(foreign).toBe(0);
}

describe.skipIf(!hasNginxRtmp())('an uplink into nginx-rtmp that is cut to 40 % for 20 s', () => {
  test.each([
    ['obeys at once', () => ({ source: obedientSource(wide), encoding: wide })],
    ['has to begin anew, as that of ffmpeg', () => ({})],
  ])(
    'is followed by an encoder that %s, loses nearly nothing, and is used again',
    async (name, media) => {
      show = await BroadcastThroughRig.start(media());
      await show.stable();
      const moments = follow();
      const { limit = NaN } = bitrateNow() ?? {};
      const room = slowUplink();
      await show.rig.apply({ rate: { up: room } });
      const [cutAt, cutTime] = [performance.now(), Date.now()];
      await pause(slowMs);
      const lowered = show.broadcast.snapshot;
      await show.rig.apply({ rate: { up: 'unlimited' } });
      const upAt = performance.now();
      await until('the bitrate to be back', () => (bitrateNow()?.asked ?? 0) >= 0.9 * limit);
      await until('the whole bitrate', () => bitrateNow()?.asked === limit);
      await show.sent(50);
      const account = await show.account();

      const fits = 8 * room - encoding.audioBitrate;
      const first = (from: number, isIt: (asked: number) => boolean): number =>
        (moments.find(({ at, asked }) => at >= from && isIt(asked))?.at ?? NaN) - from;
      const followedMs = first(cutAt, (asked) => asked <= fits);
      const backMs = first(upAt, (asked) => asked >= 0.9 * limit);
      await record(`uplink at 40 %, encoder ${name}`, account, {
        orderedMs: orderedAfter(cutTime, fits),
        ...{ room: 8 * room, followedMs: Math.round(followedMs), backMs: Math.round(backMs) },
        asked: moments
          .map(({ asked }) => asked)
          .filter((each, index, all) => each !== all[index - 1]),
      });
      expect(lowered.videoBitrate?.loweredFor).toEqual([lowered.outputs[0]?.id]);
      expect(lowered.outputs[0]).toMatchObject({ state: 'live' });
      // From then on it is the encoder's own time; another ffmpeg takes as long to begin as the machine has it.
      expect(orderedAfter(cutTime, fits)).toBeLessThan(3_000);
      expect(followedMs).toBeLessThan(slowMs);
      expect(backMs).toBeLessThan(15_000);
      expectAlmostWhole(account);
      if (!('source' in media())) expect(await decodeErrors(account.parts[0]?.file ?? '')).toBe('');
    },
  );

  test('leaves the limit to the user, who moves it down and up meanwhile', async () => {
    show = await BroadcastThroughRig.start({ source: obedientSource(wide), encoding: wide });
    await show.stable();
    const moments = follow();
    await show.rig.apply({ rate: { up: slowUplink() } });
    await until('the bitrate to follow', () => (bitrateNow()?.asked ?? NaN) < 1_000_000);
    await pause(5_000);
    const below = 300_000;
    const downAt = performance.now();
    await show.broadcast.setVideoBitrate(below);
    const told = performance.now() - downAt;
    // It may be at less already, while something still waits.
    expect(bitrateNow()?.limit).toBe(below);
    expect(bitrateNow()?.asked).toBeLessThanOrEqual(below);
    await pause(5_000);
    await show.broadcast.setVideoBitrate(2_000_000);
    await pause(10_000);
    const slow = bitrateNow();
    await show.rig.apply({ rate: { up: 'unlimited' } });
    const upAt = performance.now();
    await until('the new limit', () => (bitrateNow()?.asked ?? 0) >= 0.9 * 2_000_000);
    const backMs = performance.now() - upAt;
    await show.sent(50);
    const account = await show.account();
    await record('limit moved meanwhile', account, {
      ...{ toldMs: Math.round(told), backMs: Math.round(backMs) },
      asked: moments
        .map(({ asked }) => asked)
        .filter((each, index, all) => each !== all[index - 1]),
    });
    expect(slow?.asked).toBeLessThan(2_000_000);
    expect(backMs).toBeLessThan(15_000);
    for (const { asked, limit } of moments) expect(asked).toBeLessThanOrEqual(limit);
    expectAlmostWhole(account);
  });
});
