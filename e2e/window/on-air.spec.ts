import { readFile } from 'node:fs/promises';
import { comboboxes, expect, test, twitch } from './window-test.js';

/** From Go Live to Stop: what can be done, what is locked, and what is said. */

test('is never called ready when it is not, and a test is called a test', async ({
  page,
  open,
  button,
  combobox,
  textbox,
  sentence,
}) => {
  await open();
  await expect(sentence()).toContainText('Ready. Picture, sound and destination are set.');
  await combobox('Microphone').selectOption({ label: 'No microphone' });
  await expect(sentence()).toContainText('No sound. No microphone is chosen.');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(sentence()).toContainText('Only a test. Go Live sends colour bars and a beep');
  await button('New profile').click();
  // A new profile in which nothing is typed yet keeps nobody from going live.
  await expect(sentence()).toContainText('Only a test.');
  await page.getByLabel('Stream key').fill('secret');
  await expect(sentence()).toContainText('Not ready. 2 things are missing: a name for the profile');
  await textbox('Profile name').fill('Church server');
  await textbox('Server URL').fill('http://church.example');
  await expect(sentence()).toContainText(
    /Not ready\. The server URL "http:.*" is not an RTMP address: it begins/,
  );
  await page.getByLabel('Stream key').fill('secret');
  await expect(sentence()).toContainText(
    /Not ready\. The server URL "http:.*" is not an RTMP address: it begins/,
  );
  await button('Save profile').click();
  await expect(page.getByRole('alert')).toContainText('The profile was not saved');
  await textbox('Server URL').fill('rtmp://church.example/live');
  await expect(sentence()).toContainText('Only a test.');
  await button('Save profile').click();
  await expect(sentence()).toContainText('Only a test.');
});

test('says on air, too, that there is no sound', async ({ open, combobox, sentence, goLive }) => {
  await open('step=20');
  await combobox('Microphone').selectOption({ label: 'No microphone' });
  await goLive();
  await expect(sentence()).toContainText('The broadcast has no sound.');
});

test('goes live by keyboard, is not stopped by Escape, and stops', async ({
  page,
  open,
  button,
  combobox,
  status,
}) => {
  await open('step=100');
  await combobox('Resolution').focus();
  await page.keyboard.press('Control+Enter');
  await expect(status()).toContainText('GOING LIVE · Connecting: ');
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

test('locks what cannot change while on air, and says why', async ({
  open,
  button,
  combobox,
  goLive,
}) => {
  await open('step=20');
  await goLive();
  for (const name of comboboxes) {
    await expect(combobox(name)).toBeDisabled();
    await expect(combobox(name)).toHaveAttribute('title', /Locked while on air/);
  }
  await button('Stop').click();
  for (const name of comboboxes) await expect(combobox(name)).toBeEnabled();
});

test('a double click on Go Live does not cancel', async ({ open, button, status }) => {
  await open('step=100');
  await button('Go Live').dblclick();
  await expect(status()).toHaveText('LIVE');
});

test('can be cancelled', async ({ open, button, status }) => {
  await open('scenario=connecting&step=20');
  await button('Go Live').click();
  await expect(status()).toContainText('Presenting the stream key');
  await button('Cancel').click();
  await expect(button('Go Live')).toBeVisible();
  await expect(status()).toHaveText('OFF AIR');
});

test('the focus is never lost by going live, by stopping or by closing a message', async ({
  page,
  open,
  button,
  combobox,
  edit,
  textbox,
  status,
}) => {
  await open(`silent&step=20&${twitch}`);
  await edit();
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
  await expect(button('Close')).toBeFocused();
});

test('leaving the page asks first while it sends, and only then', async ({
  page,
  open,
  button,
  status,
  goLive,
}) => {
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

test('a broadcast is stopped only by holding the button, where that is chosen', async ({
  page,
  open,
  button,
  status,
  goLive,
}) => {
  await open('step=20');
  await page.getByRole('checkbox', { name: /held for a second/ }).check();
  await goLive();
  const stop = button('Hold to stop');
  await stop.click();
  // What was too short is said where it was pressed.
  const again = button('Hold 1 s to stop');
  await again.press('Enter');
  await expect(again).toBeFocused();
  await expect(status()).toHaveText('LIVE');
  // A click without a pointer, as a screen reader makes it.
  await again.evaluate((element: HTMLElement) => element.click());
  await button('Cancel').click();
  await expect(status()).toHaveText('LIVE');
  await again.dispatchEvent('pointerdown');
  await expect(stop).toBeVisible();
  await expect(status()).toHaveText('OFF AIR');
  await goLive();
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

test('processor and memory have their places at once, and say what they are of', async ({
  page,
  open,
  goLive,
}) => {
  await open('step=20&no-load');
  await goLive();
  const performance = page.getByRole('region', { name: 'Performance', exact: true });
  const facts = performance.locator('dl > div');
  const cpu = facts.filter({ hasText: 'Engine CPU' });
  await expect(cpu.locator('dd')).toHaveText('–');
  await expect(cpu).toHaveAttribute('title', /What this browser uses .* is not in it/);
  const foot = page.getByRole('contentinfo').locator('dl > div').filter({ hasText: 'Engine CPU' });
  const places = async () => [await cpu.boundingBox(), await foot.boundingBox()];
  const before = await places();
  await page.evaluate(() => window.dispatchEvent(new Event('load-known')));
  await expect(cpu.locator('dd')).toHaveText(/^\d+ %$/);
  expect(await places()).toEqual(before);
});

test('the built-in server is not called off while the broadcast goes into it', async ({
  page,
  open,
  button,
  goLive,
  status,
}) => {
  await open('step=20');
  const summary = page
    .getByRole('region', { name: 'Built-in server', exact: true })
    .locator('summary');
  await expect(summary).toContainText('Off');
  await goLive();
  await expect(summary).toContainText('On, for your broadcast');
  await button('Stop').click();
  await expect(status()).toHaveText('OFF AIR');
  await expect(summary).toContainText('Off');
});

test('says that a window records where nothing is sent', async ({ page, open, button, status }) => {
  await open('step=20');
  await button('Record').click();
  await expect(status()).toContainText('Recording');
  await expect(page.getByText('This window records', { exact: true })).toBeVisible();
  await expect(page.getByText('This window sends', { exact: true })).toHaveCount(0);
  await button('Go Live').click();
  await expect(page.getByText('This window sends', { exact: true })).toBeVisible();
});

test('says which window sends', async ({ page, open, button, goLive }) => {
  await open('step=20');
  await goLive();
  await expect(page.getByText('This window sends')).toBeVisible();
  // Every section whose choices are locked says so.
  for (const name of ['Sources', 'Encoding']) {
    const section = page.locator('section').filter({ has: page.getByRole('heading', { name }) });
    await expect(section.getByText('Locked while on air')).toBeVisible();
  }
  await button('Stop').click();
  await expect(page.getByText('Locked while on air')).toHaveCount(0);
  await expect(page.getByText('This window sends')).toBeHidden();
  await page.evaluate(() => window.dispatchEvent(new Event('live-elsewhere')));
  await expect(page.getByText('Another window sends', { exact: true })).toBeVisible();
  // What is seen here is not what goes out, and has no red frame.
  await expect(page.getByRole('main')).toContainText(
    'This picture is not on air: another window sends',
  );
  await expect(page.locator('.preview-frame')).toHaveAttribute('data-lamp', 'off');
});

test('shows what ffmpeg sends, whichever window began it', async ({ page, open, status }) => {
  await open('step=20');
  await page.evaluate(() => window.dispatchEvent(new Event('live-by-ffmpeg')));
  await expect(status()).toHaveText('LIVE');
  await expect(page.locator('.preview-frame')).toHaveAttribute('data-lamp', 'live');
  await expect(page.getByRole('img', { name: 'Preview' })).toBeVisible();
  await expect(page.getByText(/[Aa]nother window/)).toHaveCount(0);
});

test('names where the broadcast of another window goes, not what this one has chosen', async ({
  page,
  open,
  status,
}) => {
  await open('step=20');
  const destination = page.locator('.header-destination');
  await expect(destination).toHaveText('Going to Built-in server');
  await page.evaluate(() => window.dispatchEvent(new Event('live-elsewhere')));
  await expect(destination).toHaveText('Going to Twitch (main)');
  await expect(status()).toHaveText('LIVE');
  await expect(destination).toHaveText('Going to Twitch (main)');
  const rows = page.getByRole('group', { name: 'Destinations' }).getByRole('listitem');
  await expect(rows.filter({ hasText: 'Built-in server' })).toContainText('Not on air');
  await expect(rows.filter({ hasText: 'Twitch (main)' })).toContainText('On air');
});

test('going live without a key says so before, and is refused by no window', async ({
  open,
  button,
  textbox,
  sentence,
  status,
}) => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Keyless');
  await textbox('Server URL').fill('rtmp://church.example/live');
  await expect(sentence()).toContainText('No stream key. Most servers want a stream key');
  await button('Go Live').click();
  await expect(status()).toHaveText('LIVE');
});

test('what came of a broadcast stays to be read until the next one, or until it is hidden', async ({
  page,
  open,
  button,
  status,
  goLive,
}) => {
  await open('step=20');
  await goLive();
  await expect(page.getByRole('img', { name: /^Bitrate\. Last minute\./ })).toBeVisible();
  await button('Stop').click();
  await expect(status()).toHaveText('OFF AIR');
  const graph = page.getByRole('img', { name: /^Bitrate\. Last minute\./ });
  const card = page.getByRole('complementary').getByText(/Sent\d/);
  await expect(graph).toBeVisible();
  await expect(card).toBeVisible();
  await goLive();
  await button('Stop').click();
  await button('Clear').click();
  await expect(graph).toBeHidden();
  await expect(card).toBeHidden();
});

test('what happened is told line by line, can be copied, and is in the summary that is saved', async ({
  page,
  open,
  button,
  status,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await open('step=20&scenario=lost');
  await button('Go Live').click();
  await expect(status()).toHaveText('RECONNECTING');
  const log = page.getByRole('list', { name: 'Event log' });
  await expect(log).toContainText('Built-in server: live, after');
  await expect(log).toContainText(/Built-in server: lost\. The connection to .+ was lost/);
  await button('Copy log').click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^\d\d:\d\d:\d\d {2}The broadcast begins\n/);
  await expect(button('Save summary')).toBeHidden();
  await button('Stop').click();
  await expect(status()).toHaveText('OFF AIR');
  const saving = page.waitForEvent('download');
  await button('Save summary').click();
  const file = await (await saving).path();
  const summary = await readFile(file, 'utf8');
  expect(summary).toContain('On air: 00:00:');
  expect(summary).toContain(copied);
  expect(summary).toContain('The broadcast has ended');
});
