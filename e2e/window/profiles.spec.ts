import { expect, paste, test, twitch } from './window-test.js';

/** Where it goes to: making, changing and deleting profiles, and what is typed or pasted into them. */

test('profiles are made, shown, changed and deleted', async ({
  page,
  open,
  button,
  sentence,
  textbox,
  tick,
}) => {
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
  await expect(tick('Church server')).toBeChecked();
  // Nobody had ticked what was ticked at first.
  await expect(tick('Built-in server')).not.toBeChecked();
  await expect(page.getByLabel('Stream key')).toHaveValue('');

  await page.getByRole('button', { name: 'Show key' }).click();
  await expect(page.getByLabel('Stream key')).toHaveValue('secret');
  await expect(page.getByLabel('Stream key')).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Hide key' }).click();
  await expect(page.getByLabel('Stream key')).toHaveValue('');

  await textbox('Profile name').fill('Chapel');
  await button('Save profile').click();
  await expect(tick('Chapel')).toBeChecked();
  await button('Delete profile').click();
  await expect(tick('Chapel')).toHaveCount(0);
  await expect(textbox('Profile name')).toHaveCount(0);
  await expect(sentence()).toContainText('Not ready. No destination is ticked.');
});

test('a new profile begins from a kind of server, which says what goes where and changes nothing typed', async ({
  page,
  open,
  button,
  combobox,
  textbox,
  tick,
}) => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Choir');
  await expect(textbox('User name')).toBeHidden();
  await combobox('Service').selectOption({ label: 'Wowza Streaming Engine' });
  await expect(textbox('Server URL')).toHaveAttribute('placeholder', 'rtmp://server:1935/live');
  await expect(page.getByLabel('Stream key')).toHaveAttribute('placeholder', 'myStream');
  await expect(combobox('Service')).toHaveAccessibleDescription(/Source Authentication/);
  await expect(textbox('User name')).toBeVisible();
  await expect(textbox('Profile name')).toHaveValue('Choir');
  await textbox('Server URL').fill('choir.example');
  await expect(page.getByText('It will be saved as rtmp://choir.example:1935/live.')).toBeVisible();
  await expect(textbox('Server URL')).toHaveValue('choir.example');
  await button('Save profile').click();
  await expect(tick('Choir')).toBeChecked();
  await expect(textbox('Server URL')).toHaveValue('rtmp://choir.example:1935/live');
  await expect(combobox('Service')).toHaveCount(0);
});

test('of a service the address is known, and what it takes less of than is set is said beside it', async ({
  page,
  open,
  button,
  combobox,
  textbox,
  tick,
}) => {
  await open();
  await button('New profile').click();
  const service = combobox('Service');
  await expect(service.locator('optgroup')).toHaveCount(4);
  // As with every list, the first letters choose.
  await service.focus();
  await page.keyboard.type('Twi');
  await expect(service).toHaveValue('twitch');
  await expect(service).toHaveAccessibleDescription(/Creator Dashboard/);
  await expect(page.getByText('It will be saved as rtmp://live.twitch.tv/app.')).toBeVisible();
  await textbox('Profile name').fill('Channel');
  await page.getByLabel('Stream key', { exact: true }).fill('live_1');
  await button('Save profile').click();
  await expect(textbox('Server URL')).toHaveValue('rtmp://live.twitch.tv/app');
  await expect(tick('Channel')).toHaveAccessibleDescription('');
  await combobox('Video bitrate').selectOption({ label: '8,000 kbit/s' });
  const warning = 'Twitch takes up to 6,000 kbit/s; yours is 8,000.';
  await expect(tick('Channel')).toHaveAccessibleDescription(warning);
  // It warns, and stops nobody.
  await combobox('Microphone').selectOption({ label: 'No microphone' });
  await expect(tick('Channel')).toHaveAccessibleDescription(warning);
  await tick('Channel').uncheck();
  await expect(page.getByText(warning)).toBeHidden();
});

test('a deleted profile can be had back with its key for a minute, and is gone after it', async ({
  page,
  button,
  edit,
  textbox,
  tick,
}) => {
  await page.clock.install();
  await page.goto(`?${twitch}`);
  await edit();
  await textbox('Profile name').fill('Twitch (other)');
  await button('Delete profile').press('Enter');
  await expect(page.locator(':focus')).toHaveCount(1);
  await expect(page.getByText('“Twitch (main)” is deleted.')).toBeVisible();
  // Whoever is at the way back does not lose it.
  await button('Undo').focus();
  await page.clock.runFor(120_000);
  await button('Undo').press('Enter');
  await expect(textbox('Profile name')).toBeFocused();
  await expect(tick('Twitch (main)')).toBeChecked();
  await expect(textbox('Profile name')).toHaveValue('Twitch (other)');
  await button('Discard changes').click();
  await button('Show key').click();
  await expect(page.getByLabel('Stream key', { exact: true })).toHaveValue('live_1234_abcdef');

  await button('Delete profile').press('Enter');
  await page.clock.runFor(55_000);
  await expect(button('Undo')).toBeVisible();
  await page.clock.runFor(5_000);
  await expect(button('Undo')).toBeHidden();
  await expect(tick('Twitch (main)')).toHaveCount(0);
});

test('a saved key is deleted only by whoever says so', async ({
  page,
  open,
  edit,
  button,
  sentence,
}) => {
  await open(twitch);
  await edit();
  const key = page.getByLabel('Stream key', { exact: true });
  await button('Show key').click();
  await expect(key).toHaveValue('live_1234_abcdef');
  await key.fill('');
  await expect(key).toHaveAccessibleDescription(/deletes the saved key/);
  await expect(key).toHaveAttribute('placeholder', 'Will be deleted');
  await expect(sentence()).toContainText('No stream key.');
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
  await expect(sentence()).toContainText('No stream key.');
});

test('that a saved key will go to another server is said before it is saved', async ({
  page,
  open,
  edit,
  textbox,
}) => {
  await open(twitch);
  await edit();
  const note = page.getByText('The saved key will be sent to');
  await textbox('Server URL').fill('rtmp://elsewhere.example/app');
  await expect(note).toHaveText('The saved key will be sent to rtmp://elsewhere.example.');
  await page.getByLabel('Stream key', { exact: true }).fill('another');
  await expect(note).toBeHidden();
});

test('what was typed is not lost by editing another profile', async ({
  page,
  open,
  edit,
  button,
  textbox,
  tick,
}) => {
  await open(`profiles=1&${twitch}`);
  await edit();
  await textbox('Profile name').fill('Evening show');
  await button('Edit YouTube').click();
  await expect(page.getByRole('alertdialog')).toContainText('Save the changes to “Evening show”?');
  await button('Cancel').click();
  await expect(textbox('Profile name')).toHaveValue('Evening show');
  await button('Edit YouTube').click();
  await button('Save').click();
  await expect(textbox('Profile name')).toHaveValue('YouTube');
  await edit('Evening show');
  await textbox('Profile name').fill('');
  await button('New profile').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard changes' }).click();
  await expect(tick('Evening show')).toBeChecked();
  // A new profile into which nothing was typed is no loss.
  await expect(textbox('Profile name')).toHaveValue('');
  await edit('Evening show');
  await expect(textbox('Profile name')).toHaveValue('Evening show');
  await button('Close').click();
  await expect(textbox('Profile name')).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveCount(1);
});

test('every wrong field is marked and explained beside it, until it is changed', async ({
  page,
  open,
  button,
  textbox,
}) => {
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

test('a key in sight is hidden when going on air', async ({ page, open, edit, button, goLive }) => {
  await open(`step=20&${twitch}`);
  await edit();
  const key = page.getByLabel('Stream key', { exact: true });
  await button('Show key').click();
  await expect(key).toHaveAttribute('type', 'text');
  await goLive();
  await expect(key).toHaveAttribute('type', 'password');
  await expect(key).toHaveValue('');
});

test('a name stands as it was written, and not longer than a question can hold', async ({
  page,
  open,
  edit,
  button,
  textbox,
  goLive,
}) => {
  await open(`step=20&${twitch}`);
  await edit();
  await textbox('Profile name').fill('x'.repeat(400));
  await button('New profile').click();
  await expect(page.getByRole('alertdialog')).toContainText(/“x{20,60}…x{20,60}”/);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard changes' }).click();
  await button('Close').click();
  await goLive();
  const heading = page.getByRole('heading', { name: 'Twitch (main)' });
  await expect(heading).toHaveCSS('text-transform', 'none');
});

test('follows profiles that are changed elsewhere, and keeps what was typed', async ({
  page,
  open,
  edit,
  textbox,
}) => {
  await open(twitch);
  await edit();
  const names = page.getByRole('group', { name: 'Destinations' }).getByRole('listitem');
  const elsewhere = (what: string) =>
    page.evaluate((name) => window.dispatchEvent(new Event(name)), what);
  await elsewhere('add-elsewhere');
  await expect(names).toHaveText([/^Built-in server/, /^Twitch \(main\)/, /^Choir/]);
  await textbox('Profile name').fill('Half typed');
  await elsewhere('remove-elsewhere');
  await expect(names).toHaveText([/^Built-in server/, /^Choir/]);
  await expect(textbox('Profile name')).toHaveValue('Half typed');
  await expect(page.getByRole('alert')).toContainText('deleted the profile "Twitch (main)"');
});

test('a key that was shown is hidden again once it is saved, and then shown as it is now', async ({
  page,
  open,
  edit,
  button,
}) => {
  await open(twitch);
  await edit();
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

test('a typed address is told apart when it is saved without a key, and can be put back', async ({
  sentence,
  page,
  open,
  button,
  textbox,
}) => {
  await open();
  await button('New profile').click();
  await textbox('Profile name').fill('Church');
  await textbox('Server URL').fill('rtmp://church.example/live/mykey');
  // It is judged as it will be saved.
  await expect(page.getByText('the end of the URL will be saved as the stream key')).toBeVisible();
  await expect(sentence()).not.toContainText('stream key');
  await button('Save profile').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live');
  await button('Leave it in the URL').click();
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live/mykey');
  await button('Save profile').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(textbox('Server URL')).toHaveValue('rtmp://church.example/live/mykey');
});

test('a key that is too long is refused whole, and a long address leaves the foot its size', async ({
  page,
  open,
  button,
  textbox,
}) => {
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

test('a pasted address fills all its fields, and can be put back into one', async ({
  page,
  open,
  button,
  textbox,
}) => {
  await open();
  await button('New profile').click();
  await paste(textbox('Server URL'), 'rtmp://me:w0rd@church.example/live/MYSECRETKEY');
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

test('a URL without an application is said while it lacks one', async ({
  page,
  open,
  button,
  textbox,
}) => {
  await open();
  await button('New profile').click();
  const hint = page.getByText('The URL has no application', { exact: false });
  await textbox('Server URL').fill('rtmp://church.example');
  await expect(hint).toBeVisible();
  await textbox('Server URL').fill('rtmp://church.example/live');
  await expect(hint).toBeHidden();
});

test('what is odd about a stream key is said beside its field, and hinders nothing', async ({
  page,
  open,
  edit,
  button,
}) => {
  await open(twitch);
  await edit();
  const key = page.getByLabel('Stream key', { exact: true });
  const section = page.getByRole('complementary');
  for (const [typed, said] of [
    ['live 1234', 'The stream key of "Twitch (main)" has a space in it.'],
    ['ａｂｃ＝１', 'has characters that stream keys usually do not have'],
    ['https://live.example.tv/app', 'has an address in it'],
  ] as const) {
    await key.fill(typed);
    await expect(section).toContainText(said);
    await expect(key).not.toHaveAttribute('aria-invalid', 'true');
  }
  await key.fill('live_1234');
  await expect(section).not.toContainText(/The stream key of/);
  await button('Save profile').click();
  await expect(section).toContainText('Saved');
});

test('that the first profile takes the place of the built-in server is told, and both can be gone to', async ({
  page,
  open,
  button,
  textbox,
  tick,
}) => {
  await open();
  await expect(tick('Built-in server')).toBeChecked();
  await button('New profile').click();
  await textbox('Profile name').fill('Choir');
  await textbox('Server URL').fill('rtmp://choir.example/live');
  const save = button('Save profile');
  await save.click();
  const note = page.getByText(
    'Go Live goes to “Choir” now. The built-in server is no longer ticked.',
  );
  await expect(note).toBeVisible();
  await expect(tick('Built-in server')).not.toBeChecked();
  await button('Go there, too').click();
  await expect(tick('Built-in server')).toBeChecked();
  await expect(tick('Choir')).toBeChecked();
  await expect(note).toHaveCount(0);
});
