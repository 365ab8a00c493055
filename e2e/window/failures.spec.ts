import { expect, test, twitch } from './window-test.js';

/** What is said when it goes wrong: before it is live, while it is, and afterwards. */

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
  tick,
  sentence,
  status,
}) => {
  await open(`scenario=refused&step=20&${twitch}`);
  await button('Go Live').click();
  await expect(sentence()).toContainText('Did not go live. Nothing was public.');
  await expect(sentence()).toContainText('It was for Twitch (main), as the next is.');
  const choices = page.getByRole('complementary');
  await expect(status()).toHaveText('OFF AIR · Could not go on air');
  await expect(choices).toContainText('Stream key refused');
  await tick('Built-in server').check();
  await tick('Twitch (main)').uncheck();
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
  tick,
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
  await tick('Built-in server').check();
  await tick('Twitch (main)').uncheck();
  await expect(choices).not.toContainText('Stream key refused');
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
  await expect(alert).toContainText('engine was lost. Run "npx tallylight studio" again and open');
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
  await open('scenario=lost&step=20&settings={"profileIds":["twitch"]}');
  await goLive();
  await expect(status()).toHaveText('RECONNECTING');
  await expect(page).toHaveTitle('RECONNECTING · Tallylight');
  const choices = page.getByRole('complementary');
  await expect(choices).toContainText(/Reconnectinglost 0:0\d ago/);
  await expect(choices).toContainText(/Try 4 in 1\d s/);
  await expect(page.getByRole('contentinfo')).toContainText('Nobody sees you.');
  const figures = page.getByRole('contentinfo').locator('dd');
  await expect(figures.nth(1)).toHaveText('0');
  // The round trip; behind it stands what the program costs.
  await expect(figures.nth(4)).toHaveText('–');
  const clock = await figures.first().textContent();
  await expect(choices).toContainText('lost 0:03 ago');
  await expect(figures.first()).toHaveText(clock ?? '');
  await expect(combobox('Camera')).toHaveAttribute('title', /Locked while on air/);

  await button('Retry now').click();
  await expect(status()).toHaveText('LIVE');
  await expect(choices).toContainText('On air');
  await expect(choices).toContainText(/Missed while awayup to \d+/);
  await expect(page.getByRole('contentinfo')).toContainText(/Fair\. A server was away within the/);
  await expect(choices).toContainText('Network drops0.0 %');
  // What viewers missed counts at the foot, whatever the reason.
  await expect(figures.nth(3)).toHaveText(/^[1-9]\d?\.\d %$/);
  // The log tells what was.
  const now = page.locator(':not(ol[aria-label="Event log"] *)');
  await expect(
    page.getByText(/network is slow|connection to .* (broke|was lost)/).and(now),
  ).toHaveCount(0);
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
  // And in the log.
  const now = page.locator(':not(ol[aria-label="Event log"] *)');
  await expect(
    page.getByText(/Studio camera gives nothing any more; it was unplugged, or/).and(now),
  ).toHaveCount(1);
  await expect(sentence()).toContainText(/The broadcast broke off\. 00:00:0\d on air/);
  await expect(sentence()).toContainText('It went to Built-in server. Not ready.');
  await expect(page.getByRole('complementary')).toContainText('Broke off');
  await expect(page.getByText('No sound', { exact: true })).toHaveCount(0);
  await expect(page.getByText('The microphone is not open')).toBeVisible();
});

test('a server that is no longer tried is said to be given up', async ({ page, open, goLive }) => {
  await open('scenario=given-up&step=20&settings={"profileIds":["twitch"]}');
  await goLive();
  await expect(page.getByRole('alert')).toContainText('Check the stream key');
  await expect(page.getByRole('complementary')).toContainText(
    'The server refuses the stream, so Tallylight no longer tries.',
  );
  await expect(page.getByText(/trying|tries again/)).toHaveCount(0);
});

test('the ports of the server stay open, and what has the focus keeps it, when a taken one is changed', async ({
  page,
  open,
}) => {
  await open('server=failed');
  const panel = page.getByRole('region', { name: 'Built-in server' });
  await panel.getByRole('heading').first().click();
  const port = panel.getByRole('textbox', { name: 'Port of the page' });
  await expect(port).toHaveAttribute('aria-invalid', 'true');
  await port.fill('8081');
  await port.press('Enter');
  await expect(panel.getByText('On, this computer')).toBeVisible();
  await expect(port).toBeVisible();
  await expect(port).toBeFocused();
  await expect(port).not.toHaveAttribute('aria-invalid', 'true');
  // As the user leaves it.
  const title = panel.getByText('Ports and recording', { exact: true });
  await title.click();
  await expect(port).toBeHidden();
});

test('the address that was chosen and its code stay while the server starts anew', async ({
  page,
  open,
  button,
}) => {
  await open('server=public');
  const panel = page.getByRole('region', { name: 'Built-in server' });
  await panel.getByRole('heading').first().click();
  const address = panel.getByRole('combobox', { name: 'Address of this computer' });
  await address.selectOption({ index: 1 });
  const chosen = await address.inputValue();
  await button('Show QR code').click();
  const isOn = panel.getByRole('checkbox').first();
  await isOn.uncheck();
  await expect(address).toBeHidden();
  await isOn.check();
  await expect(address).toHaveValue(chosen);
  await expect(button('Hide QR code')).toBeVisible();
});
