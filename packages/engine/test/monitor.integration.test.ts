import { execFileSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import type { MonitorSnapshot } from '@tallylight/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  startFfmpegPublisher,
  type FfmpegPublisher,
} from '../../../test/support/ffmpeg-publisher.js';
import { until } from '../../../test/support/until.js';
import { FfmpegLocator } from '../src/ffmpeg/ffmpeg-locator.js';
import { createLogger } from '../src/logger.js';
import { DestinationMonitor } from '../src/monitor/destination-monitor.js';
import { readPlayUrl } from '../src/monitor/monitor-place.js';
import { BuiltInServer } from '../src/server/built-in-server.js';

const logger = createLogger({ level: 'silent' });
const ffmpeg = new FfmpegLocator();
const any = { host: '127.0.0.1', port: 0 };
let server: BuiltInServer;
let rtmp = '';
let http = '';
const publishers: FfmpegPublisher[] = [];
const monitors: Watched[] = [];

beforeEach(async () => {
  server = new BuiltInServer({ logger });
  const addresses = await server.start({ rtmp: any, http: any });
  rtmp = `rtmp://127.0.0.1:${addresses.rtmp.port}/live/show`;
  http = `http://127.0.0.1:${addresses.http.port}/live/show`;
});
afterEach(async () => {
  for (const { stop } of monitors.splice(0)) await stop();
  for (const publisher of publishers.splice(0)) await publisher.stop();
  await server.close();
});

const publish = (): void => void publishers.push(startFfmpegPublisher(rtmp));

interface Watched {
  readonly url: string;
  readonly pictures: { readonly bytes: number; readonly peakDb: number }[];
  readonly states: MonitorSnapshot[];
  readonly stop: () => Promise<void>;
}

function watch(url: string): Watched {
  const pictures: Watched['pictures'] = [];
  const onPicture = (jpeg: Uint8Array, peakDb: number): void => {
    if (jpeg[0] === 0xff && jpeg[1] === 0xd8) pictures.push({ bytes: jpeg.length, peakDb });
  };
  const monitor = new DestinationMonitor({ place: readPlayUrl(url), ffmpeg, logger, onPicture });
  const states = [monitor.snapshot];
  monitor.onChange(() => states.push(monitor.snapshot));
  const over = new AbortController();
  const done = monitor.run(over.signal);
  const stop = async (): Promise<void> => {
    over.abort();
    await done;
  };
  const watched = { url, pictures, states, stop };
  monitors.push(watched);
  return watched;
}

/** That it has pictures and the sound, after so many already. */
const plays = ({ url, pictures }: Watched, after = 0) =>
  until(`pictures and sound of ${url}`, () => {
    const later = pictures.slice(after);
    return later.length > 5 && later.some(({ peakDb }) => peakDb > -30);
  });

test('it gets pictures and sound back over RTMP, HTTP-FLV, HLS and DASH', async () => {
  publish();
  const all = [rtmp, `${http}.flv`, `${http}/index.m3u8`, `${http}/manifest.mpd`].map(watch);
  for (const watched of all) {
    await plays(watched);
    expect(watched.states.at(-1)).toMatchObject({ state: 'playing', hasAudio: true });
  }
  // An address may hold a token, and arguments are everybody's to see.
  const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  expect(running).toContain('-f concat');
  expect(running).not.toContain('/live/show/');
  expect(all.map(({ states }) => states[0]?.way)).toEqual(['rtmp', 'http-flv', 'hls', 'dash']);
});

test('it says why it waits, and goes on when the publisher is back', async () => {
  const watched = watch(`${http}.flv`);
  await until('a word', () => watched.states.at(-1)?.error?.code === 'STREAM_NOT_FOUND');
  publish();
  await plays(watched);
  expect(watched.states.at(-1)).not.toHaveProperty('error');
  await publishers.pop()?.stop();
  await until('the end', () => watched.states.at(-1)?.state === 'waiting');
  const { length } = watched.pictures;
  publish();
  await plays(watched, length);
});

test('it says why nothing comes from where no server is, or what it is refused by', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  for (const form of ['rtmp://%/live/a', 'http://%/a.flv', 'http://%/a.m3u8', 'http://%/a.mpd']) {
    const watched = watch(form.replace('%', `127.0.0.1:${port}`));
    const { error } = await until('why', () =>
      watched.states.find(({ error }) => error !== undefined),
    );
    expect(error).toMatchObject({ code: 'CONNECTION_REFUSED', data: { port } });
    await watched.stop();
  }
});
