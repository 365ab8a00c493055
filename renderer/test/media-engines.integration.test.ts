import { chromium, type Browser, type Page } from '@playwright/test';
import {
  noMicrophoneId,
  testBeepId,
  testPictureId,
  type InboundChannelMessage,
} from '@tallylight/contract';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countFrames,
  decodeErrors,
  flashToBeep,
  probe,
  strictlyRising,
} from '../../test/support/media.js';
import type { CaptureOptions, RendererEngineKind } from '../src/media/media-engine.js';
import type { HarnessResult } from './harness/harness.js';
import { buildHarness, startMediaServer, type MediaServer } from './media-server.js';
import { frames, writeRecording } from './recording.js';

const executablePath = '/usr/bin/chromium';
const chromiumArguments = [
  '--no-sandbox',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
];
const fakeDevices = ['--use-fake-device-for-media-stream=fps=30', '--use-fake-ui-for-media-stream'];

const seconds = 6;
const fps = 30;
const keyframeInterval = 2;

const testSource: CaptureOptions = {
  cameraId: testPictureId,
  microphoneId: testBeepId,
  width: 1280,
  height: 720,
  fps,
  videoBitrate: 2_500_000,
  audioBitrate: 128_000,
  keyframeInterval,
};

interface Recorded {
  readonly result: HarnessResult;
  readonly messages: readonly InboundChannelMessage[];
  readonly file: string;
}

describe.skipIf(!existsSync(executablePath))('renderer engines in Chromium', () => {
  let folder: string;
  let server: MediaServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-media-'));
    await buildHarness(join(folder, 'page'));
    server = await startMediaServer(join(folder, 'page'));
    browser = await chromium.launch({
      executablePath,
      args: [...chromiumArguments, ...fakeDevices],
    });
    page = await browser.newPage();
    await page.goto(server.url);
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function record(
    kind: RendererEngineKind,
    options: CaptureOptions,
    name: string,
  ): Promise<Recorded> {
    const channel = server.nextChannel();
    const result = await page.evaluate((run) => window.harness.run(run), {
      kind,
      options,
      seconds,
    });
    const messages = await channel;
    const file = await writeRecording(folder, name, messages);
    return { result, messages, file };
  }

  /** On a busy machine Chromium's fake camera itself leaves frames out; the test picture does not. */
  const given = ({ delivered }: HarnessResult): number => delivered ?? seconds * fps;

  /** Where packets are missing: between frames, by the engine's own count, or only at either end. */
  function lossReport(messages: readonly InboundChannelMessage[]): string {
    const places = frames(messages, 'video').map(({ pts }) => Math.round((pts * fps) / 1e6));
    const holes = places.filter((place, i) => i > 0 && place !== (places[i - 1] ?? 0) + 1);
    const dropped = messages.findLast((message) => message.type === 'dropped')?.frames ?? 0;
    return `last place ${places.at(-1)}, holes before ${holes.join(' ')}, dropped ${dropped}`;
  }

  async function fakeCamera(): Promise<CaptureOptions> {
    const { cameras, microphones } = await page.evaluate(() => window.harness.devices());
    const cameraId = cameras[0]?.id ?? '';
    const microphoneId = microphones.find(({ id }) => id !== 'default')?.id ?? '';
    return { ...testSource, cameraId, microphoneId };
  }

  it('lists the real devices by their names, then the built-in ones', async () => {
    const { cameras, microphones } = await page.evaluate(() => window.harness.devices());
    expect(cameras[0]?.label).toBe('fake_device_0');
    expect(cameras.at(-1)).toEqual({ id: testPictureId, label: 'Test picture' });
    expect(microphones.map(({ label }) => label)).toContain('Fake Audio Input 1');
    expect(microphones.slice(-2).map(({ id }) => id)).toEqual([testBeepId, noMicrophoneId]);
  });

  it.each([
    ['test picture', () => Promise.resolve(testSource)],
    ['camera', fakeCamera],
  ])('WebCodecs sends what the %s gives, evenly and whole', async (name, source) => {
    const { result, messages, file } = await record('webcodecs', await source(), `codecs-${name}`);
    expect(result.failure).toBeUndefined();
    const video = frames(messages, 'video');
    const audio = frames(messages, 'audio');
    const duration = ((video.at(-1)?.pts ?? 0) + 1e6 / fps) / 1e6;

    expect(video.length, lossReport(messages)).toBeGreaterThanOrEqual(0.98 * given(result));
    expect(duration).toBeGreaterThan(seconds * 0.9);
    expect(strictlyRising(video.map(({ dts }) => dts))).toBe(true);
    expect(strictlyRising(audio.map(({ dts }) => dts))).toBe(true);
    expect(video[0]).toMatchObject({ keyframe: true, pts: 0 });
    const keyframes = video.filter(({ keyframe }) => keyframe).map(({ pts }) => pts / 1e6);
    expect(keyframes.length).toBeGreaterThanOrEqual(Math.floor(seconds / keyframeInterval));
    keyframes.forEach((time, index) => {
      expect(Math.abs(time - index * keyframeInterval)).toBeLessThan(1 / fps);
    });
    // Sound covers the picture, from its start to its end.
    expect(audio[0]?.pts).toBeLessThan(50_000);
    expect(Math.abs((audio.at(-1)?.pts ?? 0) / 1e6 - duration)).toBeLessThan(0.3);

    const streams = await probe(file);
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264']);
    expect(streams.find(({ codec_type }) => codec_type === 'video')).toMatchObject({
      width: 1280,
      height: 720,
    });
    expect(await decodeErrors(file)).toBe('');
    expect(await countFrames(file)).toBe(video.length);
    expect(messages.filter(({ type }) => type === 'config')).toHaveLength(2);
  });

  it.each([
    ['test picture', () => Promise.resolve(testSource)],
    ['camera', fakeCamera],
  ])('MediaRecorder sends what the %s gives', async (name, source) => {
    const { result, messages, file } = await record(
      'mediarecorder',
      await source(),
      `recorder-${name}`,
    );
    expect(result.failure).toBeUndefined();
    expect(new Set(messages.map(({ type }) => type))).toEqual(new Set(['begin', 'container']));
    // In pieces while it runs, not all at its end.
    expect(messages.length).toBeGreaterThan(seconds * 4);
    const streams = await probe(file);
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['h264', 'pcm_f32le']);
    expect(await countFrames(file), lossReport(messages)).toBeGreaterThanOrEqual(
      0.98 * given(result),
    );
  });

  it.each(['webcodecs', 'mediarecorder'] as const)(
    '%s keeps flash and beep together',
    async (kind) => {
      const { file } = await record(kind, testSource, `sync-${kind}`);
      const distances = await flashToBeep(file);
      expect(distances.length).toBeGreaterThanOrEqual(seconds - 3);
      for (const distance of distances) expect(Math.abs(distance)).toBeLessThan(40);
    },
  );

  it.each(['webcodecs', 'mediarecorder'] as const)('%s sends a picture alone', async (kind) => {
    const options = { ...testSource, microphoneId: noMicrophoneId };
    const { result, messages, file } = await record(kind, options, `silent-${kind}`);
    expect(result.failure).toBeUndefined();
    expect((await probe(file)).map(({ codec_name }) => codec_name)).toEqual(['h264']);
    expect(await countFrames(file), lossReport(messages)).toBeGreaterThanOrEqual(
      0.98 * given(result),
    );
  });

  it('shows a level that moves with the beep, and the preview beside it', async () => {
    const { result } = await record('webcodecs', testSource, 'level');
    const peaks = result.levels;
    expect(Math.max(...peaks)).toBeCloseTo(-12, 0);
    expect(peaks.filter((peak) => peak < -60).length).toBeGreaterThan(peaks.length / 2);
    expect(result.previewFrames).toBeGreaterThan(seconds * fps * 0.8);
  });

  it('says why a camera cannot be opened', async () => {
    const camera = await fakeCamera();
    const code = (options: CaptureOptions): Promise<string> =>
      page.evaluate((tried) => window.harness.tryOpen(tried), options);
    expect(await code(camera)).toBe('opened');
    expect(await code({ ...camera, width: 7680, height: 4320 })).toBe('CAMERA_MODE');
    expect(await code({ ...camera, cameraId: 'gone' })).toBe('CAMERA_NOT_FOUND');
    expect(await code({ ...camera, microphoneId: 'gone' })).toBe('MICROPHONE_FAILED');
  });

  it('says when access is denied, and still offers the built-in sources', async () => {
    const strict = await chromium.launch({
      executablePath,
      args: [
        ...chromiumArguments,
        '--use-fake-device-for-media-stream',
        '--deny-permission-prompts',
      ],
    });
    try {
      const denied = await strict.newPage();
      await denied.goto(server.url);
      const { cameras, denied: refusal } = await denied.evaluate(() => window.harness.devices());
      expect(refusal?.code).toBe('CAMERA_DENIED');
      expect(cameras.map(({ id }) => id)).toEqual([testPictureId]);
    } finally {
      await strict.close();
    }
  });
});
