import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import { until } from '../../test/support/until.js';
import { freePort } from '../../test/support/free-port.js';
import { markdownTable, rounded } from './cost-table.js';
import { startMeasured } from './measured-process.js';
import { buildTallylight } from './servers.js';

const ways = ['flv', 'ws', 'hls', 'dash'] as const;
const [width, height, fps] = [320, 180, 25];
/** The clock in the picture: so many bits, black or white, in two rows of squares. */
const [bits, columns, square] = [32, 16, 20];
const [settleMs, watchMs] = [10_000, 20_000];

/** A grey picture with the milliseconds since the epoch in it, of which 32 bits are enough. */
function picture(now: number): Buffer {
  const frame = Buffer.alloc(width * height, 128);
  for (let bit = 0; bit < bits; bit += 1) {
    const value = Math.floor(now / 2 ** bit) % 2 === 1 ? 235 : 16;
    const [left, top] = [(bit % columns) * square, Math.floor(bit / columns) * square];
    for (let y = top; y < top + square; y += 1)
      frame.fill(value, y * width + left, y * width + left + square);
  }
  return frame;
}

/** ffmpeg encodes and publishes what is drawn here 25 times a second, each picture with the time at which it was drawn. */
function publishClock(url: string): { end(): Promise<void> } {
  const child = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`],
      ...['-r', `${fps}`, '-i', 'pipe:0'],
      ...['-re', '-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-c:a', 'aac', '-shortest'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', `${fps}`],
      ...['-pix_fmt', 'yuv420p', '-f', 'flv', url],
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit');
  const startedAt = Date.now();
  let drawn = 0;
  const timer = setInterval(() => {
    for (; drawn * (1000 / fps) <= Date.now() - startedAt; drawn += 1)
      child.stdin.write(picture(Date.now()));
  }, 5);
  return {
    end: async () => {
      clearInterval(timer);
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(force);
    },
  };
}

/** How old each picture is when the browser shows it, in milliseconds. */
const watchClock = (page: Page): Promise<number[]> =>
  page.locator('video').evaluate(
    (element, at) => {
      const video = element as HTMLVideoElement;
      const canvas = new OffscreenCanvas(at.width, at.height);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no canvas');
      const ages: number[] = [];
      return new Promise<number[]>((resolve) => {
        const end = performance.now() + at.watchMs;
        const look: VideoFrameRequestCallback = (now, { expectedDisplayTime }) => {
          context.drawImage(video, 0, 0, at.width, at.height);
          const { data } = context.getImageData(0, 0, at.width, 2 * at.square);
          let drawn = 0;
          for (let bit = 0; bit < at.bits; bit += 1) {
            const x = ((bit % at.columns) + 0.5) * at.square;
            const y = (Math.floor(bit / at.columns) + 0.5) * at.square;
            const level = data[(Math.floor(y) * at.width + Math.floor(x)) * 4] ?? 0;
            if (level > 127) drawn += 2 ** bit;
          }
          const shown = (performance.timeOrigin + expectedDisplayTime) % 2 ** at.bits;
          ages.push(shown - drawn);
          if (now < end) video.requestVideoFrameCallback(look);
          else resolve(ages);
        };
        video.requestVideoFrameCallback(look);
      });
    },
    { width, height, bits, columns, square, watchMs },
  );

/** From the picture that is drawn to the picture that Chromium shows, on the server's own page. */
export async function glassLatency() {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-bench-glass-'));
  const [rtmp, http] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const command = [await buildTallylight(), '--data-dir', folder, 'serve'];
  const listen = ['--rtmp', rtmp, '--http', http];
  const server = startMeasured(process.execPath, [...command, ...listen]);
  const answers = (path: string) => (): Promise<boolean> =>
    fetch(`http://${http}${path}`).then(
      async (answer) => answer.ok && (await answer.text()) !== '',
      () => false,
    );
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  let publisher: ReturnType<typeof publishClock> | undefined;
  try {
    await until('the server to listen', answers('/api/streams'));
    publisher = publishClock(`rtmp://${rtmp}/live/clock`);
    await until('segments', answers('/live/clock/video.m3u8'));
    const rows: { way: string; median: number; p95: number; frames: number }[] = [];
    // One after the other: four at once would wait for each other on a small machine.
    for (const way of ways) {
      const page = await browser.newPage({ viewport: { width, height } });
      await page.goto(`http://${http}/player.html?streamer=live&file=clock&way=${way}`);
      await page.locator('video').waitFor();
      await delay(settleMs);
      const ages = (await watchClock(page)).sort((a, b) => a - b);
      const at = (share: number): number =>
        rounded(ages[Math.floor(ages.length * share)] ?? NaN, 0);
      rows.push({ way, median: at(0.5), p95: at(0.95), frames: ages.length });
      process.stderr.write(`${way}: ${at(0.5)} ms, ${ages.length} frames\n`);
      await page.close();
    }
    return {
      title: `Glass to glass, ${watchMs / 1000} s of each way on the page in Chromium, milliseconds`,
      table: markdownTable(
        ['', 'median', '95 of 100', 'frames shown'],
        rows.map(({ way, median, p95, frames }) => [way, `${median}`, `${p95}`, `${frames}`]),
      ),
      json: Object.fromEntries(rows.map(({ way, ...figures }) => [way, figures])),
    };
  } finally {
    await publisher?.end();
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
