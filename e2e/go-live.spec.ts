import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  probe,
  strictlyRising,
} from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { launchChromium, makeFootage } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { startStudio, type Studio } from './studio.js';

const onAirMs = 8_000;

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

let folder: string;
let footage: { video: string; audio: string };
let nginx: NginxRtmp;
let studio: Studio;
let browser: Browser | undefined;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-e2e-'));
  footage = await makeFootage(folder);
  nginx = await startNginxRtmp();
});

test.afterAll(async () => {
  await nginx.stop();
  await rm(folder, { recursive: true, force: true });
});

test.beforeEach(async () => {
  studio = await startStudio();
});

test.afterEach(async () => {
  await browser?.close();
  browser = undefined;
  await studio.stop();
});

for (const engine of ['WebCodecs', 'MediaRecorder'] as const) {
  for (const camera of ['built-in', 'file-fed'] as const) {
    test(`${engine} puts the ${camera} camera on air`, async () => {
      browser = await launchChromium(camera === 'file-fed' ? { footage } : {});
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(studio.url);

      const streamKey = `${engine}-${camera}`;
      await goLive(page, {
        engine,
        // Chromium names a camera that is fed from a file after that file.
        camera: camera === 'file-fed' ? /camera\.mjpeg/ : /fake/i,
        microphone: /fake/i,
        serverUrl: nginx.serverUrl,
        streamKey,
      });
      await page.waitForTimeout(onAirMs);
      await stop(page);

      const recording = await nginx.recording(streamKey);
      expect(await decodeErrors(recording)).toBe('');
      const streams = await probe(recording);
      expect(streams.find(({ codec_type }) => codec_type === 'video')).toMatchObject({
        codec_name: 'h264',
        width: 1280,
        height: 720,
      });
      expect(streams.find(({ codec_type }) => codec_type === 'audio')).toMatchObject({
        codec_name: 'aac',
      });

      const videoTimes = await decodeTimes(recording, 'v:0');
      expect(strictlyRising(videoTimes)).toBe(true);
      expect(strictlyRising(await decodeTimes(recording, 'a:0'))).toBe(true);

      const seconds = ((videoTimes.at(-1) ?? 0) - (videoTimes[0] ?? 0)) / 1000;
      const frames = await countFrames(recording);
      test.info().annotations.push({
        type: 'frames',
        description: `${frames} of ${(seconds * 30 + 1).toFixed(1)} in ${seconds.toFixed(2)} s`,
      });
      expect(seconds).toBeGreaterThan(onAirMs / 1000);
      expect(frames / (seconds * 30 + 1)).toBeGreaterThanOrEqual(0.98);
    });
  }
}
