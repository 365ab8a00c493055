import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lostFrames } from '@tallylight/contract';
import { expect, test, type Browser } from '@playwright/test';
import { decodeErrors, decodeTimes, probe, strictlyRising } from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { launchChromium, makeFootage } from './browser.js';
import { publishFromWindow } from './published-stream.js';
import { startStudio, type Studio } from './studio.js';

const onAirMs = 4_000;

/** That engines of the window put a camera on air: Chromium's own, or one that shows footage. */
export function testCameraOnAir(
  camera: 'built-in' | 'file-fed',
  engines: readonly ('WebCodecs' | 'MediaRecorder')[],
): void {
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

  for (const engine of engines) {
    test(`${engine} puts the ${camera} camera on air`, async () => {
      browser = await launchChromium(camera === 'file-fed' ? { footage } : {});
      const stream = await publishFromWindow(
        { browser, studioUrl: studio.url, nginx },
        {
          engine,
          // Chromium names a camera that is fed from a file after that file.
          camera: camera === 'file-fed' ? /camera\.mjpeg/ : /fake/i,
          microphone: /fake/i,
          streamKey: `${engine}-${camera}`,
        },
        onAirMs,
      );
      const { recording, frames, seconds, framesGiven } = stream;
      const errors = await decodeErrors(recording);
      // What is wrong with it shows in its beginning.
      if (errors !== '') {
        await test.info().attach('recording.flv', { path: recording });
      }
      expect(errors).toBe('');
      const streams = await probe(recording);
      expect(streams.find(({ codec_type }) => codec_type === 'video')).toMatchObject({
        codec_name: 'h264',
        width: 1280,
        height: 720,
      });
      expect(streams.find(({ codec_type }) => codec_type === 'audio')).toMatchObject({
        codec_name: 'aac',
      });
      expect(strictlyRising(stream.videoTimes)).toBe(true);
      expect(strictlyRising(await decodeTimes(recording, 'a:0'))).toBe(true);

      // Whatever the machine was too slow for, each frame is accounted for, from the window to the server.
      const { statistics, outputs } = stream.broadcast;
      const [sent = NaN, lost = NaN] = [statistics?.video.frames, statistics?.video.droppedFrames];
      const destination = outputs.find((output) => output.type === 'rtmp');
      expect(destination?.framesSent).toBe(frames);
      expect(sent).toBe(frames + (destination?.framesDropped ?? NaN));
      const told = statistics?.video.account;
      if (!told) throw new Error('no account of the frames');
      expect(told.encoded).toBe(sent);
      expect(lostFrames(told)).toBe(lost);
      const inside = told.offered - told.surplus - lost - sent;
      // MediaRecorder keeps to itself what it has in hand, on a busy machine seconds, and at the end what it had.
      if (engine === 'WebCodecs') expect(inside).toBe(0);
      else expect(Math.abs(inside)).toBeLessThan(told.offered / 2);
      // What is missing between the first and the last was lost, or the camera did not give it.
      const account = `${sent} frames in ${seconds.toFixed(2)} s, ${lost} lost, ${inside} inside, the camera gave ${framesGiven}`;
      test.info().annotations.push({ type: 'frames', description: account });
      expect(sent + lost + inside, account).toBeGreaterThan(0.9 * framesGiven);
    });
  }
}
