import type { Page } from '@playwright/test';
import { looks, violations } from './axe.js';
import { everyState, shows } from './every-state.js';
import type { WindowStateName } from './window-states.js';
import { expect, test } from './window-test.js';

/** What a program can find of what shuts people out, and everything done by keyboard alone. */

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const status = (page: Page) => page.getByRole('status');

// States that together have most parts of the window, in one of the sizes and looks; ./every-state.longer.spec.ts has every
// state in all of them, in both languages.
const mostParts: readonly WindowStateName[] = [
  'off-air-ready',
  'off-air-question',
  'off-air-many',
  'check-failed',
  'live-on-two-of-three',
  'live-graphs',
  'live-monitor',
  'after-stop',
  'engine-gone',
  'server-public',
  'recording-choices',
];
everyState('nothing shuts anybody out, and there is no English in Chinese', mostParts, (index) => [
  { ...(shows[index % shows.length] ?? shows[0]), language: 'zh-CN' },
]);

test('what shuts somebody out is found', async ({ page, open }) => {
  await open();
  expect(await violations(page, looks.dark)).toEqual([]);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<button style="width: 200vw"></button>');
  });
  const found = (await violations(page, looks.dark)).join('\n');
  expect(found).toContain('button-name');
  expect(found).toMatch(/the page is \d+ pixels wider/);
});

test('the dialog for another server is done by keyboard alone, and gives the focus back', async ({
  page,
  open,
}) => {
  await open();
  const press = (key: string) => page.keyboard.press(key);
  await page.getByRole('region', { name: 'Built-in server' }).getByRole('heading').first().click();
  const opener = button(page, 'Configure nginx or SRS…');
  await opener.focus();
  await press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Configure nginx or SRS' });
  /** What has the focus, as it is read out. */
  const focused = () =>
    page.locator(':focus').evaluate((element: HTMLInputElement) => {
      const [label] = element.labels ?? [];
      return (element.ariaLabel ?? label?.innerText ?? element.textContent).trim();
    });
  const stops: string[] = [];
  await expect(dialog.locator(':focus')).toHaveCount(1);
  for (let stop = await focused(); !stops.includes(stop); stop = await focused()) {
    stops.push(stop);
    // The browser's own stop, where a dialog has no more.
    await press('Tab');
    if ((await dialog.locator(':focus').count()) === 0) break;
    await expect(dialog.locator(':focus')).toBeInViewport();
    await expect(dialog.locator(':focus')).toHaveCSS('outline-style', 'solid');
  }
  expect(stops).toEqual([
    ...['Close', 'Server program', 'Role', 'Its name or address, as others reach it'],
    ...['RTMP listens on', 'HTTP listens on', 'Application', 'Folder in which nginx makes its own'],
    ...['HLS', 'MPEG-DASH', 'Statistics, for the server itself', 'Publish key', 'Show publish key'],
    ...['New key', 'Record every stream into this folder of the server'],
    ...['Pass every stream on to (one address a line)', 'Write the file'],
  ]);

  const backTo = async (name: string) => {
    for (
      let stop = 0;
      (await dialog.locator(':focus').count()) === 0 || (await focused()) !== name;
      stop++
    ) {
      if (stop > 20) throw new Error(`Shift+Tab does not come to ${name}`);
      await press('Shift+Tab');
    }
  };
  await backTo('New key');
  await press('Enter');
  await backTo('MPEG-DASH');
  await press(' ');
  await expect(dialog.getByRole('checkbox', { name: 'MPEG-DASH' })).toBeChecked();
  await backTo('Server program');
  await page.keyboard.type('SRS');
  await expect(page.locator(':focus option:checked')).toHaveText('SRS 5 or later');
  await press('ArrowUp');
  await expect(page.locator(':focus option:checked')).toHaveText(/^nginx/);
  await press('Tab');
  await press('Tab');
  await page.keyboard.type('live.example.com');
  await press('Enter');
  const save = dialog.getByRole('button', { name: 'Save the file…' });
  await expect(save).toHaveAccessibleDescription(/^A saved file can be read like any download/);
  await backTo('Save the file…');
  const saved = page.waitForEvent('download');
  await press('Enter');
  expect((await saved).suggestedFilename()).toBe('nginx.conf');
  await press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test('everything is done by keyboard alone', async ({ page, open }) => {
  await open('step=20');
  const focused = page.locator(':focus');
  const press = (key: string) => page.keyboard.press(key);

  /** Goes on with Tab until that has the focus; every stop on the way must be seen. */
  const tabTo = async (role: 'button' | 'combobox' | 'textbox' | 'checkbox', name: string) => {
    const wanted = page.getByRole(role, { name, exact: true });
    for (let stops = 0; stops < 40; stops++) {
      await press('Tab');
      if (await wanted.evaluate((element) => element === document.activeElement)) {
        await expect(wanted).toBeInViewport();
        await expect(wanted).toHaveCSS('outline-style', 'solid');
        return;
      }
    }
    throw new Error(`Tab does not come to ${name}`);
  };
  const choose = async (name: string, label: string) => {
    await tabTo('combobox', name);
    // What no key of its own has, as the × of a size, Playwright would insert where the caret was last.
    await page.keyboard.type(label.replace(/[^ -~].*/, ''));
    await expect(focused.locator('option:checked')).toHaveText(label);
  };

  await choose('Language', 'English');
  await tabTo('button', 'New profile');
  await press('Enter');
  await expect(page.getByRole('textbox', { name: 'Profile name' })).toBeFocused();
  await page.keyboard.type('Choir');
  await press('Tab');
  await page.keyboard.type('rtmp://choir.example/live');
  await tabTo('textbox', 'Stream key');
  await page.keyboard.type('live_1');
  await tabTo('button', 'Show key');
  await press(' ');
  await expect(page.getByLabel('Stream key', { exact: true })).toHaveAttribute('type', 'text');
  await tabTo('button', 'Save profile');
  await press('Enter');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(button(page, 'Save profile')).toBeFocused();

  await tabTo('button', 'Delete profile');
  await press('Enter');
  await tabTo('button', 'Undo');
  await press('Enter');
  await expect(page.getByRole('textbox', { name: 'Profile name' })).toHaveValue('Choir');

  await choose('Camera', 'Test picture');
  await choose('Resolution', '640×360');
  await choose('Frame rate', '25');
  await choose('Microphone', 'No microphone');
  await choose('Engine', 'MediaRecorder');
  await choose('Video bitrate', '1,000 kbit/s');
  await tabTo('checkbox', 'Stop only when the button is held for a second');
  await press(' ');
  await tabTo('button', 'Go Live');
  await press('Enter');
  await expect(status(page)).toHaveText('LIVE');
  await expect(button(page, 'Hold to stop')).toBeFocused();
  await page.keyboard.down('Enter');
  await expect(status(page)).toHaveText('OFF AIR');
  await page.keyboard.up('Enter');
  await expect(button(page, 'Go Live')).toBeFocused();
});
