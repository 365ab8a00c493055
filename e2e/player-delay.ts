import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { parseRtmpUrl, play } from 'node-rtmp-client';
import { format } from 'prettier';
import { startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { startStudio } from './studio.js';

/** Frames of which the delay is taken: ten seconds. */
const frames = 300;
const channelName = 'frame-times';

/** Milliseconds. */
interface Delay {
  readonly median: number;
  readonly p95: number;
}

test('from the camera’s frame to a player', async () => {
  const load = loadavg()[0] ?? NaN;
  const withSound = await delayOf({ microphone: /fake/i });
  const alone = await delayOf({ microphone: 'No microphone' });
  console.log({ withSound, alone });
  await report(withSound, alone, load);
});

async function delayOf({ microphone }: { readonly microphone: string | RegExp }): Promise<Delay> {
  const nginx = await startNginxRtmp();
  const studio = await startStudio();
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const frameTimes = await noteFrames(page);
    await page.goto(studio.url);
    await goLive(page, {
      ...{ engine: 'WebCodecs', camera: /fake/i, microphone },
      ...{ serverUrl: nginx.serverUrl, streamKey: 'delay' },
    });
    const player = await play({ address: parseRtmpUrl(nginx.serverUrl), streamKey: 'delay' });
    const came: { readonly bytes: number; readonly at: number }[] = [];
    for await (const item of player) {
      if (item.type !== 'packet' || item.packet.track !== 'video') continue;
      if (item.packet.type !== 'frame') continue;
      came.push({ bytes: item.packet.payload.byteLength, at: now() });
      if (came.length === frames) break;
    }
    await player.close();
    await stop(page);
    const { begun, given } = await frameTimes();
    const first = alignment(
      came.map(({ bytes }) => bytes),
      given.map(({ bytes }) => bytes),
    );
    const begunAt = new Map(begun.map(({ time, at }) => [time, at]));
    const delays = came.map(({ at }, index) => {
      const time = given[first + index]?.time ?? NaN;
      return at - (begunAt.get(time) ?? NaN);
    });
    // Each frame is known.
    expect(delays.every((delay) => delay >= 0)).toBe(true);
    delays.sort((a, b) => a - b);
    const share = (part: number): number => delays[Math.floor(delays.length * part)] ?? NaN;
    return { median: share(0.5), p95: share(0.95) };
  } finally {
    await browser.close();
    await studio.stop();
    await nginx.stop();
  }
}

/** Milliseconds since the epoch, as finely as the clock has them. */
const now = (): number => performance.timeOrigin + performance.now();

/** Where in `given` the sizes of `came` begin: nothing else tells frames of an even clock apart. */
function alignment(came: readonly number[], given: readonly number[]): number {
  const alike = (first: number): number =>
    came.filter((bytes, index) => bytes === given[first + index]).length;
  const first = given.findIndex((_, index) => alike(index) > came.length * 0.9);
  expect(first).toBeGreaterThanOrEqual(0);
  return first;
}

/** What the encoder in the window was given and gave. Times of the stream in microseconds. */
interface FrameTimes {
  /** When the window had a frame, milliseconds since the epoch. */
  readonly begun: readonly { readonly time: number; readonly at: number }[];
  readonly given: readonly { readonly time: number; readonly bytes: number }[];
}

/** Notes when each frame is handed to the encoder, as soon as it has been read from the camera. */
async function noteFrames(page: Page): Promise<() => Promise<FrameTimes>> {
  await page.addInitScript((name) => {
    const times: Record<string, unknown[]> = { begun: [], given: [] };
    Object.assign(globalThis, { frameTimes: times });
    new BroadcastChannel(name).addEventListener('message', ({ data }) => {
      const [what, entry] = data as [string, unknown];
      times[what]?.push(entry);
    });
  }, channelName);
  await page.route(/\/encoder\.worker[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    const body = `(${noteInWorker.toString()})(${JSON.stringify(channelName)});\n${script}`;
    await route.fulfill({ response, body });
  });
  return () =>
    page.evaluate(() => (globalThis as unknown as { frameTimes: FrameTimes }).frameTimes);
}

/** Runs in the worker, before its own script; it has nothing of this file. */
function noteInWorker(name: string): void {
  const channel = new BroadcastChannel(name);
  globalThis.VideoEncoder = class extends VideoEncoder {
    constructor(init: VideoEncoderInit) {
      super({
        ...init,
        output: (chunk, metadata) => {
          channel.postMessage(['given', { time: chunk.timestamp, bytes: chunk.byteLength }]);
          init.output(chunk, metadata);
        },
      });
    }

    override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
      const at = performance.timeOrigin + performance.now();
      channel.postMessage(['begun', { time: frame.timestamp, at }]);
      super.encode(frame, options);
    }
  };
}

async function report(withSound: Delay, alone: Delay, load: number): Promise<void> {
  const row = (name: string, { median, p95 }: Delay): string =>
    `| ${name} | ${Math.round(median)} | ${Math.round(p95)} |`;
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`;
  const text = `# From the camera's frame to a player

Written by \`npm run bench:delay\`; do not edit. From the moment in which the window has read a frame of Chromium's own
camera (1280×720, 30 fps, WebCodecs without a graphics card) until a player of ours has it from nginx-rtmp, over ${frames} frames,
in milliseconds. The aim is 60.

${new Date().toISOString().slice(0, 10)}, ${machine}, load ${load.toFixed(1)} before.

| | median | 95 of 100 |
| --- | ---: | ---: |
${row('picture and sound', withSound)}
${row('picture alone', alone)}
`;
  const file = fileURLToPath(new URL('../docs/measurements/player-delay.md', import.meta.url));
  await writeFile(file, await format(text, { parser: 'markdown', printWidth: 120 }));
}
