import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { destinationsOf, recordingsOf } from '@tallylight/contract';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { until } from '../test/support/until.js';
import { launchChromium } from './browser.js';
import {
  bitratesOf,
  capturedFrames,
  encoderOf,
  expectClosed,
  expectTold,
  logEncoder,
  outputsOf,
} from './encoder-log.js';
import { goLive, stop } from './go-live-flow.js';
import { expectWhole, recordedFrames } from './recording.js';
import { openSecondClient } from './second-client.js';
import { smallPicture, startStudio } from './studio.js';

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

let folder: string;
let nginx: NginxRtmp;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-outputs-'));
  nginx = await startNginxRtmp();
});

test.afterEach(async () => {
  await nginx.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a recorder and a second destination join on air, the first leaves, the recorder ends: nothing is missing in what stays', async () => {
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage();
    const log = await logEncoder(page);
    await page.goto(studio.url);
    await goLive(page, {
      engine: 'WebCodecs',
      camera: /fake/i,
      microphone: /fake/i,
      serverUrl: nginx.serverUrl,
      streamKey: 'first',
    });
    const client = await openSecondClient(page);
    const { profiles, broadcast } = client.client;
    const encoder = encoderOf(await log.events());
    const firstId = destinationsOf(client.snapshot())[0]?.id ?? '';

    const path = join(folder, 'own.flv');
    await client.client.settings.update({
      ...{ recordingFolder: folder, recordingPattern: 'own', recordingFormat: 'flv' },
    });
    const recorder = await broadcast.addOutput({ type: 'recording' });
    const profile = { name: 'Second', serverUrl: nginx.serverUrl, streamKey: 'second' };
    const { id: profileId } = await profiles.save(profile);
    const second = await broadcast.addOutput({ type: 'profile', profileId });
    await until(
      'the second destination to be live',
      () => client.destination(second.id)?.state === 'live',
      60_000,
    );
    const sentToFirst = client.destination(firstId)?.framesSent ?? NaN;
    await broadcast.removeOutput({ id: firstId });
    await client.moreMedia(1_500);
    expect(destinationsOf(client.snapshot()).map(({ id }) => id)).toEqual([second.id]);
    await expect(page.getByRole('status')).toHaveText(/^LIVE/);

    await broadcast.finishOutput(recorder);
    await client.moreMedia(1_500);
    expect(recordingsOf(client.snapshot())).toMatchObject([{ state: 'stopped', path }]);
    await stop(page);
    const last = await client.ended();
    const events = await log.closed();
    await client.close();

    expect(last.error).toBeUndefined();
    const [destination] = destinationsOf(last);
    expect(destination).toMatchObject({ id: second.id, state: 'stopped', reconnects: 0 });
    const { framesSent = NaN, framesDropped = NaN } = destination ?? {};
    const files = [await nginx.recording('first'), await nginx.recording('second'), path];
    const [inFirst, inSecond, inOwn] = await Promise.all(files.map(readWhole));
    if (!inFirst || !inSecond || !inOwn) throw new Error('a recording is missing');

    // One encoder throughout, and each of its frames is accounted for.
    expect(encoderOf(events)).toBe(encoder);
    expectTold(events, bitratesOf(events).slice(0, 1));
    const shapes = [inFirst, inSecond, inOwn].map(({ configurations }) => configurations);
    expect(shapes[0]).toHaveLength(1);
    expect(shapes).toEqual([shapes[0], shapes[0], shapes[0]]);
    const encoded = outputsOf(events);
    const lost = last.statistics?.video.droppedFrames ?? NaN;
    expectClosed(capturedFrames(events), encoded.length, last.statistics?.video.account);
    expect(last.statistics?.video.frames).toBe(encoded.length);

    test.info().annotations.push({
      type: 'frames',
      description:
        `${encoded.length} encoded, ${lost} lost; first ${inFirst.sizes.length} (${sentToFirst} before its removal), ` +
        `own ${inOwn.sizes.length}, second ${inSecond.sizes.length} (${framesSent} sent, ${framesDropped} dropped)`,
    });
    const sizes = encoded.map(({ bytes }) => bytes);
    expect(inFirst.sizes.length).toBeGreaterThanOrEqual(sentToFirst);
    expect(inSecond.sizes).toHaveLength(framesSent);
    // A recorder drops nothing: what it has is what the encoder gave, without a hole.
    const ownBegin = sliceBegin(sizes, inOwn.sizes);
    expect(ownBegin).toBeGreaterThan(0);
    expect(ownBegin + inOwn.sizes.length).toBeLessThan(sizes.length);
    // From where the second destination began it has all of that too, but for what it says that it has dropped.
    const [begin = ''] = inSecond.fingerprints;
    const both = inOwn.fingerprints.slice(inOwn.fingerprints.indexOf(begin));
    const missing = both.filter((frame) => !inSecond.fingerprints.includes(frame));
    expect(both.length).toBeGreaterThan(1);
    expect(missing.length).toBeLessThanOrEqual(framesDropped);
    if (framesDropped === 0) {
      expect(both).toEqual(inSecond.fingerprints.slice(0, both.length));
      expect(inSecond.sizes).toEqual(sizes.slice(-framesSent));
    }
  } finally {
    await browser.close();
    await studio.stop();
  }
});

for (const { what, recordingFolder } of [
  { what: 'is not there', recordingFolder: join(tmpdir(), 'tallylight-no-such-folder') },
  { what: 'takes no files', recordingFolder: '/proc' },
]) {
  test(`a recording into a folder that ${what} is told in the window at once, and the show goes on`, async () => {
    const studio = await startStudio({ settings: smallPicture });
    const browser = await launchChromium({});
    try {
      const page = await browser.newPage();
      await page.goto(studio.url);
      await goLive(page, {
        engine: 'WebCodecs',
        camera: /fake/i,
        microphone: /fake/i,
        serverUrl: nginx.serverUrl,
        streamKey: 'show',
      });
      const client = await openSecondClient(page);
      await client.client.settings.update({ recordingFolder, recordingPattern: 'show' });
      await client.client.broadcast.addOutput({ type: 'recording' });
      const added = performance.now();
      const failed = page.getByRole('alert').getByText('The recording failed', { exact: true });
      await expect(failed).toBeVisible();
      test.info().annotations.push({
        type: 'told after',
        description: `${Math.round(performance.now() - added)} ms`,
      });
      await expect(page.getByRole('alert')).toContainText(
        /Nothing can be recorded to .*show\.mp4: .+ folder/,
      );
      const card = page.getByRole('group', { name: 'show.mp4' });
      await expect(card).toContainText('Failed');
      await expect(page.getByRole('status')).toHaveText(/^LIVE/);
      await client.moreMedia(1_000);
      await stop(page);
      await client.close();
      await expectWhole(await nginx.recording('show'));
    } finally {
      await browser.close();
      await studio.stop();
    }
  });
}

async function readWhole(file: string) {
  const frames = await recordedFrames(file);
  return { ...(await expectWhole(file)), sizes: frames.map(({ bytes }) => bytes) };
}

/** Where `part` stands in `whole` without a hole; -1 where it does not. */
function sliceBegin(whole: readonly number[], part: readonly number[]): number {
  return whole.findIndex((_, begin) =>
    part.every((value, index) => value === whole[begin + index]),
  );
}
