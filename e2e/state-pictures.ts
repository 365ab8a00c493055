import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import { windowMessages } from '../renderer/src/state/messages-store.js';
import { launchChromium } from './browser.js';
import { looks, settled, violations } from './window/axe.js';
import { serveHarness, type HarnessServer } from './window/serve-harness.js';
import { languages, openState, sizes, windowStates } from './window/window-states.js';

/**
 * Every state of the window in every language, size and look, judged by axe, and to be looked at: into the folder that
 * TALLYLIGHT_STATES names. With TALLYLIGHT_STATES_ONLY, the names that have that in them.
 */
const folder = process.env['TALLYLIGHT_STATES'] ?? '';
const only = process.env['TALLYLIGHT_STATES_ONLY'] ?? '';

let server: HarnessServer;
let browser: Browser;

test.beforeAll(async () => {
  server = await serveHarness();
  browser = await launchChromium('no camera');
  await mkdir(folder, { recursive: true });
});

test.afterAll(async () => {
  await browser.close();
  await server.stop();
});

for (const [name, state] of Object.entries(windowStates)) {
  for (const language of languages) {
    const shots = sizes.flatMap((size) =>
      Object.entries(looks).map(([lookName, look]) => ({
        ...{ size, look },
        file: `${name}-${language}-${size.width}x${size.height}-${lookName}`,
      })),
    );
    const wanted = shots.filter(({ file }) => file.includes(only));
    if (wanted.length === 0) continue;
    test(`${name} in ${language}`, async () => {
      const context = await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce' });
      const page = await context.newPage();
      await openState(page, server.url, state, windowMessages(language));
      if (state.hasFigures) await page.waitForTimeout(6_000);
      const found: string[] = [];
      // One state in all its looks: what moves meanwhile may differ by a frame.
      for (const { size, look, file } of wanted) {
        await page.setViewportSize(size);
        await page.emulateMedia(look);
        // What the state is about, in one column, too.
        await page.locator(':focus').evaluateAll(([focused]) => {
          if (focused !== document.body) focused?.scrollIntoView({ block: 'center' });
        });
        await settled(page);
        await page.screenshot({ path: join(folder, `${file}.png`) });
        found.push(...(await violations(page, look)).map((violation) => `${file}: ${violation}`));
      }
      expect(found).toEqual([]);
      await context.close();
    });
  }
}
