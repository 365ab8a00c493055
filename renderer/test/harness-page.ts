import type { Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../../test/support/chromium.js';
import { buildHarness, startMediaServer, type MediaServer } from './media-server.js';

export interface HarnessPage {
  /** For files of the test; removed in the end. */
  readonly folder: string;
  readonly server: MediaServer;
  readonly page: Page;
  close(): Promise<void>;
}

/** The media engines' harness, built and opened in Chromium. */
export async function openHarnessPage(chromiumArguments: string[] = []): Promise<HarnessPage> {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-media-'));
  await buildHarness(join(folder, 'page'));
  const server = await startMediaServer(join(folder, 'page'));
  const browser = await launchChromium(chromiumArguments);
  const page = await browser.newPage();
  await page.goto(server.url);
  return {
    folder,
    server,
    page,
    close: async () => {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
