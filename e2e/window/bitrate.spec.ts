import { expect, test } from './window-test.js';

/** How much the picture may have, moved on air, and what is said of a network that takes less. */

const limit = { name: 'Video bitrate limit', exact: true } as const;

test('the limit is moved on air by keyboard, and says where it is', async ({
  page,
  open,
  button,
  combobox,
  goLive,
  sentence,
}) => {
  await open('step=20');
  const slider = page.getByRole('slider', limit);
  await expect(button('Go Live')).toBeVisible();
  await expect(slider).toHaveCount(0);
  await goLive();
  await expect(slider).toHaveAttribute('aria-valuetext', '2,500 kbit/s');
  await slider.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', '2,450 kbit/s');
  await slider.fill('1500');
  await expect(slider).toHaveAttribute('aria-valuetext', '1,500 kbit/s');
  // What the engine answers: the graph's line is the broadcast's own limit, with the sound.
  await expect(page.getByText('Wanted 1,628 kbit/s')).toBeVisible();
  await expect(slider).toHaveAttribute('aria-valuetext', '1,500 kbit/s');
  await expect(slider).toBeFocused();
  await expect(sentence()).not.toContainText('is encoded at');
  // There is one bitrate of the picture, on air and for the next time.
  await slider.fill('2300');
  await expect(combobox('Video bitrate')).toHaveValue('2300');
  await button('Stop').click();
  await expect(slider).toHaveCount(0);
  await expect(combobox('Video bitrate')).toHaveValue('2300');
});

test('a slow network has it said for whom the picture is encoded with less, and that is not good', async ({
  page,
  open,
  goLive,
  sentence,
}) => {
  await open('scenario=lowered&step=20&settings={"profileIds":["twitch"]}');
  await goLive();
  await expect(sentence()).toContainText(
    'Fair. The network to Twitch (main) is slow: the picture is encoded at 1,100 of 2,500 kbit/s.',
  );
  // It fits again as soon as no more is wanted than the network takes.
  await page.getByRole('slider', limit).fill('1000');
  await expect(sentence()).not.toContainText('is encoded at');
});

test('whether it follows the network is chosen beside the bitrate, and no slider moves what is fixed', async ({
  page,
  open,
  combobox,
  goLive,
  sentence,
}) => {
  const follows = page.getByRole('checkbox', { name: /Lower the bitrate on a slow/ });
  await open('scenario=lowered&step=20&settings={"profileIds":["twitch"],"adaptBitrate":true}');
  // Whom it follows is a question only where there are several.
  await expect(combobox('Where one destination is slow')).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Built-in server', exact: true }).check();
  await expect(combobox('Where one destination is slow')).toHaveValue('drop-slowest');
  await follows.uncheck();
  await expect(combobox('Where one destination is slow')).toHaveCount(0);
  await goLive();
  await expect(page.getByRole('slider', limit)).toBeVisible();
  await expect(page.getByText('Wanted 2,628 kbit/s')).toBeVisible();
  await expect(sentence()).not.toContainText('is encoded at');

  await open('step=20&settings={"engine":"mediarecorder"}');
  const fixed = page.getByText('a slow network costs frames');
  await expect(fixed).toBeVisible();
  await expect(follows).toHaveCount(0);
  await goLive();
  await expect(page.getByRole('img', { name: /^Bitrate\. Last minute\./ })).toBeVisible();
  await expect(page.getByRole('slider', limit)).toHaveCount(0);
  await expect(fixed).toBeVisible();
});
