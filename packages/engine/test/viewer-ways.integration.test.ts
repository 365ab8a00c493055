import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../../test/support/until.js';
import { hasChromium } from '../../../test/support/chromium.js';
import { expectPlaying, Viewer, watch, type Publisher } from './support/viewer.js';

const ways = ['flv', 'ws', 'hls', 'dash'] as const;
type Way = (typeof ways)[number];

/** What each way asks the server for, and nothing of the others. */
const libraries: Readonly<Record<Way, string>> = {
  flv: 'mpegts.js',
  ws: 'mpegts.js',
  hls: 'hls.js',
  dash: 'dash.js',
};

/** One stream, watched in the four ways at once: they wait for the same things. */
describe.skipIf(!hasChromium)('the ways to play, in Chromium (needs chromium)', () => {
  let viewer: Viewer;
  let publisher: Publisher;
  const pages = new Map<Way, Page>();
  const asked = new Map<Way, string[]>();
  const each = <T>(look: (page: Page, way: Way) => Promise<T>): Promise<T[]> =>
    Promise.all([...pages].map(([way, page]) => look(page, way)));

  beforeAll(async () => {
    viewer = await Viewer.start();
    publisher = viewer.publish('live/one');
    for (const way of ways) {
      const page = await viewer.newPage({ viewport: { width: 480, height: 480 } });
      await page.addInitScript((chosen) => localStorage.setItem('tallylight-way', chosen), way);
      const paths: string[] = [];
      page.on('request', (request) => paths.push(new URL(request.url()).pathname));
      page.on('websocket', (socket) => paths.push(`ws ${new URL(socket.url()).pathname}`));
      pages.set(way, page);
      asked.set(way, paths);
    }
    await each((page) => page.goto(`${viewer.http}/#live/one`));
  });
  afterAll(async () => {
    await viewer.close();
    expect(viewer.complaints).toEqual([]);
  });

  test('each plays on without going back, with the library that it needs and no other', async () => {
    await each(expectPlaying);
    await each(async (page, way) => {
      const seen = await watch(page, 6);
      expect({ way, ...seen }).toMatchObject({ way, backwards: 0, restarts: 0 });
      expect(seen.frames).toBeGreaterThan(50);
      await page.getByRole('combobox', { name: 'Play over' }).evaluate((select, value) => {
        if ((select as HTMLSelectElement).value !== value) throw new Error('another way is shown');
      }, way);
      const paths = asked.get(way) ?? [];
      const all = ['mpegts.js', 'hls.js', 'dash.js'].map((name) => `/viewer/${name}`);
      expect(all.filter((path) => paths.includes(path))).toEqual([`/viewer/${libraries[way]}`]);
    });
    expect(asked.get('flv')).toContain('/live/one.flv');
    expect(asked.get('ws')).toContain('ws /live/one.flv');
    expect(asked.get('hls')).toContain('/live/one/index.m3u8');
    expect(asked.get('dash')).toContain('/live/one/manifest.mpd');
  });

  test('each that has fallen behind catches up, and says how far behind it is', async () => {
    await each((page) => page.locator('video').evaluate((v: HTMLVideoElement) => v.pause()));
    await each((page) => page.getByText('Paused; plays on from the newest picture').waitFor());
    // Longer than the longest that any of them lets pass without a jump.
    const flv = pages.get('flv');
    await until('the newest picture to be far ahead', () =>
      flv?.locator('video').evaluate((element) => {
        const { buffered, currentTime } = element as HTMLVideoElement;
        return buffered.end(buffered.length - 1) - currentTime > 14;
      }),
    );
    await each((page) => page.locator('video').evaluate((v: HTMLVideoElement) => v.play()));
    await each(async (page, way) => {
      const latency = page.getByText(/^About [\d.]+ s behind the newest picture$/);
      await until(`${way} to catch up`, async () => {
        const [, seconds] = /([\d.]+) s/.exec((await latency.textContent()) ?? '') ?? [];
        return Number(seconds) < 6;
      });
    });
    await each(expectPlaying);
  });

  test('each shows the end, waits, and plays again when the publisher comes back', async () => {
    await publisher.end();
    const offline = (page: Page) =>
      page.getByRole('status').filter({ hasText: 'Offline: live/one' }).waitFor();
    await each(offline);
    await each((page) => page.locator('#offline').getByText('It plays here as soon').waitFor());
    publisher = viewer.publish('live/one');
    await each((page) =>
      page.getByRole('status').filter({ hasText: 'Live: live/one' }).waitFor({ timeout: 60_000 }),
    );
    await each(expectPlaying);
  });

  test('each plays again when the publisher comes back before it was missed', async () => {
    const [before] = viewer.streams();
    await publisher.end();
    publisher = viewer.publish('live/one');
    await until('the new publisher', () => {
      const [now] = viewer.streams();
      return now !== undefined && now.since !== before?.since;
    });
    await each(expectPlaying);
  });

  test('another way is chosen while it plays, and chosen again on the next visit', async () => {
    const page = await viewer.newPage();
    await page.goto(`${viewer.http}/#live/one`);
    await expectPlaying(page);
    const select = page.getByRole('combobox', { name: 'Play over' });
    expect(await select.locator('option:checked').textContent()).toBe('Automatic (HTTP-FLV)');
    await select.selectOption('HLS');
    const playlist = page.waitForResponse((response) => response.url().endsWith('.m3u8'));
    await playlist;
    await expectPlaying(page);
    await page.reload();
    await expectPlaying(page);
    expect(await select.inputValue()).toBe('hls');
    await page.close();
  });

  test('without Media Source Extensions the browser is given HLS to play by itself', async () => {
    const page = await viewer.newPage();
    await page.addInitScript(() => {
      Object.assign(globalThis, { MediaSource: undefined, ManagedMediaSource: undefined });
      HTMLMediaElement.prototype.canPlayType = (type) => (type.includes('mpegurl') ? 'maybe' : '');
    });
    await page.goto(`${viewer.http}/#live/one`);
    await page.waitForFunction(() =>
      document.querySelector('video')?.getAttribute('src')?.endsWith('/live/one/index.m3u8'),
    );
    const disabled = page.locator('#way option:disabled');
    expect(await disabled.allTextContents()).toEqual(['HTTP-FLV', 'WebSocket-FLV', 'DASH']);
    expect(await page.locator('#way option:checked').textContent()).toBe('Automatic (HLS)');
    await page.close();
  });
});
