import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type Locator,
} from '@playwright/test';
import { launchChromium } from '../browser.js';
import { serveHarness, type HarnessServer } from './serve-harness.js';

export { expect };

/** What can be edited is ticked. */
export const twitch = 'settings={"profileIds":["twitch"]}';

/** The choices of the window, by name. */
export const comboboxes = [
  'Camera',
  'Microphone',
  'Resolution',
  'Frame rate',
  'Video bitrate',
  'Engine',
];

/**
 * Pastes `text` into a field that has the focus or nothing in it. Resolves with whether the window left it to the browser,
 * which does nothing for a paste that is not its own.
 */
export const paste = (field: Locator, text: string): Promise<boolean> =>
  field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', pasted);
    return element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, text);

interface Window {
  /** Opens the window with a query for its fake engine. */
  readonly open: (query?: string, size?: { width: number; height: number }) => Promise<void>;
  readonly button: (name: string) => Locator;
  readonly combobox: (name: string) => Locator;
  readonly textbox: (name: string) => Locator;
  /** The tick of a profile. */
  readonly tick: (name: string) => Locator;
  /** Opens the editor of a profile: that of what {@link twitch} ticks where none is named. */
  readonly edit: (name?: string) => Promise<void>;
  /** The one sentence at the bottom. */
  readonly sentence: () => Locator;
  readonly status: () => Locator;
  readonly goLive: () => Promise<void>;
}

interface Worker {
  readonly harness: HarnessServer;
  readonly browser: Browser;
  /** What a page loads and compiles is there for the next one. A page keeps nothing beyond its own session. */
  readonly sharedContext: BrowserContext;
}

/** The window alone, over a fake engine, built once for each worker. What it does for real is in the files beside. */
export const test = base.extend<Window, Worker>({
  harness: [
    async ({}, use) => {
      const server = await serveHarness();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  browser: [
    async ({}, use) => {
      const browser = await launchChromium('no camera');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  sharedContext: [
    async ({ browser, harness }, use) => {
      const context = await browser.newContext({ baseURL: harness.url });
      await use(context);
      await context.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ harness }, use) => use(harness.url),
  page: async ({ sharedContext }, use) => {
    const page = await sharedContext.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await use(page);
    await page.close();
  },

  open: async ({ page, button }, use) => {
    await use(async (query = '', size) => {
      if (size) await page.setViewportSize(size);
      await page.goto(`?${query}`);
      await expect(button('Go Live')).toBeVisible();
    });
  },
  button: async ({ page }, use) => {
    await use((name) => page.getByRole('button', { name, exact: true }));
  },
  combobox: async ({ page }, use) => {
    await use((name) => page.getByRole('combobox', { name, exact: true }));
  },
  textbox: async ({ page }, use) => {
    await use((name) => page.getByRole('textbox', { name, exact: true }));
  },
  tick: async ({ page }, use) => {
    const group = page.getByRole('group', { name: 'Destinations', exact: true });
    await use((name) => group.getByRole('checkbox', { name, exact: true }));
  },
  edit: async ({ button, textbox }, use) => {
    await use(async (name = 'Twitch (main)') => {
      await button(`Edit ${name}`).click();
      await expect(textbox('Profile name')).toBeFocused();
    });
  },
  sentence: async ({ page }, use) => {
    await use(() => page.getByRole('contentinfo'));
  },
  status: async ({ page }, use) => {
    await use(() => page.getByRole('status'));
  },
  goLive: async ({ button, status }, use) => {
    await use(async () => {
      await button('Go Live').click();
      await expect(status()).toHaveText('LIVE');
    });
  },
});
