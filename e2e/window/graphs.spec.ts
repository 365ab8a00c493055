import type { Page } from '@playwright/test';
import { expect, test } from './window-test.js';

/** The figures as lines over time: when they are drawn, what they say to whom, and that they move nothing. */

const two = 'scenario=long&step=20&profiles=1&settings={"profileIds":["twitch","p1"]}';

/** The file that has the library, wherever the build has put it. */
const library = /graph-plot[^/]*\.js$/;

declare global {
  interface Window {
    /** When a canvas of a graph was cleared, which is done once for each drawing. */
    drawnAt: Map<HTMLCanvasElement, number[]>;
  }
}

/** Counts from outside what is drawn; by the true clock. */
const countDraws = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    window.drawnAt = new Map();
    const now = performance.now.bind(performance);
    const { prototype } = CanvasRenderingContext2D;
    const clear = Reflect.get(prototype, 'clearRect');
    prototype.clearRect = function (...area) {
      clear.apply(this, area);
      const { canvas } = this;
      if (!(canvas instanceof HTMLCanvasElement) || !canvas.closest('[role=img]')) return;
      window.drawnAt.set(canvas, [...(window.drawnAt.get(canvas) ?? []), now()]);
    };
  });

/** How often each canvas that is there was drawn so far. */
const draws = (page: Page): Promise<number[]> =>
  page.evaluate(() => [...window.drawnAt.values()].map((times) => times.length));

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

const loaded = (page: Page): Promise<string[]> =>
  page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));

test('the library is loaded with the first graph, and is not in what the window begins with', async ({
  page,
  open,
  goLive,
}) => {
  await open('step=20');
  const first = await loaded(page);
  expect(first.filter((url) => library.test(url))).toEqual([]);
  const scripts = first.filter((url) => url.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(0);
  const texts = await page.evaluate(
    (urls) => Promise.all(urls.map(async (url) => (await fetch(url)).text())),
    scripts,
  );
  expect(texts.filter((text) => text.includes('u-hz'))).toEqual([]);
  await goLive();
  await expect(page.getByRole('img', { name: /^Bitrate\./ }).locator('canvas')).toBeVisible();
  const [url = '', ...others] = (await loaded(page)).filter((each) => library.test(each));
  expect(others).toEqual([]);
  expect(await page.evaluate(async (file) => (await fetch(file)).text(), url)).toContain('u-hz');
});

test('nothing moves when a graph comes, and where it cannot come its words are there', async ({
  page,
  open,
  goLive,
}) => {
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(library, async (route) => {
    await held;
    await route.continue();
  });
  await open('step=20', { width: 900, height: 640 });
  await goLive();
  const graph = page.getByRole('img', { name: /^Bitrate\./ });
  await expect(graph).toBeVisible();
  const below = page.getByRole('button', { name: 'See what viewers see' });
  const places = async () => [await graph.boundingBox(), await below.boundingBox()];
  const before = await places();
  await expect(graph.locator('canvas')).toHaveCount(0);
  go();
  await expect(graph.locator('canvas')).toBeVisible();
  expect(await places()).toEqual(before);

  await page.unroute(library);
  await page.route(library, (route) => route.abort());
  await open('step=20', { width: 900, height: 640 });
  await goLive();
  await expect(page.getByText(/^Bitrate\. Last minute\. Built-in server: /)).toBeVisible();
  expect((await below.boundingBox())?.y).toBe(before[1]?.y);
});

test('is drawn at most twice a second, and not at all where nobody sees it', async ({
  page,
  open,
  goLive,
}) => {
  await countDraws(page);
  await open('step=20');
  await goLive();
  const graph = page.getByRole('img', { name: /^Bitrate\./ });
  await expect(graph.locator('canvas')).toBeVisible();
  // Each step of the slider yields a snapshot at once, besides those of each half second.
  const slider = page.getByRole('slider');
  await slider.focus();
  const enough = async (): Promise<boolean> => {
    await slider.press('ArrowLeft');
    return sum(await draws(page)) >= 10;
  };
  await expect.poll(enough, { intervals: [30], timeout: 30_000 }).toBe(true);
  const [times = []] = await page.evaluate(() => [...window.drawnAt.values()]);
  // The first ones are of its beginning: empty, and in its size. A busy machine may put off one of the others.
  const counted = times.slice(2);
  const seconds = ((counted.at(-1) ?? 0) - (counted[0] ?? 0)) / 1000;
  expect(counted.length - 1).toBeGreaterThan(4);
  expect(counted.length - 1).toBeLessThanOrEqual(seconds * 2 + 1);

  // Behind another page.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const snapshots = async (count: number): Promise<void> => {
    const sent = page.getByText('Sent', { exact: true }).locator('xpath=following-sibling::dd');
    for (let index = 0; index < count; index++) {
      const before = await sent.textContent();
      await expect(sent).not.toHaveText(before ?? '');
    }
  };
  const hidden = sum(await draws(page));
  await snapshots(4);
  expect(sum(await draws(page))).toBe(hidden);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(async () => sum(await draws(page))).toBeGreaterThan(hidden);

  // Scrolled out of sight.
  await page.setViewportSize({ width: 900, height: 640 });
  await page.getByRole('complementary').evaluate((column) => {
    column.scrollTo({ top: column.scrollHeight });
  });
  await expect(graph).not.toBeInViewport();
  const scrolled = sum(await draws(page));
  await snapshots(4);
  expect(sum(await draws(page))).toBeLessThanOrEqual(scrolled + 1);
});

test('the larger view is opened and closed by keys, and says in words what it shows', async ({
  page,
  open,
  button,
  goLive,
}) => {
  await open(two);
  await goLive();
  await expect(page.getByText('Last 5 minutes').first()).toBeVisible({ timeout: 20_000 });
  await button('Graphs').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'The last minutes of the broadcast' });
  await expect(dialog.locator('canvas')).toHaveCount(8);
  await expect(dialog.getByRole('listitem').first()).toHaveText('Twitch (main)');
  const image = (name: RegExp) => dialog.getByRole('img', { name });
  const kilobits = String.raw`[\d,]+ now, from 0 to [\d,]+\.`;
  await expect(
    image(new RegExp(`^Bitrate, kbit/s. Last 5 minutes. Twitch \\(main\\): ${kilobits} YouTube: `)),
  ).toBeVisible();
  await expect(
    image(/^Frames lost per second\. .*YouTube: \d+ now, from 0 to \d+\.$/),
  ).toBeVisible();
  await expect(image(/^Round trip \(RTT\), ms\. .*Twitch \(main\): \d\d now/)).toBeVisible();
  await expect(image(/^Waiting to be sent, ms\. .*Twitch \(main\): 12 now/)).toBeVisible();
  await expect(image(/^Encoder speed\. .* 1\.00× now/)).toBeVisible();
  await expect(
    image(
      /^CPU of the engine without the browser, % of one core\. .*CPU: \d\d now, from 3\d to 43\.$/,
    ),
  ).toBeVisible();
  await expect(
    image(
      /^Memory of the engine without the browser, MB\. .*Engine RAM: 4\d\d now, from 409 to 415\.$/,
    ),
  ).toBeVisible();
  await expect(dialog.getByText(/^Twitch \(main\): back after \d+\.\d s/)).toBeVisible();
  // In another window it is as wide as that has room for.
  for (const width of [420, 900, 640]) {
    await page.setViewportSize({ width, height: 900 });
    const rights = () =>
      dialog.locator('canvas').evaluateAll((all) => {
        const group = all[0]?.closest('[role=group]')?.getBoundingClientRect().right ?? 0;
        return all.map((canvas) => group - canvas.getBoundingClientRect().right);
      });
    await expect.poll(async () => Math.min(...(await rights()))).toBe(20);
  }
  // It scrolls by keys, too.
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('group', { name: 'Graphs' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button('Graphs')).toBeFocused();
});

test('whoever wants nothing to move gets a new picture now and then', async ({
  page,
  open,
  goLive,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await countDraws(page);
  await open('step=20');
  await goLive();
  await expect.poll(() => draws(page), { timeout: 15_000 }).not.toEqual([]);
  await expect
    .poll(async () => sum(await draws(page)), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(5);
  const [times = []] = await page.evaluate(() => [...window.drawnAt.values()]);
  expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBeGreaterThan(4_900);
});
