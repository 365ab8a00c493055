import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import { FaultRig } from '../test/support/fault-rig/fault-rig.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { until } from '../test/support/until.js';
import { launchChromium, makeFootage } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { bitrate, expectWhole, recordedFrames } from './recording.js';
import { smallPicture, startStudio } from './studio.js';
import { watchSnapshots } from './watch-broadcast.js';

const wanted = 1_500_000;
const slowMs = 20_000;
/** Milliseconds after the cut from which on the stream has to fit, all that had waited being gone. */
const drainedMs = 10_000;

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

let folder: string;
let footage: { video: string; audio: string };
let nginx: NginxRtmp;
let rig: FaultRig;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-uplink-'));
  footage = await makeFootage(folder);
  nginx = await startNginxRtmp();
  rig = await FaultRig.start({ to: { port: nginx.rtmpPort } });
});

test.afterAll(async () => {
  await rig.stop();
  await nginx.stop();
  await rm(folder, { recursive: true, force: true });
});

test("the window's encoder follows an uplink that is cut to 40 % for 20 s, and comes back", async () => {
  const studio = await startStudio({ settings: { ...smallPicture, videoBitrate: wanted } });
  const browser = await launchChromium({ footage });
  try {
    const page = await browser.newPage();
    const snapshots: { at: number; snapshot: BroadcastSnapshot }[] = [];
    watchSnapshots(page, (snapshot) => snapshots.push({ at: performance.now(), snapshot }));
    const newest = (): BroadcastSnapshot => {
      const last = snapshots.at(-1);
      if (!last) throw new Error('nothing has been told of a broadcast');
      return last.snapshot;
    };
    const asked = (): number => newest().videoBitrate?.asked ?? NaN;
    const destination = (): DestinationStatus => {
      const [found] = destinationsOf(newest());
      if (!found) throw new Error('no destination');
      return found;
    };
    await page.goto(studio.url);
    await goLive(page, {
      ...{ engine: 'WebCodecs', camera: /camera\.mjpeg/, microphone: /fake/i },
      ...{ serverUrl: `rtmp://127.0.0.1:${rig.port}/live`, streamKey: 'uplink' },
    });
    await until('the server to have kept it', () => destination().steps.at(-1)?.state === 'done');
    await until('its rate', () => (destination().bitrate ?? 0) > wanted / 2);

    const before = newest().statistics?.durationMs ?? NaN;
    const room = 0.4 * (destination().bitrate ?? NaN);
    const fits = room - (newest().wanted?.audioBitrate ?? NaN);
    await rig.apply({ rate: { up: Math.round(room / 8) } });
    const cutAt = performance.now();
    await delay(slowMs);
    await rig.apply({ rate: { up: 'unlimited' } });
    const upAt = performance.now();
    await until('the bitrate to be back', () => asked() >= 0.9 * wanted);
    await until('the whole bitrate', () => asked() === wanted);
    await stop(page);

    const first = (from: number, isIt: (asked: number) => boolean): number => {
      const found = snapshots.find(
        ({ at, snapshot }) => at >= from && isIt(snapshot.videoBitrate?.asked ?? NaN),
      );
      return (found?.at ?? NaN) - from;
    };
    const followedMs = first(cutAt, (each) => each <= fits);
    const backMs = first(upAt, (each) => each >= 0.9 * wanted);
    const { framesSent, framesDropped, framesMissed = 0 } = destination();
    const recording = await nginx.recording('uplink');
    const frames = await recordedFrames(recording);
    const whileSlow = bitrate(frames, {
      ...{ from: before + drainedMs, to: before + slowMs, fps: 30 },
    });
    const inKilobits = (bits: number): string => (bits / 1000).toFixed();
    test.info().annotations.push({
      type: 'uplink',
      description:
        `room ${inKilobits(room)} kbit/s, picture ${inKilobits(fits)}; followed after ${followedMs.toFixed()} ms, ` +
        `${inKilobits(whileSlow.received)} kbit/s then, back after ${backMs.toFixed()} ms; ` +
        `${framesSent} sent, ${framesDropped} dropped, ${framesMissed} missed, ${frames.length} recorded; ` +
        `asked ${askedInTurn(snapshots.map(({ snapshot }) => snapshot))
          .map(inKilobits)
          .join(' ')}`,
    });

    expect(followedMs).toBeLessThan(3_000);
    expect(backMs).toBeLessThan(15_000);
    expect((framesDropped + framesMissed) / framesSent).toBeLessThan(0.02);
    expect(destination()).toMatchObject({ state: 'stopped', reconnects: 0 });
    expect(whileSlow.received).toBeLessThan(room);
    await expectWhole(recording);
    expect(frames).toHaveLength(framesSent);
  } finally {
    await browser.close();
    await studio.stop();
  }
});

const askedInTurn = (snapshots: readonly BroadcastSnapshot[]): number[] =>
  snapshots
    .flatMap(({ videoBitrate }) => videoBitrate?.asked ?? [])
    .filter((each, index, all) => each !== all[index - 1]);
