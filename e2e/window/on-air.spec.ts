import { comboboxes, expect, test, twitch } from './window-test.js';

/** From Go Live to Stop: what can be done, what is locked, and what is said when it goes wrong. */

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

test('a refusal stands in the alert and at the phase that failed', async ({
  page,
  open,
  button,
  status,
}) => {
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

test('the focus is never lost by going live, by stopping or by closing a message', async ({
  page,
  open,
  button,
  combobox,
  textbox,
  status,
}) => {
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

test('an alert goes when what it tells of is mended', async ({ page, open, button, sentence }) => {
  await open('camera-in-use');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('in use by another program');
  await page.evaluate(() => window.dispatchEvent(new Event('camera-free')));
  await button('Try again').click();
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(sentence()).toContainText('Ready.');
});

test('a failure tells where it was to go, and goes with the choice of another profile', async ({
  page,
  open,
  button,
  combobox,
  sentence,
  status,
}) => {
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

test('what failed is told once, and nothing is said to go on any more', async ({
  page,
  open,
  button,
  combobox,
  status,
}) => {
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
  await expect(page.getByRole('heading', { name: 'Next time going live to' })).toBeVisible();
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

test('an engine that is gone is said, and nothing can be started', async ({
  page,
  open,
  button,
  sentence,
  status,
  goLive,
}) => {
  await open('step=20');
  await goLive();
  await page.evaluate(() => window.dispatchEvent(new Event('engine-gone')));
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The broadcast broke off');
  await expect(alert).toContainText('engine was lost. Run "tallylight studio" again and open');
  await expect(status()).toContainText('OFF AIR · The broadcast ended with an error');
  await expect(sentence()).toContainText(/broke off\. 00:00:\d\d on air, .* sent\./);
  await expect(page.getByRole('complementary')).toContainText(/Broke off.*Sent\d/);
  await expect(page.getByRole('complementary')).not.toContainText('Bitrate0');
  await expect(button('Go Live')).toBeDisabled();
});

test('while the only server is away nobody is told that it is live, and what it missed is no fault', async ({
  page,
  open,
  button,
  combobox,
  status,
  goLive,
}) => {
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
  await expect(page.getByRole('contentinfo')).toContainText(/Fair\. A server was away within the/);
  await expect(choices).toContainText('Network drops0.0 %');
  await expect(figures.nth(3)).toHaveText('0.0 %');
  await expect(page.getByText(/network is slow|connection to .* (broke|was lost)/)).toHaveCount(0);
});

test('a camera that is lost on air is told of once, beside how far the broadcast came', async ({
  page,
  open,
  sentence,
  status,
  goLive,
}) => {
  await open('step=20');
  await goLive();
  await expect(sentence().locator('dd').first()).toHaveText('00:00:01');
  await page.evaluate(() => window.dispatchEvent(new Event('camera-gone')));
  await expect(status()).toContainText('OFF AIR');
  await expect(page.getByRole('alert')).toContainText('The broadcast broke off');
  await expect(
    page.getByText(/Studio camera gives nothing any more; it was unplugged, or/),
  ).toHaveCount(1);
  await expect(sentence()).toContainText(/The broadcast broke off\. 00:00:0\d on air/);
  await expect(sentence()).toContainText('It went to Built-in server. Not ready.');
  await expect(page.getByRole('complementary')).toContainText('Broke off');
  await expect(page.getByText('No sound', { exact: true })).toHaveCount(0);
  await expect(page.getByText('The microphone is not open')).toBeVisible();
});

test('a server that is no longer tried is said to be given up', async ({ page, open, goLive }) => {
  await open('scenario=given-up&step=20&settings={"profileId":"twitch"}');
  await goLive();
  await expect(page.getByRole('alert')).toContainText('Check the stream key');
  await expect(page.getByRole('complementary')).toContainText(
    'The server refuses the stream, so Tallylight no longer tries.',
  );
  await expect(page.getByText(/trying|tries again/)).toHaveCount(0);
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
