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

/** What can be edited is chosen. */
const twitch = 'settings={"profileId":"twitch"}';

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

const chosenCamera = JSON.stringify({
  ...{ cameraId: 'c1', cameraName: 'Studio camera (1234:5678)' },
  ...{ microphoneId: 'm1', microphoneName: 'Yeti microphone' },
});

test('a chosen camera that may not be used is kept, and nothing goes out in its place', async () => {
  await open(`denied&step=20&settings=${chosenCamera}`);
  const chosen = (name: string) => combobox(name).locator('option:checked');
  await expect(chosen('Camera')).toHaveText('Studio camera (1234:5678) (not available)');
  await expect(chosen('Microphone')).toHaveText('Yeti microphone (not available)');
  await expect(sentence()).toContainText('Not ready. Access to the camera or microphone was');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('Could not go live');
  await expect(status()).toContainText('OFF AIR');
  await page.evaluate(() => window.dispatchEvent(new Event('permission-granted')));
  await expect(chosen('Camera')).toHaveText('Studio camera (1234:5678)');
  await expect(chosen('Microphone')).toHaveText('Yeti microphone');
  await expect(sentence()).toContainText('Ready.');
});

test('ffmpeg is not ready either while the chosen camera is not there', async () => {
  const gone = { engine: 'ffmpeg', cameraId: 'x', cameraName: 'Capture card' };
  await open(`settings=${JSON.stringify(gone)}`);
  await expect(combobox('Camera').locator('option:checked')).toHaveText(
    'Capture card (not available)',
  );
  await expect(sentence()).toContainText('Not ready. The camera Capture card was not found.');
});

test('a test picture on air is called one', async () => {
  // The list is there until it is live.
  await open('scenario=connecting&step=20');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await button('Go Live').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Picture ready' })).toContainText(
    'Test picture',
  );
  await page.close();
  await open('step=20');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await goLive();
  await expect(sentence()).toContainText('The test picture is on air.');
});

for (const size of [
  { width: 420, height: 900 },
  { width: 640, height: 400 },
]) {
  test(`an alert leaves most of the picture free at ${size.width}×${size.height}, and can be closed`, async () => {
    await open('denied', size);
    const alert = page.getByRole('alert');
    await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
    const covered = await alert.evaluate((element) => {
      const overlay = element.parentElement?.getBoundingClientRect().height ?? 0;
      return overlay / (element.closest('.preview-frame')?.getBoundingClientRect().height ?? 0);
    });
    expect(covered).toBeLessThan(0.5);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await expect(alert).toHaveText('');
  });
}

test('is never called ready when it is not, and a test is called a test', async () => {
  await open();
  await expect(sentence()).toContainText('Ready. Picture, sound and destination are set.');
  await combobox('Microphone').selectOption({ label: 'No microphone' });
  await expect(sentence()).toContainText('No sound. No microphone is chosen.');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(sentence()).toContainText('Only a test. Go Live sends colour bars and a beep');
  await button('New profile').click();
  await expect(sentence()).toContainText('Not ready. 3 things are missing: a name for the profile');
  await textbox('Profile name').fill('Church server');
  await textbox('Server URL').fill('http://church.example');
  await expect(sentence()).toContainText('There is no stream key for "Church server".');
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
  await expect(chosen('Microphone')).toHaveText('Headset (not available)');
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
  await expect(page.getByRole('main')).toContainText('1920×1080 · 30 fps · MediaRecorder');
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
  const camera = page.getByRole('listitem').filter({ hasText: 'Picture ready' });
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

test('a deleted profile can be had back with its key for a minute, and is gone after it', async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.clock.install();
  await page.goto(`${server.url}?${twitch}`);
  await textbox('Profile name').fill('Twitch (other)');
  await button('Delete profile').press('Enter');
  await expect(button('Delete profile')).toBeFocused();
  await expect(page.getByText('“Twitch (main)” is deleted.')).toBeVisible();
  // Whoever is at the way back does not lose it.
  await button('Undo').focus();
  await page.clock.runFor(120_000);
  await button('Undo').press('Enter');
  await expect(button('Delete profile')).toBeFocused();
  await expect(textbox('Profile name')).toHaveValue('Twitch (other)');
  await button('Discard changes').click();
  await button('Show key').click();
  await expect(page.getByLabel('Stream key', { exact: true })).toHaveValue('live_1234_abcdef');

  await button('Delete profile').press('Enter');
  await page.clock.runFor(55_000);
  await expect(button('Undo')).toBeVisible();
  await page.clock.runFor(5_000);
  await expect(button('Undo')).toBeHidden();
  await expect(combobox('Profile').locator('option')).toHaveText(['Built-in server']);
});

test('a saved key is deleted only by whoever says so', async () => {
  await open(twitch);
  const key = page.getByLabel('Stream key', { exact: true });
  await button('Show key').click();
  await expect(key).toHaveValue('live_1234_abcdef');
  await key.fill('');
  await expect(key).toHaveAccessibleDescription(/deletes the saved key/);
  await expect(key).toHaveAttribute('placeholder', 'Will be deleted');
  await expect(sentence()).toContainText('Not ready.');
  await key.press('Enter');
  await expect(page.getByRole('alertdialog')).toContainText('Delete the stream key of “Twitch');
  await page.keyboard.press('Escape');
  await expect(key).toBeFocused();
  await expect(key).toHaveValue('');
  await button('Save profile').click();
  await button('Keep the key').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await button('Show key').click();
  await expect(key).toHaveValue('live_1234_abcdef');
  await key.fill('');
  await button('Save profile').click();
  await button('Delete the key').click();
  await expect(key).toHaveAttribute('placeholder', /dashboard/);
  await expect(sentence()).toContainText('There is no stream key for "Twitch (main)".');
});

test('what was typed is not lost by choosing another profile', async () => {
  await open(twitch);
  await textbox('Profile name').fill('Evening show');
  await combobox('Profile').selectOption({ label: 'Built-in server' });
  await expect(page.getByRole('alertdialog')).toContainText('Save the changes of “Evening show”?');
  await button('Cancel').click();
  await expect(textbox('Profile name')).toHaveValue('Evening show');
  await combobox('Profile').selectOption({ label: 'Built-in server' });
  await button('Save').click();
  await expect(combobox('Profile').locator('option:checked')).toHaveText('Built-in server');
  await combobox('Profile').selectOption({ label: 'Evening show' });
  await textbox('Profile name').fill('');
  await combobox('Profile').selectOption({ label: 'Built-in server' });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard changes' }).click();
  await expect(combobox('Profile')).toContainText('Evening show');
  // A new profile into which nothing was typed is no loss.
  await button('New profile').click();
  await combobox('Profile').selectOption({ label: 'Evening show' });
  await expect(textbox('Profile name')).toHaveValue('Evening show');
});

test('every wrong field is marked and explained beside it, until it is changed', async () => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').press('Enter');
  await expect(textbox('Profile name')).toBeFocused();
  for (const name of ['Profile name', 'Server URL']) {
    await expect(textbox(name)).toHaveAttribute('aria-invalid', 'true');
    await expect(textbox(name)).toHaveAccessibleDescription(/The profile has no/);
  }
  await textbox('Profile name').fill('n'.repeat(81));
  await expect(textbox('Profile name')).not.toHaveAttribute('aria-invalid');
  await textbox('Server URL').fill('rtmp://church.example/live');
  await button('Save profile').click();
  await expect(textbox('Profile name')).toBeFocused();
  await expect(textbox('Profile name')).toHaveValue('n'.repeat(81));
  await expect(textbox('Profile name')).toHaveAccessibleDescription(/has 81 characters; 80 is/);
  await textbox('Profile name').fill('n'.repeat(80));
  await textbox('Profile name').press('Enter');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(textbox('Profile name')).toBeFocused();
  await textbox('Profile name').fill('Church');
  await expect(page.getByText('Saved', { exact: true })).toBeHidden();
});

test('the focus is never lost by going live, by stopping or by closing a message', async () => {
  await open(`silent&step=20&${twitch}`);
  await textbox('Server URL').focus();
  await page.keyboard.press('Control+Enter');
  await expect(status()).toHaveText('LIVE');
  await expect(textbox('Server URL')).toBeFocused();
  await combobox('Resolution').focus();
  await page.keyboard.press('ArrowDown');
  await expect(combobox('Resolution')).toHaveValue('1280x720');
  await button('Stop').press('Enter');
  await expect(status()).toHaveText('OFF AIR');
  await expect(button('Go Live')).toBeFocused();
  await button('Dismiss').press('Enter');
  await expect(page.locator(':focus')).toHaveCount(1);
  await textbox('Profile name').fill('Changed');
  await button('Discard changes').press('Enter');
  await expect(button('New profile')).toBeFocused();
});

test('a key in sight is hidden when going on air', async () => {
  await open(`step=20&${twitch}`);
  const key = page.getByLabel('Stream key', { exact: true });
  await button('Show key').click();
  await expect(key).toHaveAttribute('type', 'text');
  await goLive();
  await expect(key).toHaveAttribute('type', 'password');
  await expect(key).toHaveValue('');
});

test('leaving the page asks first while it sends, and only then', async () => {
  await open('step=20');
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  const reload = () => page.evaluate(() => location.reload());
  await goLive();
  await reload();
  await expect.poll(() => asked).toEqual(['beforeunload']);
  await expect(status()).toHaveText('LIVE');
  await button('Stop').click();
  await expect(status()).toHaveText('OFF AIR');
  const loaded = page.waitForEvent('load');
  await reload();
  await loaded;
  expect(asked).toHaveLength(1);
});

test('a broadcast is stopped only by holding the button, where that is chosen', async () => {
  await open('step=20');
  await page.getByRole('checkbox', { name: /held for a second/ }).check();
  await goLive();
  const stop = button('Hold to stop');
  await stop.click();
  await stop.press('Enter');
  await expect(status()).toHaveText('LIVE');
  // A click without a pointer, as a screen reader makes it.
  await stop.evaluate((element: HTMLElement) => element.click());
  await button('Cancel').click();
  await expect(status()).toHaveText('LIVE');
  /** Letting go is no click on the Go Live that the button has become; that would show at once. */
  const staysOffAir = async () => expect(await status().textContent()).toBe('OFF AIR');
  for (const key of [' ', 'Enter']) {
    await stop.focus();
    await page.keyboard.down(key);
    await expect(status()).toHaveText('OFF AIR');
    await page.keyboard.up(key);
    await staysOffAir();
    await goLive();
  }
  await stop.hover();
  await page.mouse.down();
  await expect(status()).toHaveText('OFF AIR');
  await page.mouse.up();
  await staysOffAir();
  await goLive();
});

test('an alert goes when what it tells of is mended', async () => {
  await open('camera-in-use');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('in use by another program');
  await page.evaluate(() => window.dispatchEvent(new Event('camera-free')));
  await button('Try again').click();
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(sentence()).toContainText('Ready.');
});

test('a failure tells where it was to go, and goes with the choice of another profile', async () => {
  await open(`scenario=refused&step=20&${twitch}`);
  await button('Go Live').click();
  await expect(sentence()).toContainText('Did not go live. Nothing was public.');
  await expect(sentence()).toContainText('It was for Twitch (main).');
  const choices = page.getByRole('complementary');
  await expect(status()).toHaveText('OFF AIR · Could not go on air');
  await expect(choices).toContainText('Stream key refused');
  await combobox('Profile').selectOption({ label: 'Built-in server' });
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(status()).toHaveText('OFF AIR');
  await expect(choices).not.toContainText('Stream key refused');
  await expect(sentence()).toContainText('Ready.');
  await expect(sentence()).toContainText('Goes to Built-in server');
});

test('what failed is told once, and nothing is said to go on any more', async () => {
  await open(`scenario=refused&step=20&${twitch}`);
  await button('Go Live').click();
  const choices = page.getByRole('complementary');
  await expect(choices).toContainText('Stream key refused');
  await expect(page.getByText('Invalid stream key')).toHaveCount(1);
  await expect(choices).not.toContainText('Starting the encoder');
  const unfinished = choices.getByRole('listitem').filter({ hasText: 'Encoder' });
  await expect(unfinished).toContainText('not finished');
  // Closed, it is still to be read in the list, until another server is chosen.
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
  await expect(status()).toHaveText('OFF AIR');
  await expect(choices.getByText('Invalid stream key')).toHaveCount(1);
  await combobox('Profile').selectOption({ label: 'Built-in server' });
  await expect(choices).not.toContainText('Stream key refused');
});

test('a name stands as it was written, and not longer than a question can hold', async () => {
  await open(`step=20&${twitch}`);
  await textbox('Profile name').fill('x'.repeat(400));
  await combobox('Profile').selectOption({ label: 'Built-in server' });
  await expect(page.getByRole('alertdialog')).toContainText(/“x{20,60}…x{20,60}”/);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard changes' }).click();
  await combobox('Profile').selectOption({ label: 'Twitch (main)' });
  await goLive();
  const heading = page.getByRole('heading', { name: 'Twitch (main)' });
  await expect(heading).toHaveCSS('text-transform', 'none');
});

test('devices are looked for again when access is granted, and by hand', async () => {
  await open('denied');
  await expect(page.getByRole('alert')).toContainText(
    'Access to the camera or microphone was denied',
  );
  await expect(page.getByRole('alert').getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(combobox('Camera').locator('option:checked')).toHaveText('Test picture');
  await page.evaluate(() => window.dispatchEvent(new Event('permission-granted')));
  await expect(combobox('Camera').locator('option:checked')).toHaveText(/^Studio camera/);
  await expect(page.getByRole('alert')).toHaveText('');
});

test('follows profiles that are changed elsewhere, and keeps what was typed', async () => {
  await open(twitch);
  const elsewhere = (what: string) =>
    page.evaluate((name) => window.dispatchEvent(new Event(name)), what);
  await elsewhere('add-elsewhere');
  await expect(combobox('Profile').locator('option')).toHaveText([
    'Built-in server',
    'Twitch (main)',
    'Choir',
  ]);
  await textbox('Profile name').fill('Half typed');
  await elsewhere('remove-elsewhere');
  await expect(combobox('Profile').locator('option')).toHaveText([
    'New, not saved yet',
    'Built-in server',
    'Choir',
  ]);
  await expect(textbox('Profile name')).toHaveValue('Half typed');
});

test('says which window sends', async () => {
  await open('step=20');
  await goLive();
  await expect(page.getByText('This window sends')).toBeVisible();
  await button('Stop').click();
  await expect(page.getByText('This window sends')).toBeHidden();
  await page.evaluate(() => window.dispatchEvent(new Event('live-elsewhere')));
  await expect(page.getByText('Another window sends', { exact: true })).toBeVisible();
  // What is seen here is not what goes out, and has no red frame.
  await expect(page.getByRole('main')).toContainText('Not on air: another window sends');
  await expect(page.locator('.preview-frame')).toHaveAttribute('data-lamp', 'off');
});

test('going live without a key says so', async () => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Keyless');
  await textbox('Server URL').fill('rtmp://church.example/live');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('There is no stream key for "Keyless".');
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
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The broadcast broke off');
  await expect(alert).toContainText('engine was lost. Run "tallylight studio" again and open');
  await expect(status()).toContainText('OFF AIR · The broadcast ended with an error');
  await expect(sentence()).toContainText(/broke off\. 00:00:\d\d on air, .* sent\./);
  await expect(page.getByRole('complementary')).toContainText(/StoppedSent|Stopped.*Sent\d/);
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
  await expect(choices).toContainText(/Missed while away\d+/);
  await expect(choices).toContainText('Network drops0.0 %');
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
  await button('Clear').click();
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
    await expect(sentence()).toBeInViewport({ ratio: 1 });
    const scrolls = await page.evaluate(
      () =>
        document.documentElement.scrollWidth > innerWidth ||
        document.body.scrollHeight > innerHeight,
    );
    expect(scrolls).toBe(false);
  });
}

test('a typed address is told apart when it is saved without a key, and can be put back', async () => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Church');
  await textbox('Server URL').fill('rtmp://church.example/live/mykey');
  await button('Save profile').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live');
  await button('Leave it in the URL').click();
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live/mykey');
  await button('Save profile').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live/mykey');
});

test('a key that is too long is refused whole, and a long address leaves the foot its size', async () => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Church');
  const url = `rtmp://church.example/${'a'.repeat(2000)}`;
  await textbox('Server URL').fill(url);
  const key = page.getByLabel('Stream key');
  await key.fill('k'.repeat(1500));
  await button('Save profile').click();
  await expect(key).toBeFocused();
  await expect(key).toHaveValue('k'.repeat(1500));
  await expect(key).toHaveAccessibleDescription(/has 1500 characters; 1024 is the most/);
  await key.fill('k'.repeat(1024));
  await button('Save profile').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const foot = page.getByText(/^Goes to Church, rtmp:.*…/);
  await expect(foot).toHaveAttribute('title', url);
  expect((await foot.textContent())?.length).toBeLessThan(120);
});

test('a pasted address fills all its fields, and can be put back into one', async () => {
  await open();
  await button('New profile').click();
  await textbox('Server URL').evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', text);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, 'rtmp://me:w0rd@church.example/live/MYSECRETKEY');
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live');
  await expect(page.getByLabel('Stream key')).toHaveValue('MYSECRETKEY');
  await expect(textbox('User name')).toHaveValue('me');
  await button('Leave it in the URL').click();
  await expect(textbox('Server URL')).toHaveValue(/MYSECRETKEY$/);
  await expect(page.getByLabel('Stream key')).toHaveValue('');
  await button('Use it as the stream key').click();
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live');
  await expect(page.getByLabel('Stream key')).toHaveValue('MYSECRETKEY');
});

test('a URL without an application is said while it lacks one', async () => {
  await open();
  await button('New profile').click();
  const hint = page.getByText('The URL has no application', { exact: false });
  await textbox('Server URL').fill('rtmp://church.example');
  await expect(hint).toBeVisible();
  await textbox('Server URL').fill('rtmp://church.example/live');
  await expect(hint).toBeHidden();
});

for (const size of [
  { width: 420, height: 900 },
  // 1280×800 and 900×640 at 200 %.
  { width: 640, height: 400 },
  { width: 450, height: 320 },
]) {
  test(`everything can be reached in one column at ${size.width}×${size.height}`, async () => {
    await open(`step=20&${twitch}`, size);
    const isWithin = async (): Promise<boolean> =>
      page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    expect(await isWithin()).toBe(true);
    for (const name of [...comboboxes, 'Language']) {
      await combobox(name).scrollIntoViewIfNeeded();
      await expect(combobox(name)).toBeInViewport({ ratio: 1 });
    }
    await button('Delete profile').scrollIntoViewIfNeeded();
    await goLive();
    expect(await isWithin()).toBe(true);
    await expect(button('Stop')).toBeInViewport({ ratio: 1 });
    await expect(page.getByText('LIVE', { exact: true }).first()).toBeInViewport({ ratio: 1 });
    const labels = await page.getByRole('meter').locator('xpath=following-sibling::*[1]/*').all();
    const boxes = await Promise.all(labels.map((label) => label.boundingBox()));
    const shown = boxes.filter((box) => box !== null);
    expect(shown.length).toBeGreaterThan(3);
    for (const [index, box] of shown.entries()) {
      const before = shown[index - 1];
      if (before) expect(box.x).toBeGreaterThan(before.x + before.width);
    }
  });
}

test('at 900×640 the destination and its key are in sight', async () => {
  await open(twitch, { width: 900, height: 640 });
  await expect(textbox('Server URL')).toBeInViewport({ ratio: 1 });
  await expect(page.getByLabel('Stream key', { exact: true })).toBeInViewport({ ratio: 1 });
});

test('with forced colours the meter still has three zones, and the lamp three states', async () => {
  page = await browser.newPage({ forcedColors: 'active' });
  await page.goto(`${server.url}?step=20`);
  const zones = await page
    .getByRole('meter')
    .evaluate((meter) => getComputedStyle(meter, '::after').backgroundImage);
  expect(zones.match(/gradient/g)).toHaveLength(3);
  const lamp = () =>
    page.locator('.lamp').evaluate((element) => {
      const { backgroundColor, backgroundImage } = getComputedStyle(element);
      return `${backgroundColor} ${backgroundImage}`;
    });
  const off = await lamp();
  await goLive();
  expect(await lamp()).not.toBe(off);
});
