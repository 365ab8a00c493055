import { expect, test } from '@playwright/test';
import { decodeErrors, flashToBeep, middleOf } from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { startStudio } from './studio.js';

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

let nginx: NginxRtmp;

test.beforeAll(async () => {
  nginx = await startNginxRtmp();
});

test.afterAll(async () => {
  await nginx.stop();
});

for (const engine of ['WebCodecs', 'MediaRecorder', 'ffmpeg'] as const) {
  test(`flash and beep of the test picture arrive together through ${engine}`, async () => {
    const studio = await startStudio();
    // No fake devices: this is also the machine that has no camera.
    const browser = await launchChromium('no camera');
    try {
      const page = await browser.newPage();
      await page.goto(studio.url);
      const streamKey = `sync-${engine}`;
      await goLive(page, {
        engine,
        camera: 'Test picture',
        serverUrl: nginx.serverUrl,
        streamKey,
      });
      // The beep is at −6 dB; between two of them the meter falls, but not to its floor.
      const meter = page.getByRole('meter', { name: 'Sound level' });
      await expect
        .poll(async () => Number(await meter.getAttribute('aria-valuenow')))
        .toBeGreaterThan(-30);
      await page.waitForTimeout(10_000);
      await stop(page);

      const recording = await nginx.recording(streamKey);
      expect(await decodeErrors(recording)).toBe('');
      const distances = await flashToBeep(recording);
      test.info().annotations.push({
        type: 'beep after flash, ms',
        description: distances.map((distance) => distance.toFixed(1)).join(', '),
      });
      expect(distances.length).toBeGreaterThanOrEqual(5);
      expect(Math.abs(middleOf(distances))).toBeLessThanOrEqual(40);
    } finally {
      await browser.close();
      await studio.stop();
    }
  });
}
