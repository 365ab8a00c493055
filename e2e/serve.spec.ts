import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { startCli } from '../cli/test/run-cli.js';
import { launchChromium } from './browser.js';

test('the page of "tallylight serve" plays what ffmpeg publishes to it', async () => {
  const server = startCli(['serve', '--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0', '--json']);
  const browser = await launchChromium('no camera');
  const { rtmp, http } = await server.line((line) => line['state'] === 'listening');
  const publisher = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
      ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-c:a', 'aac'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'],
      ...['-f', 'flv', `${String(rtmp)}/live/one`],
    ],
    { stdio: 'ignore' },
  );
  const published = once(publisher, 'exit');
  try {
    const page = await browser.newPage();
    await page.goto(String(http));
    const playback = () =>
      page.locator('video').evaluate((video: HTMLVideoElement) => ({
        time: video.currentTime,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
      }));
    await expect.poll(async () => (await playback()).frames).toBeGreaterThan(0);
    const { time, frames } = await playback();
    await expect.poll(async () => (await playback()).time).toBeGreaterThan(time + 1);
    await expect.poll(async () => (await playback()).frames).toBeGreaterThan(frames + 10);
  } finally {
    publisher.kill('SIGKILL');
    await published;
    await browser.close();
    server.child.kill('SIGTERM');
    await server.done;
  }
});
