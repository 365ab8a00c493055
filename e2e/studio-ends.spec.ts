import { expect, test } from '@playwright/test';
import { launchChromium } from './browser.js';
import { smallPicture, startStudio } from './studio.js';

test('a studio that ends leaves a window that says so, and no uncaught error', async () => {
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage();
    const uncaught: string[] = [];
    page.on('pageerror', (error) => uncaught.push(error.stack ?? error.message));
    await page.goto(studio.url);
    await expect(page.getByRole('button', { name: 'Go Live', exact: true })).toBeEnabled();
    studio.process.kill('SIGINT');
    await expect(page.getByRole('alert')).toContainText('engine was lost');
    await studio.stop();
    // What the page tries again until then has had its turn.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
    expect(uncaught).toEqual([]);
  } finally {
    await browser.close();
    await studio.stop();
  }
});
