import { expect, test, type Browser, type Page } from '@playwright/test';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { descendants, isRunning } from '../test/support/processes.js';
import { launchChromium } from './browser.js';
import { goLive, tickOnly } from './go-live-flow.js';
import { smallPicture, startStudio, type Studio } from './studio.js';

/** Goes live with ffmpeg's test picture to the server inside. */
async function goLiveByFfmpeg(browser: Browser, studio: Studio): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(studio.url);
  const choose = (name: string, label: string) =>
    page.getByRole('combobox', { name, exact: true }).selectOption({ label });
  await choose('Engine', 'ffmpeg');
  await choose('Camera', 'Test picture');
  await tickOnly(page, 'Built-in server');
  await page.getByRole('button', { name: 'Go Live', exact: true }).click();
  return page;
}

test('a browser shell that is killed on air leaves no ffmpeg behind', async () => {
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium('no camera');
  try {
    const page = await goLiveByFfmpeg(browser, studio);
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();

    const children = await descendants(studio.process.pid ?? 0);
    expect(children.some(({ commandLine }) => commandLine.includes('ffmpeg'))).toBe(true);
    studio.process.kill('SIGKILL');
    for (const { pid, commandLine } of children) {
      await expect.poll(() => isRunning(pid), commandLine).toBe(false);
    }
    await expect(page.getByRole('alert')).toContainText('engine was lost');
    await expect(page.getByRole('status')).toContainText('OFF AIR');
  } finally {
    await browser.close();
    await studio.stop();
  }
});

test('a window that is reloaded shows what ffmpeg goes on to send', async () => {
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium('no camera');
  try {
    const page = await goLiveByFfmpeg(browser, studio);
    await expect(page.getByRole('status')).toHaveText('LIVE');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await expect(page.getByRole('status')).toHaveText('LIVE');
    const picture = page.getByRole('img', { name: 'Preview' });
    const drawn = () =>
      picture.evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        return new Set(pixels).size;
      });
    await expect.poll(drawn).toBeGreaterThan(10);
    await expect(page.getByText(/[Aa]nother window|Only ffmpeg can|is not open/)).toHaveCount(0);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(page.getByRole('status')).toContainText('OFF AIR');
  } finally {
    await browser.close();
    await studio.stop();
  }
});

for (const engine of ['WebCodecs', 'MediaRecorder'] as const) {
  test(`an engine that is killed while ${engine} is on air is said once, and as what it is`, async () => {
    test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');
    const nginx = await startNginxRtmp();
    const studio = await startStudio({ settings: smallPicture });
    const browser = await launchChromium({});
    try {
      const page = await browser.newPage();
      await page.goto(studio.url);
      await goLive(page, {
        ...{ engine, camera: /fake/i, microphone: /fake/i },
        ...{ serverUrl: nginx.serverUrl, streamKey: 'show' },
      });
      studio.process.kill('SIGKILL');
      const alert = page.getByRole('alert');
      await expect(alert).toContainText('engine was lost');
      await expect(page.getByRole('status')).toContainText('OFF AIR');
      await expect(page.getByRole('button', { name: 'Go Live', exact: true })).toBeDisabled();
      // The encoder has noticed, too, once it has been stopped.
      await expect.poll(() => page.workers().length).toBeLessThanOrEqual(1);
      await expect(alert.locator(':scope > *')).toHaveCount(1);
      await expect(alert).not.toContainText(/encoder|channel|Choose another engine/i);
    } finally {
      await browser.close();
      await studio.stop();
      await nginx.stop();
    }
  });
}
