import type { Browser, Page } from '@playwright/test';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../../test/support/chromium.js';
import { expectPlaying, watch, type Watched } from '../../packages/engine/test/support/viewer.js';
import { watchArrivals } from '../../test/support/arrivals.js';
import { livePublishers } from '../../test/support/live-publishers.js';
import { hashedPackets, type HashedPacket } from '../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../test/support/nginx.js';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, startCli } from './run-cli.js';

// What others publish to `tallylight serve` is played from it in every way at the same time, and handed on.

const ways = ['flv', 'ws', 'hls', 'dash'] as const;
const seconds = 30;
const deadlineMs = 400_000;
const loopback = ['--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0'];
let folder = '';
let nginx: NginxRtmp;
let browser: Browser;

beforeAll(buildCli);

describe.skipIf(!hasNginxRtmp() || !hasChromium)('to serve (needs nginx and chromium)', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-others-'));
    nginx = await startNginxRtmp();
    browser = await launchChromium();
  });
  afterEach(async () => {
    killLeftovers();
    await browser.close();
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const publisher of livePublishers) {
    test.skipIf(!publisher.isHere)(
      `${publisher.name} is played in every way at once, and every frame arrives (needs ${publisher.needs})`,
      async () => {
        const server = startCli(['serve', ...loopback, '--json', '--push', nginx.serverUrl], {
          killAfterMs: deadlineMs,
        });
        const listening = await server.line(({ state }) => state === 'listening');
        const [rtmp, http] = [String(listening['rtmp']), String(listening['http'])];
        const publishing = await publisher.start(`${rtmp}/live/one`, folder);
        try {
          await server.line(({ state }) => state === 'published');
          const atFfprobe = hashedPackets(`${rtmp}/live/one`, 'v:0');
          // Before that, segments are too few for the delay that players of them are told to keep.
          await until('three segments', async () => {
            const playlist = await fetch(`${http}live/one/video.m3u8`);
            return (await playlist.text()).split('#EXTINF').length > 3;
          });
          const pages = await Promise.all(ways.map((way) => open(http, way)));
          // What the machine alone has held up does not come again; what a way does wrong does.
          const first = await watchAll(pages, http);
          const isQuiet = first.watched.every(
            ({ stalls, holdUps }) => stalls <= holdUps + first.late,
          );
          const { watched, late } = isQuiet ? first : await watchAll(pages, http);
          for (const [index, way] of ways.entries())
            expectWatched(way, watched[index], publisher.fps, late);
          await publishing.end();
          const sent = await hashedPackets(publishing.sent, 'v:0');
          const received = { ffprobe: await atFfprobe, nginx: await recorded() };
          for (const packets of Object.values(received)) expectTail(packets, sent);
          const { ffprobe, nginx: pushed } = received;
          const frames = { sent: sent.length, ffprobe: ffprobe.length, nginx: pushed.length };
          await record({ publisher: publisher.name, frames, late, watched });
        } finally {
          await publishing.end();
          server.child.kill('SIGTERM');
          await server.done;
        }
      },
      deadlineMs,
    );
  }
});

/** Figures for docs/measurements, where a file for them is named. */
async function record(figures: object): Promise<void> {
  const file = process.env['TALLYLIGHT_FIGURES'];
  if (file !== undefined) await appendFile(file, `${JSON.stringify(figures)}\n`);
}

const recorded = async (): Promise<HashedPacket[]> =>
  hashedPackets(await nginx.recording('one'), 'v:0');

async function open(http: string, way: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 320, height: 180 } });
  await page.goto(`${http}player.html?streamer=live&file=one&way=${way}`);
  await expectPlaying(page);
  return page;
}

async function watchAll(pages: readonly Page[], http: string) {
  const arrivals = watchArrivals(`${http}live/one.flv`);
  const watched = await Promise.all(pages.map((page) => watch(page, seconds)));
  return { watched, late: await arrivals.stop() };
}

/** A stall is the player's fault, unless the stream or the page itself was held up by the machine as often. */
function expectWatched(way: string, seen: Watched | undefined, fps: number, late: number): void {
  expect({ way, ...seen }).toMatchObject({ way, backwards: 0, restarts: 0 });
  const { stalls = NaN, holdUps = NaN, frames = NaN, played = NaN } = seen ?? {};
  expect(stalls, `stalls of ${way}, ${late} late`).toBeLessThanOrEqual(late + holdUps);
  // Less those over which a player jumped that had fallen behind for that.
  const most = 2 * fps;
  if (late + holdUps === 0) expect(Math.abs(frames - played * fps), way).toBeLessThan(most);
  expect(frames).toBeGreaterThan(most);
}

/** From the first of these to the last: no packet is missing, none is there twice, and each has its time. */
function expectTail(received: readonly HashedPacket[], sent: readonly HashedPacket[]): void {
  const [first] = received;
  const from = sent.findIndex(({ hash }) => hash === first?.hash);
  expect(from).toBeGreaterThanOrEqual(0);
  const same = sent.slice(from, from + received.length);
  expect(received.map(({ hash }) => hash)).toEqual(same.map(({ hash }) => hash));
}
