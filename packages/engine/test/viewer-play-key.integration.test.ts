import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../../../test/support/chromium.js';
import { expectPlaying, Viewer } from './support/viewer.js';

const playKey = 'play-sesame-7f3a';

describe.skipIf(!hasChromium)(
  'the viewer page of a server with a play key (needs chromium)',
  () => {
    let browser: Browser;
    let viewer: Viewer;

    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());
    beforeEach(async () => {
      viewer = await Viewer.start(browser, playKey);
    });
    afterEach(async () => {
      await viewer.close();
      expect(viewer.complaints).toEqual([]);
    });

    test('says what is wanted to who has nothing', async () => {
      const page = await viewer.newPage({ locale: 'zh-CN' });
      await page.goto(viewer.http);
      await page.getByRole('heading', { name: '需要链接才能观看' }).waitFor();
    });

    test('plays in every way to who has the key, which is in no address from then on', async () => {
      viewer.publish('live/one');
      const page = await viewer.newPage();
      const addresses: string[] = [];
      page.on('request', (request) => addresses.push(request.url()));
      page.on('websocket', (socket) => addresses.push(socket.url()));
      await page.goto(`${viewer.http}/?key=${playKey}`);
      for (const way of ['ws', 'hls', 'dash', 'flv']) {
        await page.getByLabel('Play over').selectOption(way);
        await expectPlaying(page);
      }
      expect(page.url()).not.toContain(playKey);
      expect(await page.content()).not.toContain(playKey);
      const [first, ...others] = addresses;
      expect(first).toContain(playKey);
      expect(others.filter((url) => url.includes(playKey))).toEqual([]);
      const segments = others.filter((url) => url.includes('.m4s'));
      expect(segments.length).toBeGreaterThan(5);
      expect(segments.filter((url) => !url.includes('.m4s?session='))).toEqual([]);

      await page.getByText('Show on another page').click();
      const code = await page.getByLabel('Embed code').inputValue();
      await page.getByText('It works until').waitFor();
      const framed = await viewer.newPage();
      await framed.goto(/src="([^"]+)"/.exec(code)?.[1]?.replaceAll('&amp;', '&') ?? '');
      await expectPlaying(framed);
      expect(code).not.toContain(playKey);
    });
  },
);
