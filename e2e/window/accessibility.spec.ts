import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { builtInProfileId } from '@tallylight/contract';
import { windowMessages } from '../../renderer/src/state/messages-store.js';
import { expect, test } from './window-test.js';

/** What a program can find of what shuts people out, and everything done by keyboard alone. */

type Language = 'en' | 'zh-CN';

interface State {
  readonly name: string;
  readonly query?: string;
  /** `twitch` where absent. */
  readonly profileId?: string;
  readonly reach?: (page: Page, language: Language) => Promise<void>;
}

const say = (language: Language) => windowMessages(language).t;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const status = (page: Page) => page.getByRole('status');

async function goLive(page: Page, language: Language): Promise<void> {
  const t = say(language);
  await button(page, t('window.button.goLive')).click();
  await expect(status(page)).toHaveText(t('window.status.live'));
}

const states: readonly State[] = [
  { name: 'off air' },
  { name: 'no camera', query: 'camera-in-use' },
  { name: 'access denied', query: 'denied' },
  {
    name: 'a profile that is wrong',
    reach: async (page, language) => {
      const t = say(language);
      await button(page, t('window.profiles.add')).click();
      await button(page, t('window.profiles.save')).click();
      await expect(page.locator('[aria-invalid=true]')).toHaveCount(2);
    },
  },
  {
    name: 'a question',
    reach: async (page, language) => {
      const t = say(language);
      await page
        .getByRole('textbox', { name: t('window.profiles.name'), exact: true })
        .fill('Changed');
      await page
        .getByRole('combobox', { name: t('window.profiles.label'), exact: true })
        .selectOption({ index: 0 });
      await expect(page.getByRole('alertdialog')).toBeVisible();
    },
  },
  {
    name: 'a profile that was deleted',
    reach: async (page, language) => {
      const t = say(language);
      await button(page, t('window.profiles.remove')).click();
      await expect(button(page, t('window.profiles.undo'))).toBeVisible();
    },
  },
  {
    name: 'connecting',
    query: 'scenario=connecting',
    reach: async (page, language) => {
      const t = say(language);
      await button(page, t('window.button.goLive')).click();
      await expect(status(page)).toContainText(t('phases.publish.active'));
    },
  },
  { name: 'live', reach: goLive },
  { name: 'live on the built-in server', profileId: builtInProfileId, reach: goLive },
  { name: 'live on a slow network', query: 'scenario=slow', reach: goLive },
  {
    name: 'reconnecting',
    query: 'scenario=lost',
    reach: async (page, language) => {
      const t = say(language);
      await button(page, t('window.button.goLive')).click();
      await expect(status(page)).toHaveText(t('window.status.reconnecting'));
    },
  },
  {
    name: 'live on a server that is silent',
    query: 'scenario=silent',
    reach: async (page, language) => {
      await goLive(page, language);
      await expect(page.getByRole('contentinfo')).toContainText(/Twitch \(main\).*\d/);
    },
  },
  { name: 'live with a recording that failed', query: 'scenario=full-disk', reach: goLive },
  {
    name: 'refused',
    query: 'scenario=refused',
    reach: async (page, language) => {
      await button(page, say(language)('window.button.goLive')).click();
      await expect(page.getByRole('alert')).not.toHaveText('');
    },
  },
  {
    name: 'stopped',
    reach: async (page, language) => {
      const t = say(language);
      await goLive(page, language);
      await button(page, t('window.button.stop')).click();
      await expect(status(page)).toHaveText(t('window.status.offAir'));
    },
  },
  {
    name: 'without an engine',
    reach: async (page) => {
      await page.evaluate(() => window.dispatchEvent(new Event('engine-gone')));
      await expect(page.getByRole('alert')).not.toHaveText('');
    },
  },
];

/** What stands in Chinese text as it is: names of things, units, and what people typed or servers said. */
const names =
  /https?:\S+|rtmps?:\S+|\S*show\.flv|tallylight studio|Tallylight|WebCodecs|MediaRecorder|ffmpeg|Twitch \(main\)|live\.example\.tv|RTMP|LIVE|English|Invalid stream key|reset|Changed|fps|kbit|RTT|dBFS|Studio camera|Yeti microphone|Headset|OBS|Ctrl\+Enter/gi;

/** English words that a page shows or has read out. */
const englishIn = (page: Page): Promise<string[]> =>
  page.evaluate((known) => {
    const attributes = ['aria-label', 'placeholder', 'title', 'alt'];
    const spoken = [...document.querySelectorAll('*')].flatMap((element) =>
      attributes.map((name) => element.getAttribute(name) ?? ''),
    );
    const text = [document.title, document.body.innerText, ...spoken].join(' ');
    return text.replace(known, ' ').match(/[A-Za-z]{3,}/g) ?? [];
  }, names);

const looks = [
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'active' },
] as const;

/** Nothing is judged halfway between two colours: the page has been drawn in its new ones, and nothing fades. */
const settled = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await drawn();
    await drawn();
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.all(fading.map(({ finished }) => finished.catch(() => undefined)));
    await drawn();
  });

async function violations(page: Page, look: (typeof looks)[number]): Promise<string[]> {
  // With forced colours contrast is the system's, and axe reads a colour of text that is not the one that is drawn.
  const passedOver = look.forcedColors === 'active' ? ['color-contrast'] : [];
  const found = await new AxeBuilder({ page }).disableRules(passedOver).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

for (const language of ['en', 'zh-CN'] as const) {
  test(`nothing shuts anybody out, in ${language}, dark, light and with forced colours`, async ({
    browser,
    harness,
  }) => {
    for (const { name, query = '', profileId = 'twitch', reach } of states) {
      await test.step(name, async () => {
        const context = await browser.newContext({ reducedMotion: 'reduce' });
        const page = await context.newPage();
        const settings = JSON.stringify({ language, profileId });
        await page.goto(`${harness.url}?step=20&${query}&settings=${settings}`);
        await expect(page.getByRole('contentinfo')).toBeVisible();
        await reach?.(page, language);
        for (const look of looks) {
          await page.emulateMedia(look);
          await settled(page);
          expect(await violations(page, look), JSON.stringify(look)).toEqual([]);
        }
        if (language === 'zh-CN') expect(await englishIn(page)).toEqual([]);
        // One column, too, has all of it: nothing reaches beyond its edge.
        await page.setViewportSize({ width: 420, height: 900 });
        const beyond = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        expect(beyond).toBeLessThanOrEqual(0);
        await context.close();
      });
    }
  });
}

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
    await page.keyboard.type(label);
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
