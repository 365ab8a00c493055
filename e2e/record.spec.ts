import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { decodeErrors, decodeTimes, strictlyRising } from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { prepare, start } from './go-live-flow.js';
import { expectWhole, recordedFrames } from './recording.js';
import { openSecondClient } from './second-client.js';
import { smallPicture, startStudio } from './studio.js';

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

test('a recording begins before the show and outlives it, a replay is saved meanwhile, and no frame is missing in either', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-record-'));
  const nginx = await startNginxRtmp();
  const settings = { ...smallPicture, recordingFolder: folder, recordingPattern: 'show' };
  const studio = await startStudio({ settings });
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage();
    await page.goto(studio.url);
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const status = page.getByRole('status');
    await prepare(page, {
      ...{ engine: 'WebCodecs', camera: /fake/i, microphone: /fake/i },
      ...{ serverUrl: nginx.serverUrl, streamKey: 'show' },
    });

    await button('Record').click();
    await expect(button('Stop recording')).toBeVisible();
    await expect(status).toHaveText('OFF AIR · Recording');
    const client = await openSecondClient(page);
    await client.moreMedia(1_000);
    await start(page);
    await client.moreMedia(2_000);
    await page.keyboard.press('Control+Shift+S');
    await expect(page.getByRole('log')).toContainText('as Replay show.mp4');

    await button('Stop').click();
    await expect(status).toHaveText('OFF AIR · Recording');
    await expect(page.getByRole('contentinfo')).toContainText('The recording goes on');
    await client.moreMedia(1_000);
    await expectWhole(await nginx.recording('show'));
    await button('Stop recording').click();
    await expect(status).toHaveText('OFF AIR');

    const card = page.getByRole('group', { name: 'show.mp4', exact: true });
    await expect(card).toContainText('Finished');
    const fact = card.locator('dl > div').filter({ hasText: 'Frames' });
    const shown = Number((await fact.locator('dd').innerText()).replaceAll(',', ''));
    const given = (await client.ended()).statistics?.video.frames;
    await client.close();
    const [whole, replay] = await Promise.all(
      ['show.mp4', 'Replay show.mp4'].map(async (name) => {
        const file = join(folder, name);
        expect(await decodeErrors(file)).toBe('');
        expect(strictlyRising(await decodeTimes(file, 'v:0'))).toBe(true);
        return (await recordedFrames(file)).map(({ bytes }) => bytes);
      }),
    );
    expect(shown).toBeGreaterThan(0);
    expect(given).toBe(shown);
    expect(whole).toHaveLength(shown);
    test.info().annotations.push({
      type: 'frames',
      description: `${shown} recorded and shown, ${replay?.length} of them in the replay`,
    });
    // What was held is a part of what was recorded, without a hole.
    expect(replay?.length).toBeGreaterThan(0);
    expect(`,${whole?.join()},`).toContain(`,${replay?.join()},`);
  } finally {
    await browser.close();
    await studio.stop();
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
