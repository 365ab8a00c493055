import type { Page } from '@playwright/test';
import { expect, test, twitch } from './window-test.js';

/** Files that are played in place of a camera. */

const chosen = 'settings={"profileIds":["twitch"],"cameraId":"files"}';

/** Drops files of these names onto the window, as a file manager does. */
const drop = (page: Page, ...names: string[]): Promise<boolean> =>
  page.evaluate((dropped) => {
    const dataTransfer = new DataTransfer();
    for (const name of dropped) dataTransfer.items.add(new File(['film'], name));
    const event = { dataTransfer, bubbles: true, cancelable: true };
    const target = document.querySelector('main') ?? document.body;
    target.dispatchEvent(new DragEvent('dragover', event));
    return !target.dispatchEvent(new DragEvent('drop', event));
  }, names);

const rows = (page: Page) => page.getByRole('list', { name: 'Files' }).getByRole('listitem');

test('files that are dropped onto the window are what goes out, and are put in order by buttons', async ({
  page,
  open,
  button,
  combobox,
  sentence,
}) => {
  await open(twitch);
  await combobox('Camera').selectOption({ label: 'Files' });
  await expect(sentence()).toContainText('There is no file to play.');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  expect(await drop(page, 'a.mp4', 'b.mp4')).toBe(true);
  await expect(combobox('Camera').locator('option:checked')).toHaveText('Files');
  await expect(rows(page)).toHaveText([/^a\.mp40:05 · 1280×720 · H\.264, AAC · encoded/, /^b/]);
  for (const needless of ['Microphone', 'Engine']) await expect(combobox(needless)).toHaveCount(0);
  await expect(combobox('Resolution')).toBeVisible();
  await expect(sentence()).toContainText('Ready.');
  await button('Move down: a.mp4').press('Enter');
  await expect(rows(page)).toHaveText([/^b/, /^a/]);
  await expect(button('Move down: a.mp4')).toBeFocused();
  await expect(button('Move down: a.mp4')).toHaveAttribute('aria-disabled', 'true');
  await button('Move up: a.mp4').press('Enter');
  await expect(rows(page)).toHaveText([/^a/, /^b/]);
  await page.getByRole('checkbox', { name: 'Send files as they are' }).click();
  await expect(rows(page)).toHaveText([/as it is/, /as it is/]);
  await button('Remove: b.mp4').click();
  await expect(rows(page)).toHaveText([/^a/]);
});

test('files are put in order by dragging, which shows where one will land', async ({
  page,
  open,
}) => {
  await open(`${chosen}&files=ready`, { width: 900, height: 640 });
  const names = () => rows(page).locator('p:first-child').allTextContents();
  const [first = '', second = '', third = ''] = await names();
  const grips = rows(page).locator('[aria-hidden].touch-none');
  const landing = page.locator('[data-landing]');
  /** To the upper or the lower part of a row. */
  const over = async (place: number, part: number) => {
    const { x = 0, y = 0, height = 0 } = (await rows(page).nth(place).boundingBox()) ?? {};
    await page.mouse.move(x + 12, y + height * part, { steps: 3 });
  };
  const take = async (place: number) => {
    await grips.nth(place).scrollIntoViewIfNeeded();
    await grips.nth(place).hover();
    await page.mouse.down();
  };
  await take(0);
  await over(2, 0.8);
  await expect(landing).toHaveAttribute('data-landing', 'behind');
  await expect(rows(page).nth(2).locator('[data-landing]')).toBeVisible();
  await page.mouse.up();
  await expect(landing).toHaveCount(0);
  await expect.poll(names).toEqual([second, third, first]);

  await take(2);
  await over(1, 0.2);
  await expect(rows(page).nth(1).locator('[data-landing=before]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(landing).toHaveCount(0);
  await page.mouse.up();
  expect(await names()).toEqual([second, third, first]);

  await take(2);
  await over(1, 0.2);
  await page.mouse.up();
  await expect.poll(names).toEqual([second, first, third]);
});

test('what cannot be played, and what does not get to the engine, says so beside its file', async ({
  page,
  open,
  button,
  sentence,
}) => {
  await open(`${chosen}&files=unreadable`);
  await expect(rows(page).last()).toContainText('4.mp4');
  await expect(rows(page).last()).toContainText('The file 4.mp4 cannot be read');
  await expect(sentence()).toContainText(
    'Not every file can be played. What is marked in the list is left out.',
  );
  await expect(page.getByText('but for one that cannot be played')).toBeVisible();
  await expect(rows(page).last()).toContainText('Choose a video or a picture');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page
      .getByRole('region', { name: 'Sources' })
      .getByRole('button', { name: 'Add files…' })
      .click(),
  ]);
  const file = (name: string) => ({ name, mimeType: 'video/mp4', buffer: Buffer.from('film') });
  await chooser.setFiles([file('huge.mp4'), file('slow.mp4')]);
  await expect(rows(page).nth(4)).toContainText(
    'huge.mp4 could not be copied to the engine: the disk is full.',
  );
  await expect(rows(page).nth(5)).toContainText('slow.mp4Being copied: 34.0 %');
  await button('Remove: huge.mp4').click();
  await expect(rows(page).nth(4)).toContainText('slow.mp4');
});

test('what is said while files are dragged over the window stands in place of all else there', async ({
  page,
  open,
}) => {
  await open(`${chosen}&files=ready`);
  await expect(page.getByText('3 files in the list')).toBeVisible();
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['film'], 'a.mp4'));
    document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true }));
  });
  const words = page.getByText('Drop the files to play them');
  await expect(words).toHaveCSS('background-color', 'rgb(0, 0, 0)');
  const isInFront = await words.evaluate((element) => {
    const frame = element.parentElement?.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    return element.nextElementSibling === null && width === frame?.width && height === frame.height;
  });
  expect(isInFront).toBe(true);
});

test('while live the list shows what is on, and its file is led by buttons and a slider', async ({
  page,
  open,
  button,
  goLive,
}) => {
  await open(`${chosen}&files=ready&step=20`);
  await goLive();
  const on = page.locator('li[aria-current]');
  await expect(on).toContainText('1.mp4');
  await expect(button('1.mp4 is on. Go on with the next file, then remove it.')).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  const slider = page.getByRole('slider', { name: 'Position in 1.mp4' });
  await button('Pause').click();
  await expect(page.getByText('Viewers see “Back in a moment” and hear nothing')).toBeVisible();
  await slider.fill('7000');
  await expect(slider).toHaveAttribute('aria-valuetext', '0:07 of 0:12');
  await button('Resume').click();
  await expect(page.getByText('and hear nothing', { exact: false })).toHaveCount(0);
  await expect(slider).toHaveAttribute('aria-valuetext', /^0:(0[89]|1\d) of 0:12$/);
  await button('Next').click();
  await expect(on).toContainText('2026-11-29');
  await button('Move up: 3.mp4').press('Enter');
  await expect(rows(page)).toHaveText([/^1\.mp4/, /^3\.mp4/, /^2026/]);
  await button('Stop').click();
  await expect(page.getByRole('slider')).toHaveCount(0);
});
