import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { startSilentServer } from '../test/support/fault-servers.js';
import { freePort } from '../test/support/free-port.js';
import { launchChromium, makeFootage } from './browser.js';
import { saveProfile, tickOnly } from './go-live-flow.js';
import { startStudio } from './studio.js';

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 640 },
];

let folder: string;
let browser: Browser;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-screenshots-'));
  const { video, audio } = await makeFootage(folder);
  // Chromium shows the path of the file as the camera's name: a short one, from where it starts.
  process.chdir(folder);
  browser = await launchChromium({ footage: { video: basename(video), audio: basename(audio) } });
});

test.afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

const goLiveButton = (page: Page) => page.getByRole('button', { name: 'Go Live', exact: true });

for (const size of sizes) {
  test(`the window at ${size.width}×${size.height}`, async () => {
    const studio = await startStudio();
    const silent = await startSilentServer();
    try {
      const page = await browser.newPage({ viewport: size, colorScheme: 'dark' });
      const shoot = (name: string) =>
        page.screenshot({
          path: fileURLToPath(
            new URL(
              `../docs/screenshots/${name}-${size.width}x${size.height}.png`,
              import.meta.url,
            ),
          ),
        });
      await page.goto(studio.url);
      // The footage opens with a slow fade; what follows is worth looking at.
      await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 9);
      await shoot('off-air');

      await saveProfile(page, {
        name: 'Church server',
        serverUrl: `rtmp://127.0.0.1:${silent.port}/live`,
        streamKey: 'example',
      });
      await goLiveButton(page).click();
      await expect(page.getByRole('status')).toContainText(/handshake/i);
      await shoot('connecting');
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await expect(goLiveButton(page)).toBeEnabled();

      await saveProfile(page, {
        name: 'Studio two',
        serverUrl: `rtmp://127.0.0.1:${await freePort()}/live`,
        streamKey: 'example',
      });
      await tickOnly(page, 'Studio two');
      await goLiveButton(page).click();
      await expect(page.getByRole('alert')).toContainText('refused the connection');
      await shoot('error');

      await tickOnly(page, 'Built-in server');
      await goLiveButton(page).click();
      await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible({
        timeout: 30_000,
      });
      // Long enough for the figures of two seconds to be those of a running broadcast.
      await page.waitForTimeout(4_000);
      await shoot('live');
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await expect(page.getByRole('status')).toContainText('OFF AIR');
      await page.close();
    } finally {
      await silent.stop();
      await studio.stop();
    }
  });
}
