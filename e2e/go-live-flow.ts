import { expect, type Page } from '@playwright/test';

export interface GoLiveChoices {
  readonly engine: 'WebCodecs' | 'MediaRecorder' | 'ffmpeg';
  /** A label, or the first one that matches. */
  readonly camera: string | RegExp;
  readonly microphone?: string | RegExp;
  readonly serverUrl: string;
  readonly streamKey: string;
}

async function choose(page: Page, name: string, label: string | RegExp): Promise<void> {
  const combobox = page.getByRole('combobox', { name, exact: true });
  if (typeof label === 'string') {
    await combobox.selectOption({ label });
    return;
  }
  const option = combobox.locator('option').filter({ hasText: label }).first();
  await expect(option).toBeAttached();
  await combobox.selectOption((await option.getAttribute('value')) ?? '');
}

/** The ticks of the window, one for each profile. */
export const ticks = (page: Page) =>
  page.getByRole('group', { name: 'Destinations', exact: true }).getByRole('checkbox');

/** Ticks those profiles, and no other. */
export async function tickOnly(page: Page, ...names: string[]): Promise<void> {
  for (const tick of await ticks(page).all()) {
    const name = await tick.evaluate((input: HTMLInputElement) => input.labels?.[0]?.innerText);
    await tick.setChecked(names.includes(name ?? ''));
  }
}

/** Saves a new profile in the window, as a user would; it is ticked by that. */
export async function saveProfile(
  page: Page,
  profile: { name: string; serverUrl: string; streamKey: string },
): Promise<void> {
  await page.getByRole('button', { name: 'New profile', exact: true }).click();
  await page.getByRole('textbox', { name: 'Profile name', exact: true }).fill(profile.name);
  await page.getByRole('textbox', { name: 'Server URL', exact: true }).fill(profile.serverUrl);
  await page.getByLabel('Stream key', { exact: true }).fill(profile.streamKey);
  await page.getByRole('button', { name: 'Save profile', exact: true }).click();
  const tick = page.getByRole('checkbox', { name: profile.name, exact: true });
  await expect(tick).toBeChecked();
}

/** Picks devices and engine, and saves a profile. */
export async function prepare(page: Page, choices: GoLiveChoices): Promise<void> {
  await choose(page, 'Engine', choices.engine);
  await choose(page, 'Camera', choices.camera);
  if (choices.microphone !== undefined) await choose(page, 'Microphone', choices.microphone);
  await saveProfile(page, { name: 'Test server', ...choices });
  await expect(page.getByRole('status')).toContainText('OFF AIR');
}

/** Goes live with what is prepared, and waits until the window says so. */
export async function start(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Go Live', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText(/^LIVE/);
}

export async function goLive(page: Page, choices: GoLiveChoices): Promise<void> {
  await prepare(page, choices);
  await start(page);
}

/** Stops, and waits until the window says that it is off air. */
export async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('OFF AIR');
}
