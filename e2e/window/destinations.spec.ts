import { expect, test } from './window-test.js';

/** Several destinations: what is ticked before, and what becomes of each on air. */

const three = 'profiles=2&step=20&settings={"profileIds":["twitch","p1","p2"]}';

test('all that are ticked are gone to, and ticks alone change nothing on air', async ({
  page,
  open,
  button,
  tick,
  sentence,
  goLive,
}) => {
  await open('profiles=2&step=20');
  await tick('Twitch (main)').check();
  await tick('YouTube').check();
  await tick('Built-in server').uncheck();
  await expect(sentence()).toContainText('Goes to Twitch (main) and YouTube.');
  await goLive();
  const row = (name: string) =>
    page
      .getByRole('group', { name: 'Destinations' })
      .getByRole('listitem')
      .filter({ hasText: name });
  await expect(row('YouTube')).toContainText('On air');
  await expect(row('Church server')).toContainText('Not on air');
  await expect(button('Add now')).toHaveCount(0);
  await expect(button('Stop sending')).toHaveCount(0);

  await tick('Church server').check();
  await expect(row('Church server')).toContainText('Not on air');
  await row('Church server').getByRole('button', { name: 'Add now', exact: true }).click();
  await expect(row('Church server')).toContainText('On air');
  await expect(page.getByRole('group', { name: 'Church server', exact: true })).toBeVisible();

  await tick('Twitch (main)').uncheck();
  await expect(row('Twitch (main)')).toContainText('On air');
  await row('Twitch (main)').getByRole('button', { name: 'Stop sending', exact: true }).click();
  await expect(row('Twitch (main)')).toContainText('Not on air');
  await tick('YouTube').uncheck();
  await row('YouTube').getByRole('button', { name: 'Stop sending', exact: true }).click();
  await expect(row('YouTube')).toContainText('Not on air');
  // Nobody is left alone by mistake.
  await tick('Church server').uncheck();
  await expect(row('Church server')).toContainText('The last one on air: Stop ends the broadcast.');
  await expect(button('Stop sending')).toHaveCount(0);
});

test('live on two of three: the third says why, is put right on air and tried again', async ({
  page,
  open,
  button,
  edit,
  textbox,
  sentence,
  status,
  goLive,
}) => {
  await open(`scenario=one-refused&${three}`);
  await goLive();
  await expect(sentence()).toContainText('Live on 2 of 3: not on Church server.');
  await expect(status()).toHaveText('LIVE');
  await expect(page.getByRole('banner')).toContainText('on 2 of 3');
  const card = page.getByRole('group', { name: 'Church server', exact: true });
  await expect(card).toContainText('Failed');
  await expect(card).toContainText('refused the stream: Invalid stream key.');
  await expect(card).toContainText('Stream key refused');
  await edit('Church server');
  await expect(page.getByText('Save what you put right, then “Retry now”')).toBeVisible();
  await expect(button('Show key')).toBeDisabled();
  await expect(button('Delete profile')).toBeDisabled();
  await page.getByLabel('Stream key', { exact: true }).fill('right');
  await button('Save profile').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await button('Retry now').click();
  await expect(card).toContainText('On air');
  await expect(sentence()).not.toContainText('Live on');
  await expect(textbox('Server URL')).toBeEditable();
  await edit('YouTube');
  await expect(page.getByText('What you save now takes effect the next time.')).toBeVisible();
});

test('more than three have a line each, which opens to all that is told of it', async ({
  page,
  open,
  button,
  goLive,
}) => {
  await open(
    'scenario=one-refused&profiles=4&step=20&settings={"profileIds":["twitch","p1","p2","p4"]}',
  );
  await goLive();
  const line = page
    .getByRole('complementary')
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: 'Details of Facebook page of the choir' }) });
  await expect(line).toContainText('Failed');
  await expect(line).not.toContainText('Invalid stream key');
  await expect(button('Retry now')).toHaveCount(1);
  const details = button('Details of Facebook page of the choir');
  await expect(details).toHaveAttribute('aria-expanded', 'false');
  await details.click();
  await expect(details).toHaveAttribute('aria-expanded', 'true');
  await expect(line).toContainText('Invalid stream key');
  await button('Retry now').click();
  await expect(line).toContainText('On air');
  await expect(line).toContainText(/[\d,]+ kbit\/s/);
});

test('with nothing ticked it is not ready, and Go Live says what to do', async ({
  page,
  open,
  button,
  tick,
  sentence,
  status,
}) => {
  await open();
  await tick('Built-in server').uncheck();
  await expect(sentence()).toContainText('Not ready. No destination is ticked.');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('Tick one under “Destinations”');
  await expect(status()).toContainText('OFF AIR');
  await tick('Built-in server').check();
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(sentence()).toContainText('Ready.');
});

test('ticks are kept as a group by a name, chosen again and deleted', async ({
  page,
  open,
  button,
  tick,
  textbox,
}) => {
  await open();
  await expect(button('Save as group…')).toHaveCount(0);
  await open(three);
  await button('Save as group…').click();
  await expect(textbox('Name of the group')).toBeFocused();
  await page.keyboard.type('Sunday');
  await page.keyboard.press('Enter');
  await expect(button('Sunday')).toHaveAttribute('aria-pressed', 'true');
  await tick('YouTube').uncheck();
  await tick('Built-in server').check();
  await expect(button('Sunday')).toHaveAttribute('aria-pressed', 'false');
  await button('Sunday').click();
  await expect(tick('YouTube')).toBeChecked();
  await expect(tick('Built-in server')).not.toBeChecked();
  await button('Delete the group Sunday').click();
  await expect(button('Sunday')).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveCount(1);
});
