import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { pictureCode, readPictureCode } from '@tallylight/contract';
import { startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { prepare, start, stop } from './go-live-flow.js';
import { smallPicture, startStudio } from './studio.js';

interface SlowLine {
  readonly port: number;
  /** Viewers that are connected. */
  readonly viewers: () => number;
  /** Lets nothing through, or what was held and all that follows. */
  readonly hold: (isHeld: boolean) => void;
  readonly close: () => Promise<void>;
}

/** A way to the server on which what it sends takes `delayMs` longer. */
async function startSlowLine(serverPort: number, delayMs: number): Promise<SlowLine> {
  const viewers = new Map<Socket, Socket>();
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const server = createServer((viewer) => {
    const upstream = connect(serverPort, '127.0.0.1');
    viewers.set(viewer, upstream);
    viewer.pipe(upstream);
    upstream.on('data', (bytes: Buffer) => {
      const pass = (): void => {
        if (!viewer.destroyed) viewer.write(bytes);
      };
      setTimeout(() => {
        if (isHeld) waiting.push(pass);
        else pass();
      }, delayMs);
    });
    for (const socket of [viewer, upstream]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        viewers.delete(viewer);
        viewer.destroy();
        upstream.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    viewers: () => viewers.size,
    hold: (held) => {
      isHeld = held;
      if (!held) for (const pass of waiting.splice(0)) pass();
    },
    close: async () => {
      for (const viewer of viewers.keys()) viewer.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** How late an ffmpeg that plays the stream shows the times in the test picture: the middle of so many, in seconds. */
async function delayAtViewer(url: string, pictures = 45): Promise<number> {
  const bytes = 96 * 54;
  const player = spawn('ffmpeg', [
    ...['-v', 'error', '-thread_type', 'slice', '-fflags', 'nobuffer', '-i', url, '-an'],
    ...['-vf', 'scale=96:54,format=gray', '-f', 'rawvideo', '-'],
  ]);
  const delays: number[] = [];
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of player.stdout as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk]);
      for (; rest.length >= bytes; rest = rest.subarray(bytes)) {
        const code = readPictureCode(rest.subarray(0, bytes), 96, 54);
        if (code === undefined) continue;
        const period = pictureCode.steps * pictureCode.stepMs;
        const late = (Date.now() - code * pictureCode.stepMs) % period;
        delays.push(late / 1000);
      }
      // What it had looked at before it began comes in a rush.
      if (delays.length >= 2 * pictures) break;
    }
  } finally {
    player.kill('SIGKILL');
  }
  return delays.slice(-pictures).sort((a, b) => a - b)[Math.floor(pictures / 2)] ?? NaN;
}

/** The mean colour of what the monitor shows. */
const shownColour = (page: Page): Promise<number[]> =>
  page
    .getByRole('img', { name: 'What viewers of Test server see' })
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const { data = [] } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? {};
      const sums = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4)
        for (const part of [0, 1, 2]) sums[part] = (sums[part] ?? 0) + (data[at + part] ?? 0);
      return sums.map((sum) => sum / (width * height));
    });

test('the window shows what viewers see, how late, and that it stands still, until it moves again', async () => {
  const nginx = await startNginxRtmp();
  const line = await startSlowLine(nginx.rtmpPort, 1_500);
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium('no camera');
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(studio.url);
    await prepare(page, {
      ...{ engine: 'WebCodecs', camera: 'Test picture', microphone: 'Test beep' },
      ...{ serverUrl: nginx.serverUrl, streamKey: 'seen' },
    });
    const watchUrl = `rtmp://127.0.0.1:${line.port}/live/seen`;
    await page.getByText('Watch address', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Where viewers get it' }).fill(watchUrl);
    await page.getByRole('button', { name: 'Save profile', exact: true }).click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await start(page);
    // Nobody has asked for it.
    expect(line.viewers()).toBe(0);

    const button = page.getByRole('button', { name: 'See what viewers see' });
    await button.click();
    // A range where a computer that is busy shows it more and less late.
    const figure = page.getByText(/^(About )?\d+\.\d (to \d+\.\d )?s behind the preview$/);
    await expect(figure).toBeVisible();
    // Colour bars: no channel is dark, and they are not all the same.
    const colour = await shownColour(page);
    expect(Math.min(...colour)).toBeGreaterThan(40);
    const late = await delayAtViewer(watchUrl);
    expect(late).toBeGreaterThan(1.5);
    const farOff = async () => {
      const told = (await figure.textContent())?.match(/\d+\.\d/g)?.map(Number) ?? [];
      const [from, to] = [Math.min(...told), Math.max(...told)];
      // A wide range is no figure.
      return Math.max(from - late, late - to, to - from - 1);
    };
    await expect.poll(farOff).toBeLessThan(0.4);
    const sentence = page.getByRole('contentinfo');
    await expect(sentence).not.toContainText('stood still');

    line.hold(true);
    await expect(page.getByText(/^Standing still since \d\d:\d\d:\d\d$/)).toBeVisible();
    await expect(sentence).toContainText(
      /Fair\..*What comes back from Test server has stood still since/,
    );
    await expect(figure).toBeHidden();
    line.hold(false);
    await expect(page.getByText(/^Standing still since/)).toBeHidden();
    await expect(sentence).not.toContainText('stood still');
    await expect(figure).toBeVisible();

    await button.click();
    await expect.poll(() => line.viewers()).toBe(0);
    await button.click();
    await expect.poll(() => line.viewers()).toBe(1);
    await stop(page);
    await expect.poll(() => line.viewers()).toBe(0);
  } finally {
    await browser.close();
    await studio.stop();
    await line.close();
    await nginx.stop();
  }
});
