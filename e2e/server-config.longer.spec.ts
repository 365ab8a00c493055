import { nginxConfig, type ServerConfigOptions } from '@tallylight/engine';
import { serverConfigWords } from '@tallylight/messages/server-config';
import { expect, test } from '@playwright/test';
import { startConfiguredNginx, type ConfiguredNginx } from '../test/support/configured-nginx.js';
import { startFfmpegPublisher } from '../test/support/ffmpeg-publisher.js';
import { serverConfigOptions } from '../test/support/server-config-options.js';
import { launchChromium } from './browser.js';

const start = (options: Partial<ServerConfigOptions>): Promise<ConfiguredNginx> =>
  startConfiguredNginx(({ rtmpPort, httpPort, folder }) =>
    nginxConfig(
      serverConfigOptions({
        rtmp: { host: '127.0.0.1', port: rtmpPort },
        http: { host: '127.0.0.1', port: httpPort },
        folder,
        ...options,
      }),
      serverConfigWords('en'),
    ),
  );

test('the player pages of an nginx origin and its edge play HLS and DASH', async () => {
  const origin = await start({ role: 'origin', hls: true, dash: true });
  const publisher = startFfmpegPublisher(`${origin.rtmpUrl}/live/one`);
  const edge = await start({
    ...{ role: 'edge', dash: true },
    origin: {
      rtmp: { host: '127.0.0.1', port: origin.rtmpPort },
      http: { host: '127.0.0.1', port: origin.httpPort },
    },
  });
  const browser = await launchChromium('no camera');
  try {
    // The origin's page has both and takes HLS; the edge has DASH alone.
    for (const { httpUrl } of [origin, edge]) {
      const page = await browser.newPage();
      await page.goto(`${httpUrl}/`);
      await page.getByLabel('Stream').fill('one');
      await page.getByRole('button', { name: 'Play' }).click();
      const played = () =>
        page.locator('video').evaluate((video: HTMLVideoElement) => ({
          time: video.currentTime,
          frames: video.getVideoPlaybackQuality().totalVideoFrames,
          isFile: video.src.endsWith('/hls/one.m3u8'),
        }));
      await expect.poll(async () => (await played()).frames).toBeGreaterThan(0);
      const { time, frames, isFile } = await played();
      expect(isFile).toBe(httpUrl === origin.httpUrl);
      await expect.poll(async () => (await played()).time).toBeGreaterThan(time + 3);
      await expect.poll(async () => (await played()).frames).toBeGreaterThan(frames + 50);
      await expect(page.getByText('Waiting for the stream…')).toBeHidden();
      await page.close();
    }
  } finally {
    await browser.close();
    await publisher.stop();
    await edge.stop();
    await origin.stop();
  }
});
