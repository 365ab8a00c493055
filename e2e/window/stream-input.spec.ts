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
  await combobox('Camera').selectOption({ label: 'Stream from the built-in server' });
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
  await expect(page.getByText('Viewers see', { exact: false })).toHaveCount(0);
  await button('Stop').click();
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(combobox('Microphone')).toBeVisible();
  await expect(textbox('Server')).toHaveCount(0);
});
