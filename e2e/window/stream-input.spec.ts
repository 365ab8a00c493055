import { expect, test } from './window-test.js';

/** What others publish to this computer, in place of a camera. */

test('the stream is chosen as a camera is: where to publish is shown and copied, and what viewers see while it is away', async ({
  page,
  open,
  combobox,
  textbox,
  button,
  sentence,
  goLive,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await open('step=20');
  await combobox('Camera').selectOption({ label: 'Stream from this computer' });
  await expect(textbox('Server')).toHaveValue('rtmp://127.0.0.1:1936/live');
  const sources = page.getByRole('region', { name: 'Sources' });
  await expect(sources.getByLabel('Stream key', { exact: true })).toHaveValue('input');
  for (const needless of ['Microphone', 'Resolution', 'Engine'])
    await expect(combobox(needless)).toHaveCount(0);
  await button('Copy: Server').click();
  await expect(button('Copied: Server')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'rtmp://127.0.0.1:1936/live',
  );
  await expect(page.getByText('Waiting for the stream', { exact: true })).toBeVisible();
  await expect(sentence()).toContainText('Nobody publishes yet. Go Live waits for the stream.');
  await page.evaluate(() => window.dispatchEvent(new Event('publish')));
  await expect(sentence()).toContainText('Ready.');
  await expect(page.getByText('Waiting for the stream', { exact: true })).toHaveCount(0);
  await goLive();
  await page.evaluate(() => window.dispatchEvent(new Event('unpublish')));
  await expect(page.getByText('Viewers see “Back in a moment” until it is back.')).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event('publish')));
  await expect(page.getByText('until it is back')).toHaveCount(0);
  await button('Stop').click();
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(combobox('Microphone')).toBeVisible();
  await expect(textbox('Server')).toHaveCount(0);
});

test('what is published to the built-in server is chosen by its name, and says what is missing', async ({
  page,
  open,
  combobox,
  sentence,
  button,
  goLive,
}) => {
  const settings = encodeURIComponent(JSON.stringify({ profileIds: ['twitch'] }));
  await open(`step=20&server=local&settings=${settings}`);
  await combobox('Camera').selectOption({ label: 'live/phone (built-in server)' });
  await expect(sentence()).toContainText('Ready.');
  await expect(page.getByText('It is sent on as it comes, with its sound.')).toBeVisible();
  await page.getByRole('heading', { name: 'Built-in server' }).click();
  await goLive();
  await expect(
    page.getByText('Your broadcast comes from this server. Stop it to change the server.'),
  ).toBeVisible();
  await button('Stop').click();
  await page.getByRole('checkbox', { name: 'Run the server' }).uncheck();
  await expect(sentence()).toContainText('The built-in server does not run.');
  await expect(sentence()).toContainText('Not ready');
  await expect(button('Try again')).toHaveCount(0);
  // It stays chosen, and is there again with the server.
  await expect(combobox('Camera').locator('option:checked')).toHaveText(
    'live/phone (built-in server)',
  );
  await page.getByRole('checkbox', { name: 'Run the server' }).check();
  await expect(sentence()).not.toContainText('Not ready');
});
