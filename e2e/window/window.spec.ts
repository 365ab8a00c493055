import { expect, test, type Browser, type Page } from '@playwright/test';
import { launchChromium } from '../browser.js';
import { serveHarness, type HarnessServer } from './serve-harness.js';

/** The window alone, over a fake engine: names, keys, locks, sizes. What it does for real is in the other files. */

let server: HarnessServer;
let browser: Browser;
let page: Page;

test.beforeAll(async () => {
  server = await serveHarness();
  browser = await launchChromium('no camera');
});

test.afterAll(async () => {
  await browser.close();
  await server.stop();
});

test.afterEach(() => page.close());

async function open(query = '', size = { width: 1280, height: 800 }): Promise<void> {
  page = await browser.newPage({ viewport: size });
  await page.goto(`${server.url}?${query}`);
  await expect(button('Go Live')).toBeVisible();
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const combobox = (name: string) => page.getByRole('combobox', { name, exact: true });
const textbox = (name: string) => page.getByRole('textbox', { name, exact: true });
/** The one sentence at the bottom. */
const sentence = () => page.getByRole('contentinfo');
const status = () => page.getByRole('status');

async function goLive(): Promise<void> {
  await button('Go Live').click();
  await expect(status()).toHaveText('LIVE');
}

const comboboxes = [
  'Camera',
  'Microphone',
  'Resolution',
  'Frame rate',
  'Video bitrate',
  'Engine',
  'Profile',
];

test('every promised name is there, once', async () => {
  await open();
  for (const name of comboboxes) await expect(combobox(name)).toHaveCount(1);
  for (const name of ['Profile name', 'Server URL']) await expect(textbox(name)).toHaveCount(1);
  await expect(page.getByLabel('Stream key')).toHaveCount(1);
  await expect(page.getByLabel('Stream key')).toHaveAttribute('type', 'password');
  for (const name of ['New profile', 'Save profile', 'Delete profile', 'Go Live']) {
    await expect(button(name)).toHaveCount(1);
  }
  await expect(status()).toHaveText('OFF AIR');
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(combobox('Engine').locator('option')).toHaveText([
    'WebCodecs',
    'MediaRecorder',
    'ffmpeg',
  ]);
});

test('without a camera the test picture and its beep are chosen', async () => {
  await open('no-camera');
  await expect(combobox('Camera').locator('option:checked')).toHaveText('Test picture');
  await expect(combobox('Microphone').locator('option:checked')).toHaveText('Test beep');
});

test('is never called ready when it is not, and a test is called a test', async () => {
  await open();
  await expect(sentence()).toContainText('Ready. Picture, sound and destination are set.');
  await combobox('Microphone').selectOption({ label: 'No microphone' });
  await expect(sentence()).toContainText('No sound. No microphone is chosen.');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(sentence()).toContainText('Only a test. Colour bars and a beep go out');
  await button('New profile').click();
  await expect(sentence()).toContainText('Not ready. 3 things are missing: a name for the profile');
  await textbox('Profile name').fill('Church server');
  await textbox('Server URL').fill('http://church.example');
  await expect(sentence()).toContainText('There is no stream key for Church server.');
  await page.getByLabel('Stream key').fill('secret');
  await expect(sentence()).toContainText('Only a test.');
  await button('Save profile').click();
  await expect(sentence()).toContainText('Not ready.');
  await textbox('Server URL').fill('rtmp://church.example/live');
  await button('Save profile').click();
  await expect(sentence()).toContainText('Only a test.');
});

test('a microphone that gives no sound is not ready, also once its banner is closed', async () => {
  await open('silent');
  await button('Dismiss').click();
  await expect(sentence()).toContainText('Silence. The microphone gives no sound.');
});

test('speaks another language at once, and names each by its own name', async () => {
  await open();
  const choice = combobox('Language');
  await expect(choice.locator('option')).toHaveText(['System', 'English', '中文']);
  await choice.selectOption('zh-CN');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(button('开播')).toBeVisible();
  await expect(status()).toHaveText('未开播');
  await expect(combobox('推流配置').locator('option:checked')).toHaveText('内置服务器');
  await combobox('语言').selectOption('en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(button('Go Live')).toBeVisible();
});

test('follows the language of the system', async () => {
  page = await browser.newPage({ locale: 'zh-TW' });
  await page.goto(`${server.url}?settings={"language":"system"}`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(combobox('语言').locator('option:checked')).toHaveText('跟随系统');
});

test('a microphone that gave way to the beep is back with the camera, also after another engine', async () => {
  await open('settings={"microphoneId":"m2"}');
  const chosen = (name: string) => combobox(name).locator('option:checked');
  await expect(chosen('Microphone')).toHaveText('Headset');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(chosen('Microphone')).toHaveText('Test beep');
  await combobox('Camera').selectOption({ label: 'Studio camera (1234:5678)' });
  await expect(chosen('Microphone')).toHaveText('Headset');

  // ffmpeg knows the camera under another id, and not the headset: nothing else is taken in its place.
  await combobox('Engine').selectOption({ label: 'ffmpeg' });
  await expect(chosen('Camera')).toHaveText('Studio camera');
  await expect(chosen('Microphone')).toHaveText('Headset (not found)');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('Headset');
  await combobox('Engine').selectOption({ label: 'WebCodecs' });
  await expect(chosen('Camera')).toHaveText('Studio camera (1234:5678)');
  await expect(chosen('Microphone')).toHaveText('Headset');
});

test('a size that the camera lacks is said, can be chosen, and keeps the picture', async () => {
  await open('small-camera');
  const enlarged = combobox('Resolution').locator('optgroup[label="Enlarged from 640×480"] option');
  await expect(enlarged).toHaveText(['1920×1080', '1600×900', '1280×720', '960×540']);
  await combobox('Resolution').selectOption('1920x1080');
  await expect(page.getByRole('main')).toContainText('1920×1080 · 30 fps · WebCodecs');
  await expect(page.getByLabel('Preview')).toBeVisible();
  await combobox('Engine').selectOption({ label: 'MediaRecorder' });
  await expect(page.getByRole('main')).toContainText('640×480 · 30 fps · MediaRecorder');
});

test('the test picture brings its beep', async () => {
  await open();
  await expect(combobox('Microphone').locator('option:checked')).toHaveText('Yeti microphone');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(combobox('Microphone').locator('option:checked')).toHaveText('Test beep');
});

test('goes live by keyboard, is not stopped by Escape, and stops', async () => {
  await open('step=100');
  await combobox('Resolution').focus();
  await page.keyboard.press('Control+Enter');
  await expect(status()).toContainText('OFF AIR · Connecting: ');
  await expect(button('Cancel')).toBeVisible();
  await expect(status()).toHaveText('LIVE');
  await expect(page).toHaveTitle('LIVE · Tallylight');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await expect(status()).toHaveText('LIVE');
  await button('Stop').press('Enter');
  await expect(status()).toHaveText('OFF AIR');
  await expect(page.getByText(/on air, .* sent\./)).toBeVisible();
});

test('locks what cannot change while on air, and says why', async () => {
  await open('step=20');
  await goLive();
  for (const name of comboboxes) {
    await expect(combobox(name)).toBeDisabled();
    await expect(combobox(name)).toHaveAttribute('title', /Locked while on air/);
  }
  await button('Stop').click();
  for (const name of comboboxes) await expect(combobox(name)).toBeEnabled();
});

test('a double click on Go Live does not cancel', async () => {
  await open('step=100');
  await button('Go Live').dblclick();
  await expect(status()).toHaveText('LIVE');
});

test('can be cancelled', async () => {
  await open('scenario=connecting&step=20');
  await button('Go Live').click();
  await expect(status()).toContainText('Presenting the stream key');
  await button('Cancel').click();
  await expect(button('Go Live')).toBeVisible();
  await expect(status()).toHaveText('OFF AIR');
});

test('a refusal stands in the alert and at the phase that failed', async () => {
  await open('scenario=refused&step=20');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('refused the stream: Invalid stream key.');
  await expect(page.getByRole('alert')).toContainText('Check the stream key');
  await expect(status()).toContainText('OFF AIR');
  const failed = page.getByRole('listitem').filter({ hasText: 'Stream key refused' });
  await expect(failed.getByRole('img', { name: 'failed' })).toBeVisible();
  const camera = page.getByRole('listitem').filter({ hasText: 'Camera gives pictures' });
  await expect(camera).toContainText('30 fps');
  await expect(camera).toContainText('240 ms');
  await expect(button('Go Live')).toBeEnabled();
});

test('a camera that is in use is named before and after the button', async () => {
  await open('camera-in-use');
  await expect(page.getByRole('main')).toContainText('in use by another program');
  await expect(page.getByRole('alert')).toHaveText('');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('in use by another program');
});

test('profiles are made, shown, changed and deleted', async () => {
  await open();
  await button('New profile').click();
  await expect(textbox('Profile name')).toBeFocused();
  await textbox('Profile name').fill('Church server');
  await textbox('Server URL').fill('http://church.example');
  await page.getByLabel('Stream key').fill('secret');
  await button('Save profile').click();
  await expect(page.getByRole('alert')).toContainText('not an RTMP address');
  await textbox('Server URL').fill('rtmp://church.example/live');
  await button('Save profile').click();
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(combobox('Profile').locator('option:checked')).toHaveText('Church server');
  await expect(page.getByLabel('Stream key')).toHaveValue('');

  await page.getByRole('button', { name: 'Show key' }).click();
  await expect(page.getByLabel('Stream key')).toHaveValue('secret');
  await expect(page.getByLabel('Stream key')).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Hide key' }).click();
  await expect(page.getByLabel('Stream key')).toHaveValue('');

  await textbox('Profile name').fill('Chapel');
  await button('Save profile').click();
  await expect(combobox('Profile').locator('option:checked')).toHaveText('Chapel');
  await button('Delete profile').click();
  await expect(combobox('Profile').locator('option:checked')).toHaveText('Built-in server');
  await expect(combobox('Profile')).not.toContainText('Chapel');
});

test('going live without a key says so', async () => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Keyless');
  await textbox('Server URL').fill('rtmp://church.example/live');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('There is no stream key for Keyless.');
});

test('the sound meter moves and tells its value', async () => {
  await open();
  const meter = page.getByRole('meter');
  const value = () => meter.getAttribute('aria-valuetext');
  await expect.poll(value).toMatch(/^−\d+\.\d dB, /);
  const before = await value();
  await expect.poll(value).not.toBe(before);
});

test('a silent microphone is mentioned, until dismissed', async () => {
  await open('silent');
  const banner = page.getByText('Is the microphone muted?');
  await expect(banner).toBeVisible();
  await button('Dismiss').click();
  await expect(banner).toBeHidden();
});

test('an engine that is gone is said, and nothing can be started', async () => {
  await open('step=20');
  await goLive();
  await page.evaluate(() => window.dispatchEvent(new Event('engine-gone')));
  await expect(page.getByRole('alert')).toContainText('engine was lost');
  await expect(status()).toContainText('OFF AIR');
  await expect(button('Go Live')).toBeDisabled();
});

test('how it goes is in sight when it changes, wherever the choices were scrolled to', async () => {
  await open('step=100', { width: 900, height: 640 });
  await button('Save profile').scrollIntoViewIfNeeded();
  await button('Go Live').click();
  await expect(page.getByText('This computer')).toBeInViewport({ ratio: 1 });
  await button('Save profile').scrollIntoViewIfNeeded();
  await expect(status()).toHaveText('LIVE');
  await expect(page.getByText(/^On air/)).toBeInViewport({ ratio: 1 });
});

test('while the only server is away nobody is told that it is live, and what it missed is no fault', async () => {
  await open('scenario=lost&step=20&settings={"profileId":"twitch"}');
  await goLive();
  await expect(status()).toHaveText('RECONNECTING');
  await expect(page).toHaveTitle('RECONNECTING · Tallylight');
  const choices = page.getByRole('complementary');
  await expect(choices).toContainText(/Reconnectinglost 0:0\d ago/);
  await expect(choices).toContainText(/Try 4 in 1\d s/);
  await expect(page.getByRole('contentinfo')).toContainText('Nobody sees you.');
  const figures = page.getByRole('contentinfo').locator('dd');
  await expect(figures.nth(1)).toHaveText('0');
  await expect(figures.last()).toHaveText('–');
  const clock = await figures.first().textContent();
  await expect(choices).toContainText('lost 0:03 ago');
  await expect(figures.first()).toHaveText(clock ?? '');
  await expect(combobox('Camera')).toHaveAttribute('title', /Locked while on air/);

  await button('Retry now').click();
  await expect(status()).toHaveText('LIVE');
  await expect(choices).toContainText('On air');
  await expect(choices).toContainText(/Missed\d+/);
  await expect(choices).toContainText('Dropped0.0 %');
  await expect(figures.nth(3)).toHaveText('0.0 %');
  await expect(page.getByText(/network is slow|connection to .* (broke|was lost)/)).toHaveCount(0);
});

test('what came of a broadcast stays to be read until the next one, or until it is hidden', async () => {
  await open('step=20');
  await goLive();
  await expect(page.getByRole('img', { name: 'Bitrate over time' })).toBeVisible();
  await button('Stop').click();
  await expect(status()).toHaveText('OFF AIR');
  const graph = page.getByRole('img', { name: 'Bitrate over time' });
  const card = page.getByRole('complementary').getByText(/Sent\d/);
  await expect(graph).toBeVisible();
  await expect(card).toBeVisible();
  await goLive();
  await button('Stop').click();
  await button('Hide this list').click();
  await expect(graph).toBeHidden();
  await expect(card).toBeHidden();
});

test('the list of phases keeps its lines, and no detail is cut', async () => {
  await open('scenario=connecting&step=20');
  await button('Go Live').click();
  await expect(status()).toContainText('Presenting the stream key');
  const unencrypted = page.getByRole('listitem').filter({ hasText: 'Encryption' });
  await expect(unencrypted).toContainText('not needed');
  const phases = await page.getByRole('complementary').getByRole('listitem').count();
  await button('Cancel').click();
  await button('Go Live').click();
  await expect(page.getByRole('complementary').getByRole('listitem')).toHaveCount(phases);
  const cut = await page
    .getByRole('complementary')
    .getByRole('listitem')
    .locator('*')
    .evaluateAll((elements) => elements.filter((e) => e.scrollWidth > e.clientWidth + 1).length);
  expect(cut).toBe(0);
});

test('a key that was shown is hidden again once it is saved, and then shown as it is now', async () => {
  await open('settings={"profileId":"twitch"}');
  const key = page.getByLabel('Stream key', { exact: true });
  await button('Show key').click();
  await expect(key).toHaveValue('live_1234_abcdef');
  await key.fill('another');
  await button('Save profile').click();
  await expect(key).toHaveValue('');
  await expect(key).toHaveAttribute('type', 'password');
  await button('Show key').click();
  await expect(key).toHaveValue('another');
});

for (const size of [
  { width: 900, height: 640 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]) {
  test(`everything is in its place at ${size.width}×${size.height}`, async () => {
    await open('step=20', size);
    await goLive();
    const preview = await page.getByLabel('Preview').boundingBox();
    const meter = await page.getByRole('meter').boundingBox();
    const stop = await button('Stop').boundingBox();
    if (!preview || !meter || !stop) throw new Error('not all of it is there');
    expect(preview.width / preview.height).toBeCloseTo(16 / 9, 1);
    expect(preview.width).toBeGreaterThan(size.width / 2);
    expect(meter.y).toBeGreaterThan(preview.y + preview.height);
    expect(stop.y).toBeGreaterThan(meter.y + meter.height);
    expect(stop.y + stop.height).toBeLessThan(size.height);
    await expect(page.getByText('Every frame arrives.')).toBeInViewport({ ratio: 1 });
    const scrolls = await page.evaluate(
      () =>
        document.documentElement.scrollWidth > innerWidth ||
        document.body.scrollHeight > innerHeight,
    );
    expect(scrolls).toBe(false);
  });
}
