import { looks, violations } from './axe.js';
import { expect, test, twitch } from './window-test.js';

// The check of a destination in the window: what it shows, what it asks first, and what is taken over from it.

test('a destination is checked phase by phase, and publishes only where that is wanted', async ({
  page,
  open,
  button,
}) => {
  await open(twitch);
  const item = page.getByRole('listitem').filter({ has: page.getByText('Twitch (main)') });
  await item.getByRole('button', { name: 'Check', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Check Twitch (main)' });
  await expect(dialog).toContainText('The server answers.');
  const steps = dialog.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  await expect(steps).toHaveCount(5);
  await expect(dialog).toContainText('The certificate of live.example.tv ends in 6 days.');
  const publish = dialog.getByRole('checkbox', { name: 'Check with a short publish' });
  await expect(publish).not.toBeChecked();
  await expect(publish).toHaveAccessibleDescription(/which viewers may see/);
  await publish.check();
  await button('Check again').click();
  await expect(dialog).toContainText('Ready to go live.');
  await expect(steps).toHaveCount(8);
  await expect(dialog).toContainText('Upload: 3,600 kbit/s. 2,500 kbit/s can be kept up.');
  expect(await violations(page, looks.dark)).toEqual([]);
  // The sound has its part of it.
  await button('Use 2,300 kbit/s').click();
  await expect(dialog).toContainText('The video bitrate is 2,300 kbit/s.');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Video bitrate' })).toHaveValue('2300');
});

test('what is typed is checked before it is saved, says why it fails, and is cancelled at once', async ({
  page,
  open,
  button,
  textbox,
}) => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Choir');
  await textbox('Server URL').fill('rtmp://refused.example/app');
  const form = page.getByRole('form');
  await form.getByRole('button', { name: 'Check', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Check Choir' });
  await expect(dialog).toContainText('It cannot go live like this.');
  await expect(dialog.getByRole('alert')).toContainText('refused the application');
  await button('Close the check').click();
  await textbox('Server URL').fill('rtmp://silent.example/app');
  await form.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(dialog).toContainText('Checking…');
  await button('Cancel').click();
  await expect(dialog).toContainText('Cancelled.');
  await expect(button('Check again')).toBeVisible();
  await button('Close the check').click();
  await expect(textbox('Server URL')).toHaveValue('rtmp://silent.example/app');
});
