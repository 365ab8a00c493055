import { connect } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { startFfmpegPublisher, type FfmpegPublisher } from '../test/support/ffmpeg-publisher.js';
import { freePort } from '../test/support/free-port.js';
import { launchChromium } from './browser.js';
import { readQrCode } from './qr-reader.js';
import { smallPicture, startStudio } from './studio.js';

/** Copies with the button of that name, as a user does, and gives what was copied. */
async function copy(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: `Copy: ${name}`, exact: true }).click();
  await expect(page.getByText(`Copied: ${name}`, { exact: true })).toBeAttached();
  return page.evaluate(() => navigator.clipboard.readText());
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

test('the server that the window opens to the network takes who has the key, and shows it to who scans the code', async () => {
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium('no camera');
  const publishers: FfmpegPublisher[] = [];
  const publish = (url: string): FfmpegPublisher => {
    const publisher = startFfmpegPublisher(url);
    publishers.push(publisher);
    return publisher;
  };
  try {
    const context = await browser.newContext({
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    await page.goto(studio.url);
    const panel = page.getByRole('region', { name: 'Built-in server' });
    const ports = { 'RTMP port': await freePort(), 'Port of the page': await freePort() };
    await panel.getByRole('heading').first().click();
    await panel.getByText('Ports and recording').click();
    for (const [name, port] of Object.entries(ports)) {
      await panel.getByRole('textbox', { name }).fill(String(port));
      await page.keyboard.press('Enter');
      await expect(panel.getByRole('textbox', { name })).toHaveValue(String(port));
    }
    const run = panel.getByRole('checkbox', { name: 'Run the server' });
    await run.click();
    await expect(panel).toContainText('On, this computer');
    await panel.getByRole('checkbox', { name: /^Let others/ }).click();
    await expect(panel).toContainText('On, open to the network');

    const server = await copy(page, 'Server');
    const streamKey = await copy(page, 'Stream Key');
    const key = streamKey.replace(/^obs\?key=/, '');
    expect(key).toMatch(/^[\w-]{24}$/);
    expect(await copy(page, 'URL')).toBe(`${server}/phone?key=${key}`);

    const refused = publish(`${server}/obs`);
    expect(await refused.ended).not.toBe(0);
    await expect(panel).toContainText('could not publish: no publish key was given.');

    publish(`${server}/${streamKey}`);
    await expect(panel).toContainText(/live\/obs\s*320×180 · H\.264 · AAC · \d+ kbit\/s/);
    await expect(panel).toContainText('Nobody watches');

    await panel.getByRole('button', { name: 'Show QR code' }).click();
    const link = await readQrCode(panel.getByRole('img', { name: /^QR code/ }));
    expect(link).toBe(await copy(page, 'Page for viewers'));
    expect(await page.content()).not.toContain(key);
    const viewer = await browser.newPage();
    await viewer.goto(link ?? '');
    const playedTo = () =>
      viewer.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);
    await expect.poll(playedTo).toBeGreaterThan(0);
    const time = await playedTo();
    await expect.poll(playedTo).toBeGreaterThan(time + 1);
    await expect(panel).toContainText('1 watches: 1 over');
    // Without what the code says, nobody gets there.
    expect((await viewer.goto(new URL('/', link).href))?.status()).toBe(403);

    await panel.getByRole('button', { name: 'Show: Stream Key' }).click();
    await expect(panel).toContainText(streamKey);
    await panel.getByRole('button', { name: 'Hide: Stream Key' }).click();
    await expect(panel).not.toContainText(key);

    await run.click();
    await expect(panel).toContainText('Off');
    for (const port of Object.values(ports)) expect(await isListening(port)).toBe(false);
    expect(studio.output()).not.toContain(key);
  } finally {
    for (const publisher of publishers) await publisher.stop();
    await browser.close();
    await studio.stop();
  }
});
