import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  probe,
  strictlyRising,
} from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { launchChromium, makeFootage } from './browser.js';
import { prepare, start, stop } from './go-live-flow.js';
import { startStudio, type Studio } from './studio.js';
import { watchBroadcast } from './watch-broadcast.js';

const onAirMs = 4_000;

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

interface CameraReading {
  /** Given so far, as Chromium counts them. */
  readonly frames: number;
  readonly seconds: number;
}

/** Reads, again and again, how many frames the camera has given; gives the readings up to now. */
async function readCamera(page: Page): Promise<() => Promise<readonly CameraReading[]>> {
  const readings = await page.locator('video').evaluateHandle((video: HTMLVideoElement) => {
    const list: CameraReading[] = [];
    const [track] = (video.srcObject as MediaStream).getVideoTracks();
    // TypeScript's library does not know it yet.
    const counted = track as unknown as { stats: { deliveredFrames: number } };
    setInterval(() => {
      list.push({ frames: counted.stats.deliveredFrames, seconds: performance.now() / 1000 });
    }, 50);
    return list;
  });
  return () => readings.jsonValue();
}

/** The frames that the camera gave in the last `seconds` of the readings, the one at their start included. */
function framesGiven(readings: readonly CameraReading[], seconds: number): number {
  const last = readings.at(-1);
  const first = readings.findLast((reading) => reading.seconds <= (last?.seconds ?? 0) - seconds);
  if (!first || !last) throw new Error(`the camera was not read for ${seconds} s`);
  return last.frames - first.frames + 1;
}

for (const engine of ['WebCodecs', 'MediaRecorder'] as const) {
  for (const device of ['built-in', 'file-fed'] as const) {
    test(`${engine} puts the ${device} camera on air`, async () => {
      browser = await launchChromium(device === 'file-fed' ? { footage } : {});
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const broadcast = watchBroadcast(page);
      await page.goto(studio.url);

      const streamKey = `${engine}-${device}`;
      await prepare(page, {
        engine,
        // Chromium names a camera that is fed from a file after that file.
        camera: device === 'file-fed' ? /camera\.mjpeg/ : /fake/i,
        microphone: /fake/i,
        serverUrl: nginx.serverUrl,
        streamKey,
      });
      const camera = await readCamera(page);
      await start(page);
      await page.waitForTimeout(onAirMs);
      await stop(page);
      const readings = await camera();
      await expect.poll(() => broadcast()?.state).toBe('ended');

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

      // Whatever the machine was too slow for, each frame is accounted for, from the window to the server.
      const { statistics, outputs } = broadcast() ?? {};
      const destination = outputs?.find((output) => output.type === 'rtmp');
      const frames = await countFrames(recording);
      const lost = statistics?.video.droppedFrames ?? NaN;
      expect(destination).toMatchObject({ framesSent: frames });
      expect(statistics?.video.frames).toBe(frames + (destination?.framesDropped ?? NaN));
      // Frames that are missing between the first and the last were lost or dropped, or the camera did not give them.
      const seconds = ((videoTimes.at(-1) ?? 0) - (videoTimes[0] ?? 0)) / 1000;
      const given = framesGiven(readings, seconds);
      const account = `${frames} frames in ${seconds.toFixed(2)} s, ${lost} lost, the camera gave ${given.toFixed(1)}`;
      test.info().annotations.push({ type: 'frames', description: account });
      expect((statistics?.video.frames ?? NaN) + lost, account).toBeGreaterThan(0.85 * given);
    });
  }
}
