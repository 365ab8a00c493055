import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import type { Settings } from '@tallylight/contract';
import type { Language } from '@tallylight/messages';
import { windowMessages } from '../renderer/src/state/messages-store.js';
import type { WindowMessages } from '@tallylight/messages/window';
import { launchChromium } from './browser.js';
import { serveHarness, type HarnessServer } from './window/serve-harness.js';

/**
 * Every state of the window in every look, to be looked at: into the folder that TALLYLIGHT_STATES names. With
 * TALLYLIGHT_STATES_ONLY, the names that have that in them.
 */
const folder = process.env['TALLYLIGHT_STATES'];
const only = process.env['TALLYLIGHT_STATES_ONLY'] ?? '';

test.skip(folder === undefined, 'TALLYLIGHT_STATES names no folder');

interface State {
  /** The page's parameters; see window/harness.ts. */
  readonly query?: string;
  readonly settings?: Partial<Settings>;
  readonly lead?: (page: Page, messages: WindowMessages) => Promise<void>;
}

const rtmps = { profileId: 'twitch' };
const goLive = (page: Page) => page.keyboard.press('Control+Enter');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const says = (page: Page, text: string) =>
  expect(page.getByRole('status').first()).toContainText(text);

const live: State['lead'] = async (page, { t }) => {
  await goLive(page);
  await says(page, t('window.status.live'));
  // Some seconds of figures.
  await page.waitForTimeout(5_500);
};

const states: Readonly<Record<string, State>> = {
  'off-air-ready': {},
  'off-air-test-picture': { query: 'no-camera' },
  'off-air-no-key': {
    lead: (page, { t }) => press(page, t('window.profiles.add')),
  },
  'off-air-wrong-fields': {
    lead: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await press(page, t('window.profiles.save'));
    },
  },
  'off-air-no-application': {
    lead: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await page.getByLabel(t('window.profiles.name'), { exact: true }).fill('Choir');
      await page.getByLabel(t('window.profiles.url')).fill('rtmp://live.example.tv');
    },
  },
  'off-air-key-in-url': {
    lead: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await page
        .getByLabel(t('window.profiles.url'))
        .fill('rtmp://live.example.tv/app/live_12345678_Ab3dEf6hIj9kLm2n');
    },
  },
  'off-air-deleted': {
    settings: rtmps,
    lead: (page, { t }) => press(page, t('window.profiles.remove')),
  },
  'off-air-question': {
    settings: rtmps,
    lead: async (page, { t }) => {
      await page.getByLabel(t('window.profiles.name'), { exact: true }).fill('Changed');
      await page
        .getByRole('combobox', { name: t('window.profiles.label'), exact: true })
        .selectOption({ index: 0 });
      await expect(page.getByRole('alertdialog')).toBeVisible();
    },
  },
  'live-silent-server': {
    query: 'scenario=silent&step=20',
    settings: rtmps,
    lead: async (page, messages) => {
      await live(page, messages);
      await page.waitForTimeout(3_000);
    },
  },
  'live-full-disk': { query: 'scenario=full-disk&step=20', settings: rtmps, lead: live },
  'off-air-camera-in-use': { query: 'camera-in-use' },
  'off-air-camera-denied': {
    query: 'denied',
    settings: {
      ...{ cameraId: 'c1', cameraName: 'Studio camera (1234:5678)' },
      ...{ microphoneId: 'm1', microphoneName: 'Yeti microphone' },
    },
  },
  'live-test-picture': { query: 'no-camera&step=20', settings: rtmps, lead: live },
  'off-air-silent': {
    query: 'silent',
    lead: (page) => page.waitForTimeout(6_000),
  },
  'off-air-small-camera': { query: 'small-camera', settings: { width: 1920, height: 1080 } },
  'going-live': {
    query: 'scenario=connecting&step=20',
    settings: rtmps,
    lead: async (page, { t }) => {
      await goLive(page);
      await says(page, t('phases.publish.active'));
    },
  },
  live: { query: 'step=20', settings: rtmps, lead: live },
  'live-built-in': { query: 'step=20', lead: live },
  'live-slow-network': { query: 'scenario=slow&step=20', settings: rtmps, lead: live },
  reconnecting: {
    query: 'scenario=lost&step=20',
    settings: rtmps,
    lead: async (page, { t }) => {
      await goLive(page);
      await says(page, t('window.status.reconnecting'));
      await page.waitForTimeout(1_500);
    },
  },
  'back-on-air': {
    query: 'scenario=lost&step=20',
    settings: rtmps,
    lead: async (page, { t }) => {
      await goLive(page);
      await says(page, t('window.status.reconnecting'));
      await press(page, t('window.progress.retryNow'));
      await says(page, t('window.status.live'));
      await page.waitForTimeout(1_000);
    },
  },
  failed: {
    query: 'scenario=refused&step=20',
    settings: rtmps,
    lead: async (page, { t }) => {
      await goLive(page);
      await says(page, t('window.status.offAirFailed'));
    },
  },
  'after-stop': {
    query: 'step=20',
    settings: rtmps,
    lead: async (page, messages) => {
      await live(page, messages);
      await press(page, messages.t('window.button.stop'));
      await says(page, messages.t('window.status.offAir'));
    },
  },
  'engine-gone': {
    query: 'step=20',
    settings: rtmps,
    lead: async (page, messages) => {
      await live(page, messages);
      await page.evaluate(() => window.dispatchEvent(new Event('engine-gone')));
      await says(page, messages.t('window.status.offAir'));
    },
  },
};

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 640 },
  { width: 420, height: 900 },
];
const looks = {
  dark: { colorScheme: 'dark' },
  light: { colorScheme: 'light' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;
const languages: readonly Language[] = ['en', 'zh-CN'];

let server: HarnessServer;
let browser: Browser;

test.beforeAll(async () => {
  server = await serveHarness();
  browser = await launchChromium('no camera');
  await mkdir(folder ?? '', { recursive: true });
});

test.afterAll(async () => {
  await browser.close();
  await server.stop();
});

for (const [name, { query = '', settings = {}, lead }] of Object.entries(states)) {
  for (const language of languages) {
    const shots = sizes.flatMap((size) =>
      Object.entries(looks).map(([look, media]) => ({
        ...{ size, media },
        file: `${name}-${language}-${size.width}x${size.height}-${look}`,
      })),
    );
    const wanted = shots.filter(({ file }) => file.includes(only));
    if (wanted.length === 0) continue;
    test(`${name} in ${language}`, async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const chosen = encodeURIComponent(JSON.stringify({ ...settings, language }));
      const messages = windowMessages(language);
      await page.goto(`${server.url}?${query}&settings=${chosen}`);
      await says(page, messages.t('window.status.offAir'));
      await lead?.(page, messages);
      // One state in all its looks: what moves meanwhile may differ by a frame.
      for (const { size, media, file } of wanted) {
        await page.setViewportSize(size);
        await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce', ...media });
        await page.screenshot({ path: join(folder ?? '', `${file}.png`) });
      }
      await page.close();
    });
  }
}
