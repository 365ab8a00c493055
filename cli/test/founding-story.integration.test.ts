import type { Browser } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../../test/support/chromium.js';
import { expectPlaying } from '../../packages/engine/test/support/viewer.js';
import { startConfiguredNginx } from '../../test/support/configured-nginx.js';
import { hasNginxRtmp } from '../../test/support/nginx.js';
import { buildCli, killLeftovers, runProcess, sendsFrames, startCli } from './run-cli.js';

// The story that Tallylight began with: a server for RTMP with DASH, a camera and a file that are published to it, and a
// page that plays both. A command has no camera of its own on every machine: the test picture stands for it.

const run = promisify(execFile);
let folder = '';
let browser: Browser;

beforeAll(buildCli);

describe.skipIf(!hasChromium)('the story (needs chromium)', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-story-'));
    browser = await launchChromium();
  });
  afterEach(async () => {
    killLeftovers();
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Publishes both to `rtmp`, and gives the way to stop that, which tells whether each frame of both was sent. */
  async function publishBoth(rtmp: string): Promise<() => Promise<void>> {
    const file = join(folder, 'film.mp4');
    await run('ffmpeg', [
      ...[
        '-v',
        'error',
        '-nostdin',
        '-f',
        'lavfi',
        '-i',
        'testsrc=size=320x180:rate=25:duration=9',
      ],
      ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000:duration=9', '-c:a', 'aac'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', file],
    ]);
    const small = ['--size', '320x180', '--fps', '25', '--video-bitrate', '400k'];
    const publishers = [
      startCli(['publish', '--source', 'test', ...small, '--to', `${rtmp}/camera`, '--json']),
      startCli([
        'publish',
        '--source',
        `file:${file}`,
        '--copy',
        '--loop',
        '--to',
        `${rtmp}/film`,
        '--json',
      ]),
    ];
    await Promise.all(publishers.map((publisher) => publisher.line(sendsFrames)));
    return async () => {
      for (const { child } of publishers) child.kill('SIGINT');
      for (const { code, summary } of await Promise.all(publishers.map(({ done }) => done))) {
        expect(code).toBe(6);
        const [destination] = summary.destinations;
        expect(destination).toMatchObject({ framesDropped: 0, framesMissed: 0 });
        expect(destination?.framesSent).toBe(summary.video.frames);
        expect(summary.video.frames).toBeGreaterThan(100);
      }
    };
  }

  test.skipIf(!hasNginxRtmp())(
    'nginx, set up by server-config, takes the camera and a file, and its page plays both over DASH (needs nginx)',
    async () => {
      let configured = '';
      const nginx = await startConfiguredNginx(async ({ rtmpPort, httpPort, folder: work }) => {
        const { code, stdout, stderr } = await runProcess([
          ...['server-config', 'nginx', '--app', 'myapp', '--hls', '--dash', '--stat'],
          ...['--rtmp', `127.0.0.1:${rtmpPort}`, '--http', `127.0.0.1:${httpPort}`],
          ...['--work-folder', dirname(work)],
        ]);
        expect(code, stderr).toBe(0);
        configured = stdout;
        return stdout;
      });
      try {
        expect(configured).toContain(`rtmp://127.0.0.1:${nginx.rtmpPort}/myapp/NAME`);
        const stop = await publishBoth(`${nginx.rtmpUrl}/myapp`);
        const statistics = await (await fetch(`${nginx.httpUrl}/stat`)).text();
        for (const name of ['camera', 'film']) {
          expect(statistics).toContain(`<name>${name}</name>`);
          const page = await browser.newPage({ viewport: { width: 480, height: 480 } });
          // Where a browser plays HLS by itself the page lets it; here DASH is asked for.
          await page.addInitScript(() => {
            HTMLMediaElement.prototype.canPlayType = () => '';
          });
          const manifest = page.waitForResponse(`**/dash/${name}.mpd`);
          await page.goto(`${nginx.httpUrl}/`);
          await page.getByLabel('Stream').fill(name);
          await page.getByRole('button', { name: 'Play' }).click();
          await manifest;
          await expectPlaying(page);
          await page.close();
        }
        await stop();
      } finally {
        await nginx.stop();
      }
    },
  );

  test('the built-in server takes the camera and a file, and its page plays both over DASH', async () => {
    const server = startCli(['serve', '--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0', '--json']);
    const { rtmp, http } = await server.line(({ state }) => state === 'listening');
    const stop = await publishBoth(`${String(rtmp)}/myapp`);
    for (const name of ['camera', 'film']) {
      const page = await browser.newPage({ viewport: { width: 480, height: 480 } });
      await page.addInitScript(() => localStorage.setItem('tallylight-way', 'dash'));
      const manifest = page.waitForResponse(`**/myapp/${name}/manifest.mpd`);
      await page.goto(`${String(http)}#myapp/${name}`);
      await manifest;
      await expectPlaying(page);
      await page.close();
    }
    await stop();
    server.child.kill('SIGTERM');
    expect((await server.done).code).toBe(6);
  });
});
