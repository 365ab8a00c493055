import {
  lostFrames,
  noMicrophoneId,
  testBeepId,
  testPictureId,
  type InboundChannelMessage,
} from '@tallylight/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countFrames,
  decodeErrors,
  flashToBeep,
  middleOf,
  pictureTimes,
  probe,
  strictlyRising,
} from '../../test/support/media.js';
import type { CaptureOptions, RendererEngineKind } from '../src/media/media-engine.js';
import type { HarnessResult } from './harness/harness.js';
import { accountFor } from './frame-account.js';
import { hasChromium, launchChromium } from '../../test/support/chromium.js';
import { openHarnessPage, type HarnessPage } from './harness-page.js';
import { frames, writeRecording } from './recording.js';

const fakeDevices = ['--use-fake-device-for-media-stream=fps=30', '--use-fake-ui-for-media-stream'];

const seconds = 4;
const fps = 30;
const interval = 1e6 / fps;
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

/** Where the size does not matter. */
const smallSize = { width: 640, height: 360, videoBitrate: 1_000_000 };
const smallSource: CaptureOptions = { ...testSource, ...smallSize };

interface Recorded {
  readonly result: HarnessResult;
  readonly messages: readonly InboundChannelMessage[];
  readonly file: string;
}

describe.skipIf(!hasChromium)('renderer engines in Chromium', () => {
  let harness: HarnessPage;

  beforeAll(async () => {
    harness = await openHarnessPage(fakeDevices);
  });

  afterAll(() => harness.close());

  async function record(
    kind: RendererEngineKind,
    options: CaptureOptions,
    name: string,
    runSeconds = seconds,
    prepareFor: readonly CaptureOptions[] = [],
  ): Promise<Recorded> {
    const channel = harness.server.nextChannel();
    const result = await harness.page.evaluate((run) => window.harness.run(run), {
      kind,
      options,
      seconds: runSeconds,
      prepareFor,
    });
    const messages = await channel;
    const file = await writeRecording(harness.folder, name, messages);
    return { result, messages, file };
  }

  /**
   * Every frame that the source gave was sent, or counted as dropped: between the first and the last that was sent, and
   * while the engine ran. The test picture's frames lie on the grid, so that each is known again; a camera's do not.
   */
  function expectWhole(
    { result, messages }: Recorded,
    source: 'test picture' | 'camera' = 'test picture',
  ): void {
    const sent = frames(messages, 'video').map(({ pts }) => pts);
    const told = messages.findLast((message) => message.type === 'account')?.account;
    if (!told) throw new Error('no account of the frames');
    // It closes: what the device gave is surplus, lost or encoded, and what was encoded was sent.
    expect(told.encoded).toBe(sent.length);
    expect(told.offered).toBe(told.surplus + lostFrames(told) + told.encoded);
    const dropped = lostFrames(told) + told.surplus;
    const { invented, captured } = accountFor(sent, result.captured, interval);
    const account = `${sent.length} sent, ${dropped} dropped, ${captured} captured, ${invented} invented`;
    if (source === 'test picture') {
      expect(invented, account).toBe(0);
      expect(sent.length, account).toBeLessThanOrEqual(captured);
      expect(sent.length + dropped, account).toBeGreaterThanOrEqual(captured);
    } else {
      // The second reader may miss some of them itself. That none are invented shows against the time.
      expect(sent.length + dropped, account).toBeGreaterThanOrEqual(captured - 3);
      const due = (told.elapsedMs * 1000) / interval;
      expect(told.offered - told.surplus, account).toBeLessThanOrEqual(due + 3);
    }
    expect(sent.length + dropped, account).toBeGreaterThanOrEqual(result.capturedRunning - 3);
  }

  /** MediaRecorder does not tell what it leaves out, so it is held against what a second reader got meanwhile. */
  async function expectNearlyWhole({ result, file }: Recorded): Promise<void> {
    const times = await pictureTimes(file);
    const count = times.length;
    // The second reader may miss some of them itself. That none are invented shows against the time that they take.
    const due = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (interval / 1000) + 1;
    expect(count).toBeLessThanOrEqual(due + 3);
    // On a busy machine it leaves out some; a fault of ours would cost it every other one, or what came at one end.
    expect(count).toBeGreaterThan(0.6 * result.capturedRunning);
  }

  async function fakeCamera(): Promise<CaptureOptions> {
    const { cameras, microphones } = await harness.page.evaluate(() => window.harness.devices());
    const cameraId = cameras[0]?.id ?? '';
    const microphoneId = microphones.find(({ id }) => id !== 'default')?.id ?? '';
    return { ...testSource, cameraId, microphoneId };
  }

  it('lists the real devices by their names, then the built-in ones', async () => {
    const { cameras, microphones } = await harness.page.evaluate(() => window.harness.devices());
    expect(cameras[0]?.label).toBe('fake_device_0');
    expect(cameras.at(-1)).toEqual({ id: testPictureId, label: 'Test picture' });
    expect(microphones.map(({ label }) => label)).toContain('Fake Audio Input 1');
    expect(microphones.slice(-2).map(({ id }) => id)).toEqual([testBeepId, noMicrophoneId]);
  });

  it.each([
    ['test picture', () => Promise.resolve(testSource)],
    ['camera', fakeCamera],
  ] as const)('WebCodecs sends what the %s gives, evenly and whole', async (name, source) => {
    const recorded = await record('webcodecs', await source(), `codecs-${name}`);
    const { result, messages, file } = recorded;
    expect(result.failure).toBeUndefined();
    expectWhole(recorded, name);
    const video = frames(messages, 'video');
    const audio = frames(messages, 'audio');
    const duration = (video.at(-1)?.pts ?? 0) + interval;

    expect(strictlyRising(video.map(({ dts }) => dts))).toBe(true);
    expect(strictlyRising(audio.map(({ dts }) => dts))).toBe(true);
    expect(video[0]).toMatchObject({ keyframe: true, pts: 0 });
    const keyframes = video.filter(({ keyframe }) => keyframe).map(({ pts }) => pts);
    // The first that was sent of each two seconds.
    for (let due = 0; due < duration - interval; due += keyframeInterval * 1e6) {
      expect(keyframes).toContain(video.find(({ pts }) => pts > due - interval / 2)?.pts);
    }
    // Sound covers the picture, from its start to its end; whatever comes later, comes to both.
    expect(audio[0]?.pts).toBeLessThan(50_000);
    expect(Math.abs((audio.at(-1)?.pts ?? 0) - duration)).toBeLessThan(1e6);

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
    ['for this', [testSource, smallSource]],
    ['for something else', [testSource]],
  ] as const)('WebCodecs that was made ready %s sends the whole, too', async (name, prepareFor) => {
    const recorded = await record('webcodecs', smallSource, `ready ${name}`, 2, prepareFor);
    expect(recorded.result.failure).toBeUndefined();
    expectWhole(recorded);
    const { width, height } = smallSize;
    expect(await probe(recorded.file)).toContainEqual(expect.objectContaining({ width, height }));
    expect(await decodeErrors(recorded.file)).toBe('');
    expect(recorded.messages.filter(({ type }) => type === 'config')).toHaveLength(2);
    expect(recorded.messages[0]?.type).toBe('begin');
  });

  it.each([
    ['test picture', () => Promise.resolve(smallSource)],
    ['camera', async () => ({ ...(await fakeCamera()), ...smallSize })],
  ])('MediaRecorder sends what the %s gives', async (name, source) => {
    const recorded = await record('mediarecorder', await source(), `recorder-${name}`);
    const { result, messages, file } = recorded;
    expect(result.failure).toBeUndefined();
    const types = new Set(messages.map(({ type }) => type));
    // Only of a camera does the browser tell how many frames it gave.
    const accounts = name === 'camera' ? (['account'] as const) : [];
    expect(types).toEqual(new Set(['begin', 'container', ...accounts]));
    const told = messages.findLast((message) => message.type === 'account')?.account;
    if (told) {
      // The second reader may miss some of them itself. A busy browser tells late of those before, up to most of a second.
      expect(told.offered).toBeGreaterThanOrEqual(result.capturedRunning - 3);
      const due = ((told.elapsedMs + 1_000) * 1000) / interval;
      expect(told.offered - told.surplus).toBeLessThanOrEqual(due);
    }
    // In pieces while it runs, not all at its end.
    expect(messages.length).toBeGreaterThan(seconds);
    const streams = await probe(file);
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['h264', 'pcm_f32le']);
    await expectNearlyWhole(recorded);
  });

  it.each(['webcodecs', 'mediarecorder'] as const)(
    '%s keeps flash and beep together',
    async (kind) => {
      const { file } = await record(kind, smallSource, `sync-${kind}`, 6);
      const distances = await flashToBeep(file);
      expect(distances.length).toBeGreaterThanOrEqual(3);
      expect(Math.abs(middleOf(distances))).toBeLessThan(40);
    },
  );

  it.each(['webcodecs', 'mediarecorder'] as const)('%s sends a picture alone', async (kind) => {
    const options = { ...smallSource, microphoneId: noMicrophoneId };
    const recorded = await record(kind, options, `silent-${kind}`);
    expect(recorded.result.failure).toBeUndefined();
    expect((await probe(recorded.file)).map(({ codec_name }) => codec_name)).toEqual(['h264']);
    if (kind === 'webcodecs') expectWhole(recorded);
    else await expectNearlyWhole(recorded);
  });

  it('shows a level that moves with the beep, and the preview beside it', async () => {
    const { result } = await record('webcodecs', smallSource, 'level');
    const peaks = result.levels;
    expect(Math.max(...peaks)).toBeCloseTo(-12, 0);
    expect(peaks.filter((peak) => peak < -60).length).toBeGreaterThan(peaks.length / 2);
    // It moves, however few of them the browser finds the time to show.
    expect(result.previewFrames).toBeGreaterThan(result.captured.length / 10);
  });

  it('says why a camera cannot be opened', async () => {
    const camera = await fakeCamera();
    const code = (options: CaptureOptions): Promise<string> =>
      harness.page.evaluate((tried) => window.harness.tryOpen(tried), options);
    expect(await code(camera)).toBe('opened');
    // A size that it lacks is no reason: the encoder fits the picture.
    expect(await code({ ...camera, width: 7680, height: 4320 })).toBe('opened');
    expect(await code({ ...camera, cameraId: 'gone' })).toBe('CAMERA_NOT_FOUND');
    expect(await code({ ...camera, microphoneId: 'gone' })).toBe('MICROPHONE_FAILED');
  });

  it('says when access is denied, and still offers the built-in sources', async () => {
    const strict = await launchChromium([
      '--use-fake-device-for-media-stream',
      '--deny-permission-prompts',
    ]);
    try {
      const denied = await strict.newPage();
      await denied.goto(harness.server.url);
      const { cameras, denied: refusal } = await denied.evaluate(() => window.harness.devices());
      expect(refusal?.code).toBe('CAMERA_DENIED');
      expect(cameras.map(({ id }) => id)).toEqual([testPictureId]);
      // What was chosen while it was allowed has an id that the browser does not know now.
      const camera = await fakeCamera();
      for (const chosen of [camera, { ...camera, cameraId: testPictureId }]) {
        const code = await denied.evaluate((tried) => window.harness.tryOpen(tried), chosen);
        expect(code).toBe('CAMERA_DENIED');
      }
    } finally {
      await strict.close();
    }
  });
});
