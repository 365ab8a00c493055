import type { Browser, Page } from '@playwright/test';
import { withResolvers } from 'node-rtmp-client/async';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { looks, settled, violations } from '../../../e2e/window/axe.js';
import { until } from '../../../test/support/until.js';
import { hasChromium, launchChromium } from '../../../test/support/chromium.js';
import { expectPlaying, playback, Viewer } from './support/viewer.js';

describe.skipIf(!hasChromium)('the viewer page in Chromium (needs chromium)', () => {
  let browser: Browser;
  let viewer: Viewer;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    viewer = await Viewer.start(browser);
    page = await viewer.newPage();
  });
  afterEach(async () => {
    await viewer.close();
    expect(viewer.complaints).toEqual([]);
  });

  test('plays what ffmpeg publishes, muted, and says so', async () => {
    viewer.publish('live/one');
    await page.goto(viewer.http);
    await expectPlaying(page);
    expect((await playback(page)).muted).toBe(true);
    await page.getByRole('status').filter({ hasText: 'Live: live/one' }).waitFor();
    await page.getByRole('button', { name: /live\/one.*320×180/ }).waitFor();
    expect(await page.title()).toBe('live/one · Tallylight');
    await page.getByRole('button', { name: 'Turn sound on' }).click();
    expect((await playback(page)).muted).toBe(false);
  });

  test.each([
    { width: 1280, height: 800 },
    { width: 1280, height: 400 },
    { width: 421, height: 901 },
  ])('has no stripe beside the picture at %o', async (size) => {
    await page.setViewportSize(size);
    await page.goto(viewer.http);
    const { frame, picture } = await page.evaluate(() => {
      const video = document.querySelector('video');
      const box = (element: Element | null | undefined) => {
        const { x = 0, y = 0, width = 0, height = 0 } = element?.getBoundingClientRect() ?? {};
        return { x, y, width, height };
      };
      return { frame: box(video?.parentElement), picture: box(video) };
    });
    expect(picture).toEqual(frame);
    // Less than a pixel of a picture of that shape.
    expect(Math.abs(picture.width - (picture.height * 16) / 9)).toBeLessThan(1);
    expect(frame.y + frame.height).toBeLessThanOrEqual(Math.max(size.height, 400));
  });

  test('follows the scheme of the system, and speaks the language of the browser', async () => {
    const chinese = await viewer.newPage({ locale: 'zh-CN', colorScheme: 'light' });
    try {
      const background = () =>
        chinese.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await chinese.goto(viewer.http);
      await chinese.getByRole('status').filter({ hasText: '离线：现在没有直播' }).waitFor();
      expect(await chinese.title()).toBe('Tallylight 观看页');
      expect(await background()).toBe('rgb(236, 238, 243)');
      await chinese.emulateMedia({ colorScheme: 'dark' });
      expect(await background()).toBe('rgb(14, 16, 20)');
      viewer.publish('live/one', { sound: false });
      await chinese.getByRole('status').filter({ hasText: '直播中：live/one' }).waitFor();
      expect(await chinese.title()).toBe('live/one · Tallylight');
      await chinese.getByRole('button', { name: /live\/one.*人在看/ }).waitFor();
      await chinese.goto(`${viewer.http}/nothing-here`);
      await chinese.getByRole('heading', { name: '这里没有内容' }).waitFor();
    } finally {
      await chinese.close();
    }
  });

  test('plays a stream without sound', async () => {
    viewer.publish('live/silent', { sound: false });
    await page.goto(viewer.http);
    await expectPlaying(page);
    expect(await page.getByRole('button', { name: 'Turn sound on' }).isVisible()).toBe(false);
  });

  test('waits for a stream that is not there yet, and finds it again when it comes back', async () => {
    await page.goto(`${viewer.http}/#live/later`);
    await page.getByRole('status').filter({ hasText: 'Offline: live/later' }).waitFor();
    const publisher = viewer.publish('live/later');
    await expectPlaying(page);
    await publisher.end();
    await page.getByRole('status').filter({ hasText: 'Offline: live/later' }).waitFor();
    viewer.publish('live/later');
    await page.getByRole('status').filter({ hasText: 'Live: live/later' }).waitFor();
    await expectPlaying(page);
  });

  test.each(['flv', 'hls'])(
    'says what is so when the server goes, played by %s: neither live nor paused beside an empty list',
    async (way) => {
      viewer.publish('live/one', { sound: false });
      await page.goto(viewer.http);
      await page.getByRole('combobox').selectOption(way);
      await expectPlaying(page);
      await page.getByRole('status').filter({ hasText: 'Live: live/one' }).waitFor();
      await page.evaluate(() => {
        const text = (id: string) => document.getElementById(id)?.textContent ?? '';
        const seen: string[] = [];
        const look = () => {
          const lamp = document.getElementById('lamp')?.dataset['state'];
          const listed = document.querySelectorAll('li').length;
          const { hidden } = document.getElementById('latency') ?? { hidden: true };
          seen.push(
            `${lamp} ${listed} ${text('status')} ${hidden === true ? '' : text('latency')}`,
          );
        };
        const changes = { subtree: true, childList: true, attributes: true, characterData: true };
        new MutationObserver(look).observe(document.body, changes);
        Object.assign(globalThis, { seen });
      });
      await viewer.endServer();
      await page.getByRole('status').filter({ hasText: 'the server does not answer' }).waitFor();
      const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
      expect(seen.filter((each) => /^live 0|Paused|^\S+ 0 Live/.test(each))).toEqual([]);
      // It is told that the rest is shown, if there was any.
      const kinds = new Set(seen.map((each) => each.split(' ')[0]));
      expect([...kinds]).toEqual(expect.arrayContaining(['ending', 'offline']));
    },
  );

  test('shows a picture of each stream in the list, and plays the one that is chosen', async () => {
    viewer.publish('live/one');
    viewer.publish('studio/two', { sound: false });
    await page.goto(`${viewer.http}/#live/one`);
    const items = page.getByRole('listitem');
    // A picture of the test pattern has many colours; a place that nothing was drawn in has one.
    const coloured = () =>
      items.locator('canvas').evaluateAll((canvases) =>
        canvases.map((each) => {
          const canvas = each as HTMLCanvasElement;
          const data = canvas.getContext('2d')?.getImageData(0, 90, canvas.width, 1).data ?? [];
          const pixels = Array.from({ length: data.length / 4 }, (_, i) =>
            data.slice(i * 4, i * 4 + 3).join(),
          );
          return new Set(pixels).size > 4;
        }),
      );
    await until('both pictures', async () => {
      const drawn = await coloured();
      return drawn.length === 2 && drawn.every(Boolean);
    });
    // Whoever looks at the list is no viewer of what is in it.
    expect(viewer.streams().find(({ app }) => app === 'studio')?.players).toBe(0);
    const two = page.getByRole('button', { name: /studio\/two/ });
    await two.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Live: studio/two' }).waitFor();
    await expectPlaying(page);
    expect(await two.getAttribute('aria-current')).toBe('true');
    expect(new URL(page.url()).hash).toBe('#studio%2Ftwo');
  });

  test('loads nothing more of what was paused for a minute, until it is to play on', async () => {
    await page.clock.install();
    viewer.publish('live/one');
    await page.goto(viewer.http);
    await expectPlaying(page);
    await page.locator('video').evaluate((element) => (element as HTMLVideoElement).pause());
    await page.getByText('Paused; plays on from the newest picture').waitFor();
    await page.clock.fastForward(61_000);
    await page.getByRole('status').filter({ hasText: 'Not playing: live/one' }).waitFor();
    await until('the player to have left', () => viewer.streams()[0]?.players === 0);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await expectPlaying(page);
  });

  test('offers to play where the browser lets nothing begin by itself', async () => {
    await page.addInitScript(() => {
      let isAllowed = false;
      addEventListener('click', () => (isAllowed = true), { capture: true });
      const { prototype } = HTMLMediaElement;
      const play = Object.getOwnPropertyDescriptor(prototype, 'play')?.value as () => Promise<void>;
      Object.defineProperty(prototype, 'autoplay', { set: () => undefined });
      prototype.play = function () {
        const refused = new DOMException('', 'NotAllowedError');
        return isAllowed ? play.call(this) : Promise.reject(refused);
      };
    });
    viewer.publish('live/one');
    await page.goto(viewer.http);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await expectPlaying(page);
  });

  test('leaves a way that does not play for the next, if it may choose, and else says so', async () => {
    await page.route('**/*.flv', (route) => route.abort());
    viewer.publish('live/one');
    await page.goto(viewer.http);
    await expectPlaying(page);
    await page.getByRole('combobox', { name: 'Play over' }).selectOption('HTTP-FLV');
    await page.getByRole('status').filter({ hasText: 'Cannot be played here' }).waitFor();
    await page.locator('#offline').getByText('This browser cannot play live/one').waitFor();
  });

  test('plays in the way that was chosen while the library of another was still to come', async () => {
    const asked = withResolvers();
    const chosen = withResolvers();
    await page.route('**/viewer/mpegts.js', async (route) => {
      asked.resolve();
      await chosen.promise;
      await route.continue();
    });
    viewer.publish('live/one', { sound: false });
    await page.goto(viewer.http);
    await asked.promise;
    const choice = page.getByRole('combobox', { name: 'Play over' });
    for (const way of ['ws', 'flv', 'ws', 'flv']) await choice.selectOption(way);
    chosen.resolve();
    await expectPlaying(page);
    await page.getByRole('status').filter({ hasText: 'Live: live/one' }).waitFor();
  });

  test('does not wait for ever for a library, and takes another way', async () => {
    await page.clock.install();
    const asked = withResolvers();
    await page.route('**/viewer/mpegts.js', () => asked.resolve());
    viewer.publish('live/one', { sound: false });
    await page.goto(viewer.http);
    await asked.promise;
    await page.clock.fastForward(31_000);
    await page.clock.resume();
    await expectPlaying(page);
  });

  test.each([
    { width: 1280, height: 800 },
    { width: 420, height: 900 },
    { width: 360, height: 740 },
  ])('is whole at %o, and axe finds nothing in any look', async (size) => {
    viewer.publish('live/a-name-that-is-longer-than-the-others-and-has-nowhere-to-break');
    await page.setViewportSize(size);
    await page.goto(viewer.http);
    await page.locator('#stage[data-state=live]').waitFor();
    await page.getByText('Show on another page').click();
    for (const look of [looks.dark, looks.light, looks.forced]) {
      await page.emulateMedia(look);
      await settled(page);
      expect(await violations(page, look)).toEqual([]);
    }
    const small = await page
      .locator('button:visible, select, summary')
      .evaluateAll((all) =>
        all
          .filter((each) => each.getBoundingClientRect().height < 40)
          .map((each) => each.outerHTML),
      );
    expect(small).toEqual([]);
  });
});
