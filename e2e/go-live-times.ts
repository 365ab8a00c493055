import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test, type Page } from '@playwright/test';
import { format } from 'prettier';
import { startObs } from '../packages/node-rtmp-client/interop/obs-peer.js';
import { freePort } from '../test/support/free-port.js';
import { clip } from '../test/support/media.js';
import { startNginxRtmp } from '../test/support/nginx.js';
import { until } from '../test/support/until.js';
import { launchChromium } from './browser.js';
import { prepare, start, stop } from './go-live-flow.js';
import { connectObs } from './obs-control.js';
import { startRtmpRelay } from './rtmp-relay.js';
import { startStudio } from './studio.js';

const rounds = Number(process.env['TALLYLIGHT_BENCH_ROUNDS'] ?? 10);

/** Milliseconds after the click. */
interface Round {
  readonly connected: number;
  readonly published: number;
  readonly firstPicture: number;
  readonly live: number;
}

interface Click {
  readonly clickedAt: number;
  readonly liveAt: number;
}

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-go-live-'));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test('from the click to media at the server, and to LIVE', async () => {
  const load = loadavg()[0] ?? NaN;
  // One after the other: OBS draws its picture without a graphics card, which takes both cores.
  const ours = await timesOfOurs();
  const others = existsSync('/usr/bin/obs') ? await timesOfObs() : [];
  console.log({ ours, others });
  await report(ours, others, load);
});

async function timesOfOurs(): Promise<Round[]> {
  const studio = await startStudio();
  const browser = await launchChromium({});
  try {
    return await measure(async (serverUrl) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(studio.url);
      await prepare(page, {
        ...{ engine: 'WebCodecs', camera: /fake/i, microphone: /fake/i },
        ...{ serverUrl, streamKey: 'times' },
      });
      const times = await watchTimes(page);
      return {
        goLive: async () => {
          await start(page);
          return times();
        },
        stop: () => stop(page),
        end: () => page.close(),
      };
    });
  } finally {
    await browser.close();
    await studio.stop();
  }
}

const timesOfObs = (): Promise<Round[]> =>
  measure(async (serverUrl) => {
    const controlPort = await freePort();
    const running = await startObs(
      folder,
      {
        ...{ url: `${serverUrl}/times`, clip: await clip(folder), controlPort },
        ...{ width: 1280, height: 720, fps: 30, videoKbps: 2500, preset: 'veryfast', scale: 1 },
      },
      { deadlineMs: 240_000 },
    );
    const control = await connectObs(controlPort);
    return {
      ...control,
      end: async () => {
        control.close();
        await running.stop();
      },
    };
  });

/** A program that goes live to `serverUrl`, again and again. */
type Broadcaster = (serverUrl: string) => Promise<{
  goLive(): Promise<Click>;
  stop(): Promise<void>;
  end(): Promise<void>;
}>;

async function measure(open: Broadcaster): Promise<Round[]> {
  const nginx = await startNginxRtmp();
  const relay = await startRtmpRelay(nginx.rtmpPort);
  try {
    const broadcaster = await open(`rtmp://127.0.0.1:${relay.port}/live`);
    try {
      const results: Round[] = [];
      while (results.length < rounds) {
        const { clickedAt, liveAt } = await broadcaster.goLive();
        const relayed = relay.times.at(-1);
        const firstPictureAt = await until('a picture', () => relayed?.firstPictureAt);
        if (!relayed?.publishedAt) throw new Error('nothing came through');
        results.push({
          connected: relayed.connectedAt - clickedAt,
          published: relayed.publishedAt - clickedAt,
          firstPicture: firstPictureAt - clickedAt,
          live: liveAt - clickedAt,
        });
        await broadcaster.stop();
        // As a person would: OBS takes no notice of a start that follows its stop at once.
        await delay(3_000);
      }
      return results;
    } finally {
      await broadcaster.end();
    }
  } finally {
    await relay.close();
    await nginx.stop();
  }
}

/** Notes when Go Live is clicked and when `status` says LIVE; gives both of the last time. */
async function watchTimes(page: Page): Promise<() => Promise<Click>> {
  const handle = await page.evaluateHandle(() => {
    const seen = { clickedAt: 0, liveAt: 0 };
    document.addEventListener(
      'click',
      ({ target }) => {
        if ((target as Element).textContent === 'Go Live') seen.clickedAt = Date.now();
      },
      true,
    );
    const status = document.querySelector('[role="status"]');
    if (!status) throw new Error('no status');
    new MutationObserver(() => {
      if (/^LIVE$/.test(status.textContent)) seen.liveAt = Date.now();
    }).observe(status, { childList: true, characterData: true, subtree: true });
    return seen;
  });
  return () => handle.jsonValue();
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

async function report(
  ours: readonly Round[],
  others: readonly Round[],
  load: number,
): Promise<void> {
  const inShort = (results: readonly Round[], key: keyof Round): string => {
    const values = results.map((round) => round[key]);
    if (values.length === 0) return '–';
    return `${Math.round(median(values))} (${Math.min(...values)} to ${Math.max(...values)})`;
  };
  const row = (name: string, key: keyof Round): string =>
    `| ${name} | ${inShort(ours, key)} | ${inShort(others, key)} |`;
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`;
  const text = `# From the click to the air

Written by \`npm run bench:go-live\`; do not edit. Medians of ${ours.length} (least to most), in milliseconds after the click. Here
it is Go Live in the window (WebCodecs, Chromium's own camera and microphone), there a request to OBS Studio to stream,
which had played its file as a scene for a while; both 1280×720 at 30 fps and 2500 kbit/s, encoded without a graphics
card. A relay before nginx-rtmp notes when the server has accepted the stream and when its first picture has come.

${new Date().toISOString().slice(0, 10)}, ${machine}, load ${load.toFixed(1)} before.

| | Tallylight | OBS Studio |
| --- | ---: | ---: |
${row('connection at the server', 'connected')}
${row('stream accepted', 'published')}
${row('first picture', 'firstPicture')}
${row('the program says that it is live', 'live')}

OBS says so when the server has accepted the stream, Tallylight when it has taken media.
`;
  const file = fileURLToPath(new URL('../docs/measurements/go-live.md', import.meta.url));
  await writeFile(file, await format(text, { parser: 'markdown', printWidth: 120 }));
}
