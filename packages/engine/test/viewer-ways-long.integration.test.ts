import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../../../test/support/chromium.js';
import { expectPlaying, Viewer, watch } from './support/viewer.js';

const seconds = Number(process.env['WATCH_SECONDS'] ?? 600);

/** One after the other for half a minute each, so that nothing but the way is tried; then all of them for ten minutes. */
describe.skipIf(!hasChromium)('the ways to play, for long (needs chromium)', () => {
  let viewer: Viewer;
  const ways = ['flv', 'ws', 'hls', 'dash'];
  const open = async (way: string): Promise<Page> => {
    const page = await viewer.newPage({ viewport: { width: 480, height: 480 } });
    await page.addInitScript((chosen) => localStorage.setItem('tallylight-way', chosen), way);
    await page.goto(`${viewer.http}/#live/one`);
    await expectPlaying(page);
    return page;
  };

  beforeAll(async () => {
    viewer = await Viewer.start();
    viewer.publish('live/one');
  });
  afterAll(async () => {
    await viewer.close();
    expect(viewer.complaints).toEqual([]);
  });

  test.each(ways)('%s plays for thirty seconds without a stall', async (way) => {
    const page = await open(way);
    const seen = await watch(page, 30);
    expect(seen).toMatchObject({ backwards: 0, restarts: 0, stalls: 0 });
    // 25 a second, less what catching up jumps over at the beginning.
    expect(seen.frames).toBeGreaterThan(25 * 25);
    await page.close();
  });

  test(
    'all of them play for ten minutes, and are not further behind at its end',
    async () => {
      const pages = await Promise.all(ways.map(open));
      const seen = await Promise.all(pages.map((page) => watch(page, seconds)));
      const latencies = await Promise.all(
        pages.map((page) => page.locator('#latency').textContent()),
      );
      for (const [index, way] of ways.entries()) {
        expect({ way, ...seen[index] }).toMatchObject({ way, backwards: 0, restarts: 0 });
        const [, behind] = /([\d.]+) s/.exec(latencies[index] ?? '') ?? [];
        expect(Number(behind)).toBeLessThan(8);
      }
    },
    (seconds + 120) * 1000,
  );
});
