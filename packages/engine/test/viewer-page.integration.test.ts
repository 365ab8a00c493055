import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../../test/support/until.js';
import { createLogger } from '../src/logger.js';
import { BuiltInServer } from '../src/server/built-in-server.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const any = { host: '127.0.0.1', port: 0 };

describe.skipIf(!existsSync(executablePath))('the viewer page in Chromium (needs chromium)', () => {
  let browser: Browser;
  let page: Page;
  let server: BuiltInServer;
  let [rtmp, http] = ['', ''];
  let publisher: ChildProcess | undefined;
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [
        ...['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
        '--disable-background-networking',
      ],
    });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    server = new BuiltInServer({ logger: createLogger({ level: 'silent' }) });
    const addresses = await server.start({ rtmp: any, http: any });
    rtmp = `rtmp://127.0.0.1:${addresses.rtmp.port}`;
    http = `http://127.0.0.1:${addresses.http.port}`;
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    publisher?.kill('SIGKILL');
    await server.close();
    expect(complaints).toEqual([]);
  });

  function publishes(name: string, options: { sound: boolean }): void {
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-c:a', 'aac'];
    publisher = spawn(
      'ffmpeg',
      [
        ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
        ...(options.sound ? tone : []),
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25'],
        ...['-pix_fmt', 'yuv420p', '-f', 'flv', `${rtmp}/live/${name}`],
      ],
      { stdio: 'ignore' },
    );
  }

  /** What the player has played and decoded so far. */
  const playback = () =>
    page.locator('video').evaluate((element) => {
      const video = element as HTMLVideoElement;
      const { totalVideoFrames } = video.getVideoPlaybackQuality();
      return { time: video.currentTime, frames: totalVideoFrames, muted: video.muted };
    });

  async function expectPlaying(): Promise<void> {
    const first = await until('decoded frames', async () => {
      const now = await playback();
      return now.frames > 0 && now.time > 0 && now;
    });
    await until('the picture to go on', async () => {
      const now = await playback();
      return now.time > first.time + 1 && now.frames > first.frames + 10;
    });
  }

  test('plays what ffmpeg publishes, muted, and says so', async () => {
    publishes('one', { sound: true });
    await page.goto(http);
    await expectPlaying();
    expect((await playback()).muted).toBe(true);
    await page.getByRole('status').filter({ hasText: 'Live: live/one' }).waitFor();
    await page.getByRole('button', { name: /live\/one.*320×180/ }).waitFor();
    expect(await page.title()).toBe('live/one · Tallylight');
    await page.getByRole('button', { name: 'Turn sound on' }).click();
    expect((await playback()).muted).toBe(false);
  });

  test.each([
    { width: 1280, height: 800 },
    { width: 1280, height: 400 },
    { width: 421, height: 901 },
  ])('has no stripe beside the picture at %o', async (size) => {
    await page.setViewportSize(size);
    await page.goto(http);
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
    const chinese = await browser.newPage({ locale: 'zh-CN', colorScheme: 'light' });
    try {
      const background = () =>
        chinese.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await chinese.goto(http);
      await chinese.getByRole('status').filter({ hasText: '离线：现在没有直播' }).waitFor();
      expect(await chinese.title()).toBe('Tallylight 观看页');
      expect(await background()).toBe('rgb(236, 238, 243)');
      await chinese.emulateMedia({ colorScheme: 'dark' });
      expect(await background()).toBe('rgb(14, 16, 20)');
      publishes('one', { sound: false });
      await chinese.getByRole('status').filter({ hasText: '直播中：live/one' }).waitFor();
      expect(await chinese.title()).toBe('live/one · Tallylight');
      await chinese.getByRole('button', { name: /live\/one.*人在看/ }).waitFor();
      await chinese.goto(`${http}/nothing-here`);
      await chinese.getByRole('heading', { name: '这里没有内容' }).waitFor();
    } finally {
      await chinese.close();
    }
  });

  test('plays a stream without sound', async () => {
    publishes('silent', { sound: false });
    await page.goto(http);
    await expectPlaying();
    expect(await page.getByRole('button', { name: 'Turn sound on' }).isVisible()).toBe(false);
  });

  test('waits for a stream that is not there yet, and finds it again when it comes back', async () => {
    await page.goto(`${http}/#live/later`);
    await page.getByRole('status').filter({ hasText: 'Offline: live/later' }).waitFor();
    publishes('later', { sound: true });
    await expectPlaying();
    publisher?.kill('SIGINT');
    await page.getByRole('status').filter({ hasText: 'Offline: live/later' }).waitFor();
    publishes('later', { sound: true });
    await page.getByRole('status').filter({ hasText: 'Live: live/later' }).waitFor();
    await expectPlaying();
  });
});
