import { expect, test, type Page } from '@playwright/test';
import { freePort } from '../test/support/free-port.js';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { prepare, saveProfile, start, stop } from './go-live-flow.js';
import { expectWhole, recordedFrames } from './recording.js';
import { openSecondClient } from './second-client.js';
import { smallPicture, startStudio } from './studio.js';

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

const card = (page: Page, name: string) => page.getByRole('group', { name, exact: true });

/** The frames that the window says it has sent there. */
async function framesShown(page: Page, name: string): Promise<number> {
  const fact = card(page, name).locator('dl > div').filter({ hasText: 'Frames' });
  return Number((await fact.locator('dd').innerText()).replaceAll(',', ''));
}

test('of three ticked destinations a wrong one is put right and joins on air, one leaves, and what stays is whole', async () => {
  const nginx = await startNginxRtmp();
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage();
    await page.goto(studio.url);
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const { serverUrl } = nginx;
    await prepare(page, {
      ...{ engine: 'WebCodecs', camera: /fake/i, microphone: /fake/i },
      ...{ serverUrl, streamKey: 'first' },
    });
    await saveProfile(page, { name: 'Second', serverUrl, streamKey: 'second' });
    const nowhere = `rtmp://127.0.0.1:${await freePort()}/live`;
    await saveProfile(page, { name: 'Third', serverUrl: nowhere, streamKey: 'third' });
    await start(page);
    await expect(page.getByRole('contentinfo')).toContainText('Live on 2 of 3: not on Third.');
    await expect(card(page, 'Third')).toContainText('refused the connection');

    await button('Edit Third').click();
    await page.getByRole('textbox', { name: 'Server URL', exact: true }).fill(serverUrl);
    await button('Save and try again').click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await nginx.published('third');
    await expect(card(page, 'Third')).toContainText('On air');

    await button('Stop sending to Test server').first().click();
    await expect(card(page, 'Test server')).toContainText('Ended');
    await expectWhole(await nginx.recording('first'));
    const client = await openSecondClient(page);
    await client.moreMedia(1_500);
    await client.close();
    await stop(page);

    for (const [name, key] of [
      ['Second', 'second'],
      ['Third', 'third'],
    ] as const) {
      const file = await nginx.recording(key);
      await expectWhole(file);
      const recorded = await recordedFrames(file);
      expect(recorded.length).toBeGreaterThan(0);
      expect(recorded.length).toBe(await framesShown(page, name));
    }
  } finally {
    await browser.close();
    await studio.stop();
    await nginx.stop();
  }
});
