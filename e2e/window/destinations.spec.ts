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
  await expect(button('Start sending to Church server')).toHaveCount(0);

  await tick('Church server').check();
  await expect(row('Church server')).toContainText(
    'The tick is for the next broadcast. To send there now:',
  );
  await row('Church server').getByRole('button', { name: 'Add now', exact: true }).click();
  await expect(row('Church server')).toContainText('On air');
  await expect(row('Church server')).not.toContainText('The tick is');
  await expect(page.getByRole('group', { name: 'Church server', exact: true })).toBeVisible();

  await tick('Twitch (main)').uncheck();
  await expect(row('Twitch (main)')).toContainText('On air');
  await expect(row('Twitch (main)')).toContainText('Still on air: the tick is for the next');
  await row('Twitch (main)').getByRole('button', { name: 'Stop sending' }).click();
  await expect(row('Twitch (main)')).toContainText('Ended');
  await expect(row('Twitch (main)')).not.toContainText('Still on air');
  await row('YouTube').getByRole('button', { name: 'Stop sending' }).click();
  await expect(row('YouTube')).toContainText('Still ticked for the next broadcast.');
  // Nobody is left alone by mistake.
  await tick('Church server').uncheck();
  await expect(row('Church server')).toContainText('The last one on air: Stop ends the broadcast.');
  await expect(row('Church server').getByRole('button', { name: 'Stop sending' })).toHaveCount(0);
});

test('one is ended and begun again on its card, by keyboard, while the others go on', async ({
  page,
  open,
  button,
  tick,
  status,
  goLive,
}) => {
  await open(three);
  await goLive();
  const cards = page.getByRole('complementary').getByRole('group');
  const card = page.getByRole('group', { name: 'Twitch (main)', exact: true });
  const stop = card.getByRole('button', { name: 'Stop sending to Twitch (main)', exact: true });
  const start = card.getByRole('button', { name: 'Start sending to Twitch (main)', exact: true });
  const before = await cards.count();
  await stop.press('Enter');
  await expect(card).toContainText('Ended');
  await expect(start).toBeFocused();
  await expect(status()).toHaveText('LIVE');
  await expect(page.getByRole('banner')).not.toContainText('on 2 of');
  // What it is to be the next time, nobody has changed.
  await expect(tick('Twitch (main)')).toBeChecked();
  await start.press('Enter');
  await expect(card).toContainText('On air');
  await expect(stop).toBeFocused();
  expect(await cards.count()).toBe(before);
  await stop.click();
  await button('Stop sending to YouTube').first().click();
  const church = page.getByRole('group', { name: 'Church server', exact: true });
  const last = church.getByRole('button', { name: 'Stop sending to Church server', exact: true });
  await expect(last).toBeDisabled();
  await expect(last).toHaveAttribute('title', 'The last one on air: Stop ends the broadcast.');
});

test('where the broadcast is stopped by holding, one destination is asked for', async ({
  page,
  open,
  button,
  goLive,
}) => {
  await open('profiles=2&step=20&settings={"profileIds":["twitch","p1"],"holdToStop":true}');
  await goLive();
  const card = page.getByRole('group', { name: 'YouTube', exact: true });
  const stop = card.getByRole('button', { name: 'Stop sending to YouTube', exact: true });
  await stop.click();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('Stop sending to “YouTube”?');
  await button('Cancel').click();
  await expect(card).toContainText('On air');
  await stop.click();
  await question.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(card).toContainText('Ended');
});

test('the only destination has no button of its own', async ({ page, open, goLive }) => {
  await open('step=20&settings={"profileIds":["twitch"]}');
  await goLive();
  await expect(page.getByRole('group', { name: 'Twitch (main)', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Stop sending/ })).toHaveCount(0);
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
  await expect(page.getByText('Put right what is wrong and try again below')).toBeVisible();
  const editor = page.getByRole('form', { name: 'Edit “Church server”' });
  await expect(editor.getByRole('button', { name: 'Try again', exact: true })).toBeVisible();
  await expect(button('Show key')).toBeDisabled();
  await expect(button('Delete profile')).toBeDisabled();
  await page.getByLabel('Stream key', { exact: true }).fill('right');
  await editor.getByRole('button', { name: 'Save and try again', exact: true }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(card).toContainText('On air');
  await expect(editor.getByRole('button', { name: 'Try again', exact: true })).toHaveCount(0);
  await expect(sentence()).not.toContainText('Live on');
  await expect(textbox('Server URL')).toBeEditable();
  await edit('YouTube');
  await expect(
    page.getByText('What you save from now on takes effect the next time.'),
  ).toBeVisible();
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
  await line.getByRole('button', { name: /^Stop sending to Facebook/ }).click();
  await expect(line).toContainText('Ended');
  await expect(line.getByRole('button', { name: /^Start sending to Facebook/ })).toBeFocused();
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
