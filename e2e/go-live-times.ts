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
import { startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { until } from '../test/support/until.js';
import { launchChromium } from './browser.js';
import { prepare, start, stop } from './go-live-flow.js';
import { connectObs } from './obs-control.js';
import { startRtmpRelay, type RelayedTimes, type RtmpRelay } from './rtmp-relay.js';
import { startStudio } from './studio.js';

const rounds = Number(process.env['TALLYLIGHT_BENCH_ROUNDS'] ?? 10);

/** Milliseconds after the click. */
interface Round {
  readonly connected: number;
  readonly published: number;
  readonly firstPicture: number;
  readonly live: number;
}

interface Times {
  readonly rounds: readonly Round[];
  /** Milliseconds from the moment at which the server listens again to its first picture; Infinity where it never came. */
  readonly returns: readonly number[];
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

test('from the click to media at the server, and to LIVE; and back, after the server was away', async () => {
  const load = loadavg()[0] ?? NaN;
  // One after the other: OBS draws its picture without a graphics card, which takes both cores.
  const ours = await timesOfOurs();
  console.log(JSON.stringify({ ours }));
  const others = existsSync('/usr/bin/obs') ? await timesOfObs() : { rounds: [], returns: [] };
  console.log(JSON.stringify({ others }));
  await report(ours, others, load);
});

async function timesOfOurs(): Promise<Times> {
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

const timesOfObs = (): Promise<Times> =>
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

async function measure(open: Broadcaster): Promise<Times> {
  const server = new RestartableServer();
  await server.start();
  try {
    const serverUrl = `rtmp://127.0.0.1:${server.port}/live`;
    let broadcaster = await open(serverUrl);
    try {
      const results: Round[] = [];
      while (results.length < rounds) {
        const { clickedAt, liveAt } = await broadcaster.goLive();
        const { connectedAt, publishedAt, firstPictureAt } = await server.firstPicture();
        results.push({
          connected: connectedAt - clickedAt,
          published: publishedAt - clickedAt,
          firstPicture: firstPictureAt - clickedAt,
          live: liveAt - clickedAt,
        });
        await broadcaster.stop();
        // As a person would: OBS takes no notice of a start that follows its stop at once.
        await delay(3_000);
      }
      const returns: number[] = [];
      await broadcaster.goLive();
      while (returns.length < rounds) {
        await server.firstPicture();
        // Until it is stable, everywhere.
        await delay(6_000);
        await server.kill();
        // Others' tries are seconds apart: where among them it is back is up to chance.
        await delay(4_000 + 3_000 * (returns.length / rounds));
        await server.start();
        const listensAt = Date.now();
        const { firstPictureAt } = await server.firstPicture().catch(neverCame);
        returns.push(firstPictureAt - listensAt);
        if (firstPictureAt < Infinity) continue;
        await broadcaster.end();
        broadcaster = await open(serverUrl);
        await broadcaster.goLive();
      }
      await broadcaster.stop();
      return { rounds: results, returns };
    } finally {
      await broadcaster.end();
    }
  } finally {
    await server.kill();
  }
}

const neverCame = (): { firstPictureAt: number } => ({ firstPictureAt: Infinity });

/** nginx-rtmp behind a relay that notes times; while it is dead, connections are refused. */
class RestartableServer {
  #nginx: NginxRtmp | undefined;
  #relay: RtmpRelay | undefined;
  #port: number | undefined;

  get port(): number {
    return this.#port ?? NaN;
  }

  /** At the same port as before. Resolves when it listens. */
  async start(): Promise<void> {
    this.#nginx = await startNginxRtmp();
    this.#relay = await startRtmpRelay(this.#nginx.rtmpPort, this.#port);
    this.#port = this.#relay.port;
  }

  async kill(): Promise<void> {
    await Promise.all([this.#nginx?.kill(), this.#relay?.close()]);
  }

  /** Of the newest connection. */
  async firstPicture(): Promise<Required<RelayedTimes>> {
    return until('a picture', () => {
      const newest = this.#relay?.times.at(-1);
      const { publishedAt, firstPictureAt } = newest ?? {};
      return newest && publishedAt && firstPictureAt
        ? { ...newest, publishedAt, firstPictureAt }
        : undefined;
    });
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

async function report(ours: Times, others: Times, load: number): Promise<void> {
  const inShort = (values: readonly number[]): string => {
    if (values.length === 0) return '–';
    return `${Math.round(median(values))} (${Math.min(...values)} to ${Math.max(...values)})`;
  };
  const row = (name: string, of: (times: Times) => readonly number[]): string =>
    `| ${name} | ${inShort(of(ours))} | ${inShort(of(others))} |`;
  const click = (name: string, key: keyof Round): string =>
    row(name, (times) => times.rounds.map((round) => round[key]));
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`;
  const text = `# From the click to the air

Written by \`npm run bench:go-live\`; do not edit. Medians of ${ours.rounds.length} (least to most), in milliseconds after the click. Here
it is Go Live in the window (WebCodecs, Chromium's own camera and microphone), there a request to OBS Studio to stream,
which had played its file as a scene for a while; both 1280×720 at 30 fps and 2500 kbit/s, encoded without a graphics
card. A relay before nginx-rtmp notes when the server has accepted the stream and when its first picture has come.

${new Date().toISOString().slice(0, 10)}, ${machine}, load ${load.toFixed(1)} before.

| | Tallylight | OBS Studio |
| --- | ---: | ---: |
${click('connection at the server', 'connected')}
${click('stream accepted', 'published')}
${click('first picture', 'firstPicture')}
${click('the program says that it is live', 'live')}

OBS says so when the server has accepted the stream, Tallylight when it has taken media.

# Back on the air

nginx-rtmp is killed and away for 4 to 7 seconds, in which connections are refused; in milliseconds from the moment at which
it listens again, in the same run. OBS as it comes: it waits for two seconds, then for longer each time.

| | Tallylight | OBS Studio |
| --- | ---: | ---: |
${row('first picture', ({ returns }) => returns.filter((each) => each < Infinity))}
| not within a minute, and begun anew by hand | ${ours.returns.filter((each) => each === Infinity).length} | ${others.returns.filter((each) => each === Infinity).length} |
`;
  const file = fileURLToPath(new URL('../docs/measurements/go-live.md', import.meta.url));
  await writeFile(file, await format(text, { parser: 'markdown', printWidth: 120 }));
}
