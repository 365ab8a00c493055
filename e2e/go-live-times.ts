import { availableParallelism, cpus, loadavg } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { test, type Page } from '@playwright/test';
import { format } from 'prettier';
import { startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { prepare, start, stop } from './go-live-flow.js';
import { startRtmpRelay } from './rtmp-relay.js';
import { startStudio } from './studio.js';

const rounds = Number(process.env['TALLYLIGHT_BENCH_ROUNDS'] ?? 10);

/** Milliseconds after the click. */
interface Round {
  readonly connected: number;
  readonly published: number;
  readonly firstMedia: number;
  readonly live: number;
}

test('from the click to media at the server, and to LIVE', async () => {
  const load = loadavg()[0] ?? NaN;
  const nginx = await startNginxRtmp();
  const relay = await startRtmpRelay(nginx.rtmpPort);
  const studio = await startStudio();
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(studio.url);
    await prepare(page, {
      ...{ engine: 'WebCodecs', camera: /fake/i, microphone: /fake/i },
      serverUrl: `rtmp://127.0.0.1:${relay.port}/live`,
      streamKey: 'times',
    });
    const times = await watchTimes(page);
    const results: Round[] = [];
    while (results.length < rounds) {
      await start(page);
      const { clickedAt, liveAt } = await times();
      const relayed = relay.times.at(-1);
      if (!relayed?.publishedAt || !relayed.firstMediaAt) throw new Error('nothing came through');
      results.push({
        connected: relayed.connectedAt - clickedAt,
        published: relayed.publishedAt - clickedAt,
        firstMedia: relayed.firstMediaAt - clickedAt,
        live: liveAt - clickedAt,
      });
      await stop(page);
    }
    console.log(results);
    await report(results, load);
  } finally {
    await browser.close();
    await studio.stop();
    await relay.close();
    await nginx.stop();
  }
});

/** Notes when Go Live is clicked and when `status` says LIVE; gives both of the last time. */
async function watchTimes(
  page: Page,
): Promise<() => Promise<{ clickedAt: number; liveAt: number }>> {
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
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

async function report(results: readonly Round[], load: number): Promise<void> {
  const row = (name: string, key: keyof Round): string => {
    const values = results.map((round) => round[key]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return `| ${name} | ${median(values)} | ${least} | ${most} |`;
  };
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`;
  const text = `# From the click to the air

Written by \`npm run bench:go-live\`; do not edit. Go Live is clicked in the window (WebCodecs, Chromium's own camera and
microphone, 1280×720 at 30 fps) ${results.length} times; a relay before nginx-rtmp notes when the server has accepted the stream and when
its first bytes come after that. Milliseconds after the click.

${new Date().toISOString().slice(0, 10)}, ${machine}, load ${load.toFixed(1)} before.

| | median | least | most |
| --- | ---: | ---: | ---: |
${row('connection at the server', 'connected')}
${row('stream accepted', 'published')}
${row('first media', 'firstMedia')}
${row('`status` says LIVE', 'live')}
`;
  const file = fileURLToPath(new URL('../docs/measurements/go-live.md', import.meta.url));
  await writeFile(file, await format(text, { parser: 'markdown', printWidth: 120 }));
}
