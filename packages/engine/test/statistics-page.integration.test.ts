import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { looks, settled, violations } from '../../../e2e/window/axe.js';
import { hasChromium, launchChromium } from '../../../test/support/chromium.js';
import { Viewer } from './support/viewer.js';

const playKey = 'play-sesame-7f3a';

describe.skipIf(!hasChromium)('the page of statistics in Chromium (needs chromium)', () => {
  let browser: Browser;
  let viewer: Viewer;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await viewer.close();
    expect(viewer.complaints).toEqual([]);
  });

  test('shows what is live, and that somebody plays it, in the browser’s language and both schemes, also on a phone', async () => {
    viewer = await Viewer.start(browser, playKey);
    viewer.publish('live/a-name-that-is-longer-than-the-others-and-has-nowhere-to-break');
    const page = await viewer.newPage({ viewport: { width: 360, height: 740 } });
    await page.goto(`${viewer.http}/stat?key=${playKey}`);
    expect(page.url()).not.toContain(playKey);
    await page.getByRole('status').filter({ hasText: '1 stream live' }).waitFor();
    const item = page.getByRole('listitem');
    const value = (name: string) =>
      item.locator('div').filter({ hasText: name }).getByRole('definition');
    await item.getByText('h264, 320×180').waitFor();
    const player = await fetch(
      `${viewer.http}/live/a-name-that-is-longer-than-the-others-and-has-nowhere-to-break.flv?key=${playKey}`,
    );
    await value('Players').filter({ hasText: '1 HTTP-FLV' }).waitFor();
    await value('Coming in')
      .filter({ hasText: /[1-9]\d* kb/ })
      .waitFor();
    await value('Going out')
      .filter({ hasText: /[1-9]\d* kb/ })
      .waitFor();
    await player.body?.cancel();
    await value('Players').filter({ hasText: /^0$/ }).waitFor();
    for (const look of [looks.dark, looks.light, looks.forced]) {
      await page.emulateMedia(look);
      await settled(page);
      expect(await violations(page, look)).toEqual([]);
    }
    await fetch(`${viewer.http}/live/one.flv`);
    await page.getByText('Players without a key or link').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Watch');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Live: live/a-name' }).waitFor();

    const chinese = await viewer.newPage({ locale: 'zh-CN' });
    await chinese.goto(`${viewer.http}/stat`);
    await chinese.getByRole('heading', { name: '需要链接才能观看' }).waitFor();
    await chinese.goto(`${viewer.http}/stat?key=${playKey}`);
    await chinese.getByRole('status').filter({ hasText: '正在直播 1 路' }).waitFor();
    expect(await chinese.title()).toBe('统计 · Tallylight');
    await chinese.getByText('没有密钥或链接的观看').waitFor();
    await viewer.endServer();
    await chinese.getByRole('status').filter({ hasText: '服务器没有响应' }).waitFor();
    expect(await chinese.content()).not.toMatch(/\{\{(?!count|rtmp|http|video|audio)|sesame/);
  });
});
