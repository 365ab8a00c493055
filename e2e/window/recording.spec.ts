import { expect, test, twitch } from './window-test.js';

/** What is recorded, with and without a show, and what was just now. */

test('is recorded off air, goes live meanwhile, and goes on being recorded when the show is stopped', async ({
  page,
  open,
  button,
  status,
  sentence,
}) => {
  await open(`step=20&recordings=some&${twitch}`);
  const recorded = page.getByRole('group', { name: /^2026-11-30/ });
  await button('Record').click();
  await expect(status()).toHaveText('OFF AIR · Recording');
  await expect(sentence()).toContainText('Recording. Nobody sees it');
  await expect(recorded).toContainText('Recording');
  await button('Pause recording').click();
  await expect(recorded).toContainText('Paused');
  await expect(sentence()).toContainText('Paused. Nothing is kept until you resume.');
  await button('Resume recording').click();
  await expect(recorded).toContainText('Recording');

  await button('Go Live').click();
  await expect(status()).toHaveText('LIVE');
  await expect(button('Stop recording')).toBeVisible();
  await button('Stop').click();
  await expect(status()).toHaveText('OFF AIR · Recording');
  await expect(sentence()).toContainText('The recording goes on until you stop it.');
  await button('Stop recording').click();
  await expect(status()).toHaveText('OFF AIR');
  await expect(recorded).toContainText('Finished');
  await expect(button('Record')).toBeVisible();
});

test('what was just now is saved by a key, and the last recordings are listed with the way to each', async ({
  page,
  open,
  button,
  goLive,
}) => {
  await open(`step=20&recordings=some&${twitch}`);
  await page.keyboard.press('Control+Shift+S');
  await expect(button('Save replay')).toHaveAttribute('aria-disabled', 'true');
  await goLive();
  await page.keyboard.press('Control+Shift+S');
  const saved = page.getByRole('log');
  await expect(saved).toContainText('Saved: the last 30.4 s, as Replay 2026-11-30 19-41-12.mp4');
  await page.getByRole('heading', { name: 'Recording', exact: true }).click();
  const rows = page.getByRole('region', { name: 'Last recordings' }).getByRole('listitem');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText('1:30:12 · 4.8 GB · 3 files');
  await expect(rows.nth(3)).toContainText('Moved or deleted');
  await expect(rows.nth(3).getByRole('button')).toHaveCount(0);
  await button('Show in folder: 2026-11-29 19-30-02.mp4').click();
  await expect(page.getByRole('alert')).toBeEmpty();
});

test('a folder that is gone is made when somebody wants it, by keys too', async ({
  page,
  open,
  button,
}) => {
  await open(`step=20&recordings=folder-gone&${twitch}`);
  await page.getByText('The folder cannot be used').click();
  const folder = page.getByRole('textbox', { name: 'Folder', exact: true });
  await expect(folder).toHaveAccessibleDescription(/there is no such folder/);
  await folder.focus();
  await page.keyboard.press('Tab');
  await expect(button('Create this folder')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button('Create this folder')).toHaveCount(0);
  await expect(folder).not.toHaveAccessibleDescription(/there is no such folder/);
  await expect(page.getByText('The folder cannot be used')).toHaveCount(0);
});

test('a folder that is gone is said before, and a recording that cannot be written at once', async ({
  page,
  open,
  button,
  status,
}) => {
  await open(`step=20&recordings=folder-gone&${twitch}`);
  await page.getByText('The folder cannot be used').click();
  const folder = page.getByRole('textbox', { name: 'Folder', exact: true });
  await expect(folder).toHaveAccessibleDescription(/there is no such folder/);
  await folder.fill('/srv/videos');
  await folder.press('Enter');
  await expect(folder).toHaveValue('/srv/videos');
  await button('Record').click();
  await expect(page.getByRole('alert')).toContainText('The recording failed');
  await expect(status()).toContainText('OFF AIR');
  await expect(button('Record')).toBeEnabled();
});
