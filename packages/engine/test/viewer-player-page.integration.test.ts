import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { violations, looks, settled } from '../../../e2e/window/axe.js';
import { hasChromium } from '../../../test/support/chromium.js';
import { expectPlaying, playback, Viewer } from './support/viewer.js';

describe.skipIf(!hasChromium)('the player page, in Chromium (needs chromium)', () => {
  let viewer: Viewer;
  let page: Page;

  beforeAll(async () => {
    viewer = await Viewer.start();
    viewer.publish('live/one');
  });
  afterAll(async () => {
    await viewer.close();
    expect(viewer.complaints).toEqual([]);
  });
  beforeEach(async () => {
    page = await viewer.newPage();
  });
  afterEach(() => page.close());

  const open = (parameters: Record<string, string>): Promise<unknown> =>
    page.goto(`${viewer.http}/player.html?${String(new URLSearchParams(parameters))}`);

  test.each([
    { streamer: 'rtmp://127.0.0.1:1935/live', file: 'flv:one.flv', width: '640', height: '360' },
    { streamer: 'live', file: 'one', autostart: 'true' },
  ])('plays %o, as the Flash player did', async (parameters) => {
    await open(parameters);
    await expectPlaying(page);
    expect((await playback(page)).muted).toBe(true);
    expect(await page.title()).toBe('live/one · Tallylight');
    await page.getByRole('button', { name: 'Turn sound on' }).click();
    expect((await playback(page)).muted).toBe(false);
    // The button goes, and the focus stays with what was meant.
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('video');
  });

  test('plays what an address of HLS or DASH names, in that way', async () => {
    const playlist = page.waitForRequest((request) => request.url().endsWith('/video.m3u8'));
    await open({ file: `${viewer.http}/live/one/index.m3u8` });
    // Nothing else on this page asks for it: there are no small pictures.
    await playlist;
    await expectPlaying(page);
    const manifest = page.waitForRequest((request) => request.url().endsWith('/manifest.mpd'));
    await open({ streamer: 'live', file: 'one', way: 'dash' });
    await manifest;
    await expectPlaying(page);
  });

  test('waits to be told where it must not begin by itself', async () => {
    await open({ streamer: 'live', file: 'one', autostart: 'false' });
    const play = page.getByRole('button', { name: 'Play' });
    await play.waitFor();
    await page.getByRole('status').filter({ hasText: 'Not playing: live/one' }).waitFor();
    expect(await page.evaluate(() => performance.getEntriesByName(location.origin).length)).toBe(0);
    expect(viewer.streams()[0]?.players).toBe(0);
    await play.press('Enter');
    await expectPlaying(page);
  });

  test('says what it cannot play, and asks nobody else for it', async () => {
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(viewer.http)) foreign.push(request.url());
    });
    await open({ streamer: 'rtmp://tv.example.org/live', file: 'one' });
    await page.locator('#offline').getByText('Not a stream of this server').waitFor();
    await page
      .getByText(/A browser cannot play RTMP.*Look for a player page on tv\.example/)
      .waitFor();
    await open({ file: 'https://tv.example.org/live/one/index.m3u8' });
    await page.getByText(/Open the address itself, on tv\.example\.org/).waitFor();
    await open({});
    await page.locator('#offline').getByText('No stream is named').waitFor();
    await open({ streamer: 'live', file: 'nobody' });
    await page.locator('#offline').getByText('live/nobody is offline').waitFor();
    expect(foreign).toEqual([]);
  });

  test('is framed by a page of another origin with the code that the viewer page gives', async () => {
    await page.goto(`${viewer.http}/#live/one`);
    await page.getByText('Show on another page').click();
    const code = await page.getByRole('textbox', { name: 'Embed code' }).inputValue();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);

    const other = createServer((request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      const frame = request.url === '/list' ? `<iframe src="${viewer.http}/"></iframe>` : code;
      response.end(`<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>${frame}`);
    }).listen(0, '127.0.0.1');
    try {
      await once(other, 'listening');
      const origin = `http://localhost:${(other.address() as AddressInfo).port}`;
      await page.goto(origin);
      const frame = page.frames().find((each) => each.url().includes('/player.html'));
      if (!frame) throw new Error('there is no frame');
      await expectPlaying(frame);
      // The list tells the names of streams, and its buttons are not for other pages to lay something over.
      const refused = page.waitForEvent('console', (message) =>
        message.text().includes('frame-ancestors'),
      );
      await page.goto(`${origin}/list`);
      await refused;
      viewer.complaints.length = 0;
    } finally {
      other.close();
      other.closeAllConnections();
    }
  });

  test('speaks Chinese, and axe finds nothing in it', async () => {
    const chinese = await viewer.newPage({ locale: 'zh-CN' });
    const go = (query: string) => chinese.goto(`${viewer.http}/player.html${query}`);
    try {
      await go('?streamer=live&file=one');
      await expectPlaying(chinese);
      await chinese.getByRole('status').filter({ hasText: '直播中：live/one' }).waitFor();
      await chinese.getByRole('button', { name: '打开声音' }).waitFor();
      expect(await violations(chinese, looks.dark)).toEqual([]);
      await go('?streamer=rtmp://tv.example.org/live&file=one');
      await chinese.getByText(/浏览器不能播放 RTMP/).waitFor();
      for (const look of [looks.dark, looks.light, looks.forced]) {
        await chinese.emulateMedia(look);
        await settled(chinese);
        expect(await violations(chinese, look)).toEqual([]);
      }
    } finally {
      await chinese.close();
    }
  });
});
