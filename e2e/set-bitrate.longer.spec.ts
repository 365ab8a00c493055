import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { destinationsOf } from '@tallylight/contract';
import { probe } from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { launchChromium, makeFootage } from './browser.js';
import {
  capturedFrames,
  encoderOf,
  expectClosed,
  expectTold,
  logEncoder,
  outputsOf,
  toldAt,
} from './encoder-log.js';
import { goLive, stop } from './go-live-flow.js';
import { bitrate, expectWhole, recordedFrames, type Bitrate } from './recording.js';
import { openSecondClient } from './second-client.js';
import { startStudio } from './studio.js';

/** As the window has them where nobody has chosen others. */
const [width, height, fps] = [1280, 720, 30];
const before = 4_000_000;
const after = 1_500_000;
/** Milliseconds in which the rate has to follow, and those in which it is measured. */
const followsWithin = 2_000;
const measured = 6_000;

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

let folder: string;
let footage: { video: string; audio: string };
let nginx: NginxRtmp;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-bitrate-'));
  footage = await makeFootage(folder);
  nginx = await startNginxRtmp();
});

test.afterAll(async () => {
  await nginx.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the slider is moved on air: the received rate follows, out of the same encoder, without a lost frame', async () => {
  const studio = await startStudio();
  const browser = await launchChromium({ footage });
  try {
    const page = await browser.newPage();
    const log = await logEncoder(page);
    await page.goto(studio.url);
    await page
      .getByRole('combobox', { name: 'Video bitrate', exact: true })
      .selectOption({ label: '4,000 kbit/s' });
    // A machine that is too busy to answer looks like a slow network, for which less would be encoded.
    await page.getByRole('checkbox', { name: 'Lower the bitrate on a slow network' }).uncheck();
    await goLive(page, {
      engine: 'WebCodecs',
      camera: /camera\.mjpeg/,
      microphone: /fake/i,
      serverUrl: nginx.serverUrl,
      streamKey: 'bitrate',
    });
    const second = await openSecondClient(page);
    await second.moreMedia(6_000);

    const atChange = await log.events();
    expectTold(atChange, [before]);
    const slider = page.getByRole('slider', { name: 'Video bitrate limit', exact: true });
    await expect(slider).toHaveAttribute('aria-valuetext', '4,000 kbit/s');
    await slider.fill(String(after / 1000));
    await expect(slider).toHaveAttribute('aria-valuetext', '1,500 kbit/s');
    // The broadcast has it, and not the window alone.
    await expect
      .poll(() => second.snapshot().videoBitrate)
      .toMatchObject({
        ...{ asked: after, limit: after, adaptation: 'off', loweredFor: [] },
      });
    await second.moreMedia(followsWithin + measured);
    await stop(page);
    const last = await second.ended();
    const events = await log.closed();
    const changedAt = toldAt(events, after) / 1000;
    await second.close();
    const [destination] = destinationsOf(last);

    const recording = await nginx.recording('bitrate');
    expect(await probe(recording)).toContainEqual(expect.objectContaining({ width, height }));
    const { configurations } = await expectWhole(recording);
    const frames = await recordedFrames(recording);
    const end = frames.at(-1)?.time ?? 0;
    const rateBefore = bitrate(frames, { from: followsWithin, to: changedAt, fps });
    const rateAfter = bitrate(frames, { from: changedAt + followsWithin, to: end, fps });
    const captured = capturedFrames(events);
    const dropped = last.statistics?.video.droppedFrames ?? NaN;
    test.info().annotations.push({
      type: 'bitrate',
      description:
        `${inWords(rateBefore)} until ${(changedAt / 1000).toFixed(1)} s, ` +
        `${inWords(rateAfter)} until ${(end / 1000).toFixed(1)} s; ` +
        `${captured} captured, ${dropped} dropped, ${destination?.framesSent} sent, ` +
        `${destination?.framesDropped} not sent, ${frames.length} recorded`,
    });

    // Less comes where the machine is too slow for all frames, and of a scene that has not enough in it.
    expect(rateBefore.whole / before).toBeGreaterThan(0.5);
    expect(rateAfter.whole / after).toBeGreaterThan(0.5);
    expect(rateAfter.whole / after).toBeLessThan(1.3);
    expect(rateAfter.received / after).toBeLessThan(1.3);
    expect(rateAfter.whole / rateBefore.whole).toBeLessThan(0.6);

    expect(encoderOf(events)).toBe(encoderOf(atChange));
    expectTold(events, [before, after]);
    expect(configurations).toHaveLength(1);
    expect(destination).toMatchObject({ state: 'stopped', reconnects: 0 });

    // The encoder may leave frames out where the machine is too slow, and the destination where the network is: counted.
    const encoded = outputsOf(events).length;
    expectClosed(captured, encoded, last.statistics?.video.account);
    expect(last.statistics?.video.frames).toBe(encoded);
    expect((destination?.framesSent ?? 0) + (destination?.framesDropped ?? 0)).toBe(encoded);
    expect(frames).toHaveLength(destination?.framesSent ?? 0);
  } finally {
    await browser.close();
    await studio.stop();
  }
});

const inWords = ({ received, whole }: Bitrate): string =>
  `${(received / 1000).toFixed()} (of ${(whole / 1000).toFixed()}) kbit/s`;
