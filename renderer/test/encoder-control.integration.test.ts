import { noMicrophoneId, testPictureId } from '@tallylight/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncoderOrder, EncoderRunResult } from './harness/encoder-run.js';
import { hasChromium } from '../../test/support/chromium.js';
import { openHarnessPage, type HarnessPage } from './harness-page.js';
import { frames } from './recording.js';

const fps = 30;
const options = {
  width: 640,
  height: 360,
  fps,
  videoBitrate: 4_000_000,
  audioBitrate: 128_000,
  keyframeInterval: 2,
  cameraLabel: '',
  microphoneLabel: '',
};

describe.skipIf(!hasChromium)('the control of the WebCodecs encoder', () => {
  let harness: HarnessPage;

  beforeAll(async () => {
    harness = await openHarnessPage();
  });

  afterAll(() => harness.close());

  const encode = (seconds: number, orders: EncoderOrder[]): Promise<EncoderRunResult> =>
    harness.page.evaluate((run) => window.harness.runEncoder(run), {
      options,
      frames: seconds * fps,
      orders,
    });

  it('follows another bitrate within two seconds, with the same encoder and every frame', async () => {
    const result = await encode(8, [{ frame: 4 * fps, bitrate: 1_500_000 }]);
    const bytes = (from: number, to: number): number =>
      result.frames
        .filter(({ number }) => number >= from * fps && number < to * fps)
        .reduce((sum, frame) => sum + frame.bytes, 0);
    const ratio = bytes(4, 6) / bytes(2, 4);
    expect(ratio).toBeLessThan((1.3 * 1_500_000) / options.videoBitrate);
    // It obeys, it does not stop.
    expect(ratio).toBeGreaterThan(0.2);
    expect(result.frames.length + result.dropped).toBe(8 * fps);
    expect(result).toMatchObject({ encoders: 1, configurations: 1, errors: [] });
  });

  it('makes the next frame a keyframe when one is asked for', async () => {
    const { frames, dropped } = await encode(5, [
      { frame: 40, keyframe: true },
      { frame: 100, keyframe: true },
    ]);
    const keyframes = frames.filter(({ keyframe }) => keyframe).map(({ number }) => number);
    expect(keyframes).toEqual([0, 40, 60, 100, 120]);
    expect(frames.length + dropped).toBe(5 * fps);
  });

  it('obeys what the engine sends on the channel while it runs', async () => {
    const asked: string[] = [];
    const arrived = harness.server.nextChannel((message, channel) => {
      if (message.type !== 'frame' || message.track !== 'video') return;
      if (asked.length === 0 && message.pts > 2.3e6) {
        asked.push('bitrate');
        channel.sendControl({ type: 'set-video-bitrate', bitrate: 50_000 });
      }
      if (asked.length === 1 && message.pts > 5e6) {
        asked.push('keyframe');
        channel.sendControl({ type: 'request-keyframe' });
      }
    });
    const result = await harness.page.evaluate((run) => window.harness.run(run), {
      kind: 'webcodecs' as const,
      options: { ...options, cameraId: testPictureId, microphoneId: noMicrophoneId },
      seconds: 6.5,
    });
    const messages = await arrived;
    expect(result.failure).toBeUndefined();
    expect(messages.filter(({ type }) => type === 'config')).toHaveLength(1);
    const video = frames(messages, 'video');
    // Whole groups of pictures, each with its keyframe: 0 to 2 s, and 4 s to the keyframe that was asked for.
    const meanBytes = (from: number, to: number): number => {
      const group = video.filter(({ pts }) => pts > from - 10_000 && pts < to - 10_000);
      return group.reduce((sum, { payload }) => sum + payload.byteLength, 0) / group.length;
    };
    const keyframes = video.filter(({ keyframe }) => keyframe).map(({ pts }) => pts / 1e6);
    // Groups begin every two seconds; the one that was asked for does not wait for that.
    const requested = keyframes.filter((time) => time > 5);
    expect(requested.some((time) => time % 2 > 0.01)).toBe(true);
    expect(meanBytes(4e6, 5e6)).toBeLessThan(0.5 * meanBytes(0, 2e6));
  });
});
