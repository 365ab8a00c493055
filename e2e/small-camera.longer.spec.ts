import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { probe } from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { startStudio } from './studio.js';
import { watchBroadcast } from './watch-broadcast.js';

const run = promisify(execFile);

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

for (const engine of ['WebCodecs', 'MediaRecorder'] as const) {
  test(`a camera that is smaller than the chosen size keeps its picture, and ${engine} fits it to that size`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-small-camera-'));
    const nginx = await startNginxRtmp();
    const studio = await startStudio();
    const footage = await smallFootage(folder);
    const browser = await launchChromium({ footage });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const broadcast = watchBroadcast(page);
      await page.goto(studio.url);
      const resolution = page.getByRole('combobox', { name: 'Resolution', exact: true });
      const enlarged = resolution.locator('optgroup[label="Enlarged from 320×240"] option');
      await expect(enlarged.filter({ hasText: '1280×720' })).toHaveCount(1);
      await goLive(page, {
        ...{ engine, camera: /camera\.mjpeg/, microphone: /microphone|fake/i },
        ...{ serverUrl: nginx.serverUrl, streamKey: 'small' },
      });
      const size = await page
        .locator('video')
        .evaluate((video: HTMLVideoElement) => [video.videoWidth, video.videoHeight]);
      expect(size).toEqual([320, 240]);
      // The picture is looked at a second after its beginning.
      await expect.poll(() => broadcast()?.statistics?.durationMs ?? 0).toBeGreaterThan(2_000);
      await stop(page);
      const recording = await nginx.recording('small');
      const video = (await probe(recording)).find(({ codec_type }) => codec_type === 'video');
      expect(video).toMatchObject({ width: 1280, height: 720 });
      // The picture in the middle, and nothing beside it.
      expect(await brightness(recording, 'crop=iw/4:ih/2')).toBeGreaterThan(60);
      expect(await brightness(recording, 'crop=iw/16:ih:0:0')).toBeLessThan(24);
    } finally {
      await browser.close();
      await studio.stop();
      await nginx.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function smallFootage(folder: string): Promise<{ video: string; audio: string }> {
  const video = join(folder, 'camera.mjpeg');
  const audio = join(folder, 'microphone.wav');
  const lavfi = ['-v', 'error', '-f', 'lavfi', '-i'];
  await run('ffmpeg', [
    ...[...lavfi, 'testsrc2=size=320x240:rate=30:duration=4', '-pix_fmt', 'yuvj420p'],
    ...['-q:v', '4', video],
  ]);
  await run('ffmpeg', [...lavfi, 'sine=duration=4:sample_rate=48000', audio]);
  return { video, audio };
}

/** The mean luma of a part of the picture a second after its beginning. */
async function brightness(file: string, part: string): Promise<number> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-ss', '1', '-i', file, '-frames:v', '1'],
      ...['-vf', `${part},scale=1:1:flags=area`, '-pix_fmt', 'gray', '-f', 'rawvideo', '-'],
    ],
    { encoding: 'buffer' },
  );
  return stdout[0] ?? NaN;
}
