import { expect, type Page } from '@playwright/test';
import type { WindowMessages } from '@tallylight/messages/window';

/** What is done in the window to bring it into a state, in whatever language it speaks. */

export type Reach = (page: Page, messages: WindowMessages) => Promise<void>;

export const goLive = (page: Page) => page.keyboard.press('Control+Enter');
export const press = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).click();
export const says = (page: Page, text: string) =>
  expect(page.getByRole('status').first()).toContainText(text);

/** Goes live, and waits until it is so, or until that has come to what else `status` says. */
export const goLiveTo =
  (status: 'live' | 'reconnecting' | 'offAirFailed' | 'offAirWithError'): Reach =>
  async (page, { t }) => {
    await goLive(page);
    await says(page, t(`window.status.${status}`));
  };
export const live = goLiveTo('live');

/** Goes live, and lets minutes go by, of which there are graphs; see fake-past.ts. */
export const afterMinutes: Reach = async (page, messages) => {
  await live(page, messages);
  const minutes = messages.t('window.graphs.lastMinutes', { count: 5 });
  await expect(page.getByText(minutes, { exact: true }).first()).toBeVisible({ timeout: 20_000 });
};

/** Goes live, and opens the monitor; `told` is what it comes to say. */
export const openMonitor =
  (told: (messages: WindowMessages) => RegExp | string): Reach =>
  async (page, messages) => {
    await live(page, messages);
    await press(page, messages.t('window.monitor.open'));
    const words = page.getByText(told(messages)).first();
    await expect(words).toBeVisible({ timeout: 20_000 });
    await words.scrollIntoViewIfNeeded();
  };

export const record = async (page: Page, { t }: WindowMessages): Promise<void> => {
  await press(page, t('window.recording.record'));
  await says(page, t('window.status.recording'));
};

/** Opens the choices of recordings, and brings those words of it into sight. */
export const openRecordings = async (page: Page, words: string, title: string): Promise<void> => {
  await page.getByRole('heading', { name: title, exact: true }).click();
  await page.getByText(words, { exact: true }).scrollIntoViewIfNeeded();
};

export const check = (page: Page, destination: string, name: string): Promise<void> =>
  page
    .getByRole('listitem')
    .filter({ has: page.getByText(destination) })
    .getByRole('button', { name, exact: true })
    .click();

type ServerWords = 'streams' | 'scan' | 'noNetwork' | 'httpPort';

/** Opens the panel of the built-in server, at the end of the choices, and brings those words of it into sight. */
export const openServer =
  (words: ServerWords, button?: 'showCode') =>
  async (page: Page, { t }: WindowMessages): Promise<void> => {
    await page.getByRole('heading', { name: t('window.server.title') }).click();
    if (button) await press(page, t(`window.server.${button}`));
    const wanted = page.getByText(t(`window.server.${words}`), { exact: true });
    await wanted.scrollIntoViewIfNeeded();
  };

/** Opens what writes configurations of other servers, changes that, and has it written. */
export const writeConfig =
  (field: 'host' | 'rtmp', text: string) =>
  async (page: Page, { t }: WindowMessages): Promise<void> => {
    await page.getByRole('heading', { name: t('window.server.title') }).click();
    await press(page, t('window.serverConfig.open'));
    await page.getByLabel(t(`window.serverConfig.${field}`), { exact: true }).fill(text);
    await press(page, t('window.serverConfig.newKey'));
    await press(page, t('window.serverConfig.write'));
  };
