import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import {
  FlvDemuxer,
  parseRtmpUrl,
  play,
  publish,
  RtmpError,
  type FlvItem,
  type RtmpPublisher,
} from 'node-rtmp-client';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../../test/support/until.js';
import { createLogger } from '../src/logger.js';
import { signToken } from '../src/server/access/signed-token.js';
import { BuiltInServer, type BuiltInServerOptions } from '../src/server/built-in-server.js';
import type { StatisticsSnapshot } from '../src/server/statistics/server-statistics.js';
import { audioConfig, audioFrame, videoConfig, videoFrame } from './support/packets.js';

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
const app = 'live';
/** What a label must escape, and JSON, and an address. */
const name = 'a "b" \\ c 直播';
let server: BuiltInServer;
let rtmp = '';
let http = '';

async function start(options: Partial<BuiltInServerOptions> = {}, host = '127.0.0.1') {
  server = new BuiltInServer({
    ...{ logger: createLogger({ level: 'silent' }), metrics: true, ...options },
  });
  const addresses = await server.start({ rtmp: { host, port: 0 }, http: { host, port: 0 } });
  rtmp = `rtmp://127.0.0.1:${addresses.rtmp.port}`;
  http = `http://127.0.0.1:${addresses.http.port}`;
  return addresses;
}
afterEach(() => server.close());

/** As somebody else's program gets it. */
const curl = async (path: string, ...more: string[]): Promise<string> =>
  (await promisify(execFile)('curl', ['-sS', ...more, http + path])).stdout;
const statistics = async (): Promise<StatisticsSnapshot> =>
  JSON.parse(await curl('/api/stat')) as StatisticsSnapshot;

/** The values by metric and labels; whatever is no line of the format is an error. */
function read(text: string): Map<string, number> {
  const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"`;
  const sample = new RegExp(String.raw`^([a-z_]+(?:\{${label}(?:,${label})*\})?) (\S+)$`);
  const values = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    if (/^# (HELP [a-z_]+ \S.*|TYPE [a-z_]+ (counter|gauge))$/.test(line)) continue;
    const [, key, value] = sample.exec(line) ?? [];
    if (key === undefined || values.has(key)) throw new Error(`not a sample: ${line}`);
    values.set(key, Number(value));
  }
  return values;
}

const frames = { video: 30, audio: 12 };
const bytesIn = 30 * 1000 + 12 * 20;

/** Ends with a keyframe, after which a second segment has begun. */
async function send(publisher: RtmpPublisher): Promise<number> {
  let bytes = 0;
  const configs = [videoConfig(), audioConfig()];
  const pictures = Array.from({ length: frames.video }, (_, n) =>
    videoFrame(n * 200, n % 10 === 0, 1000),
  );
  const sounds = Array.from({ length: frames.audio }, (_, n) => audioFrame(n * 500));
  for (const packet of [...configs, ...pictures, ...sounds].sort((a, b) => a.dts - b.dts)) {
    await publisher.write(packet);
    if (packet.type === 'config') bytes += packet.payload.byteLength;
  }
  return bytes;
}

const mediaBytes = (items: readonly FlvItem[]): number =>
  items.reduce((sum, item) => sum + ('packet' in item ? item.packet.payload.byteLength : 0), 0);

test('who publishes and plays in each way, and what comes and goes, is counted as it was', async () => {
  await start();
  const address = parseRtmpUrl(`${rtmp}/${app}`, { withKey: false });
  const publisher = await publish({ address, streamKey: name });
  await until('the stream', () => server.streams().length === 1);
  const path = `/${app}/${encodeURIComponent(name)}`;

  const got: Record<'rtmp' | 'http' | 'ws', FlvItem[]> = { rtmp: [], http: [], ws: [] };
  const overRtmp = await play({ address, streamKey: name });
  const rtmpEnds = (async () => {
    for await (const item of overRtmp) got.rtmp.push(item);
  })();
  const response = await fetch(`${http}${path}.flv`);
  const httpEnds = (async () => {
    const demuxer = new FlvDemuxer();
    for await (const bytes of response.body as AsyncIterable<Uint8Array>)
      got.http.push(...demuxer.push(bytes));
  })();
  const socket = new WebSocket(`${http.replace('http', 'ws')}${path}.flv`);
  const demuxer = new FlvDemuxer();
  socket.on('message', (data) => got.ws.push(...demuxer.push(data as Buffer)));
  await once(socket, 'open');
  await until('the players', () => server.streams()[0]?.players === 3);

  const configBytes = await send(publisher);
  const index = await curl(`${path}/index.m3u8`, '-A', 'a player of HLS');
  expect(index).toContain('video.m3u8');
  const playlist = await curl(`${path}/video.m3u8`, '-A', 'a player of HLS');
  const segment = /^video-\d+\.m4s$/m.exec(playlist)?.[0] ?? '';
  const url = `${http}${path}/${segment}`;
  const { byteLength } = await (
    await fetch(url, { headers: { 'user-agent': 'a player of HLS' } })
  ).arrayBuffer();
  expect(byteLength).toBeGreaterThan(1000);
  expect(await curl(`${path}/manifest.mpd`, '-A', 'a player of DASH')).toContain('<MPD');
  await curl(`${path}/index.m3u8`, '-A', 'a list', '-H', 'x-purpose: preview');

  const all = frames.video + frames.audio;
  const framesOf = (items: FlvItem[]) =>
    items.filter((item) => 'packet' in item && item.packet.type === 'frame').length;
  await until('every frame', () => Object.values(got).every((items) => framesOf(items) === all));
  const live = await statistics();
  const each = { players: 1, bytesOut: bytesIn + configBytes };
  const traffic = {
    ...{ bytesIn: bytesIn + configBytes, framesIn: frames, framesDropped: 0 },
    bytesOut: 3 * each.bytesOut + byteLength,
    protocols: {
      ...{ rtmp: each, 'http-flv': each, 'ws-flv': each },
      ...{ hls: { players: 1, bytesOut: byteLength }, dash: { players: 1, bytesOut: 0 } },
    },
  };
  for (const items of Object.values(got)) expect(mediaBytes(items)).toBe(each.bytesOut);
  expect(live).toMatchObject({ published: 1, refused: [], total: traffic });
  expect(live.streams).toMatchObject([
    { app, name, players: 5, video: { codec: 'h264', width: 320 }, ...traffic },
  ]);
  expect(live.connections.rtmp).toBe(2);
  expect(live.connections.http).toBeGreaterThanOrEqual(3);

  const text = await curl('/metrics');
  if (hasPromtool) {
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([checked.status, checked.stderr, checked.stdout]).toEqual([0, '', '']);
  }
  const values = read(text);
  const labels = String.raw`app="live",stream="a \"b\" \\ c 直播"`;
  expect(values.get('tallylight_received_bytes_total')).toBe(traffic.bytesIn);
  expect(values.get('tallylight_received_frames_total{track="video"}')).toBe(frames.video);
  expect(values.get(`tallylight_stream_received_frames_total{${labels},track="audio"}`)).toBe(
    frames.audio,
  );
  for (const [protocol, { players, bytesOut }] of Object.entries(traffic.protocols)) {
    expect(values.get(`tallylight_players{protocol="${protocol}"}`)).toBe(players);
    const own = `{${labels},protocol="${protocol}"}`;
    expect(values.get(`tallylight_stream_players${own}`)).toBe(players);
    expect(values.get(`tallylight_stream_sent_bytes_total${own}`)).toBe(bytesOut);
  }
  expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);

  socket.close();
  await publisher.close();
  await Promise.all([rtmpEnds, httpEnds]);
  await until('the players to have left', async () => {
    const { total } = await statistics();
    return ['rtmp', 'http-flv', 'ws-flv'].every(
      (way) => total.protocols[way as 'rtmp'].players === 0,
    );
  });
  const after = await statistics();
  expect(after.streams).toEqual([]);
  // What is counted for all never goes back.
  expect(after.total).toMatchObject({ bytesIn: traffic.bytesIn, bytesOut: traffic.bytesOut });
  expect(await curl('/metrics')).not.toContain('tallylight_stream_players');
});

test('who is refused is counted by the reason, and told', async () => {
  await start({ publishKey: 'publish-sesame', playKey: 'play-sesame' });
  const told: string[] = [];
  server.watch((event) => {
    if ('why' in event) told.push(`${event.type} ${event.app} ${event.why.reason}`);
  });
  const address = parseRtmpUrl(`${rtmp}/${app}`, { withKey: false });
  const failure = (attempt: Promise<unknown>) => attempt.catch((error: unknown) => error);
  for (const streamKey of ['one', 'one?key=wrong', 'one?key=wrong'])
    expect(await failure(publish({ address, streamKey }))).toBeInstanceOf(RtmpError);
  expect(await failure(play({ address, streamKey: 'one' }))).toBeInstanceOf(RtmpError);
  const other = { stream: 'live/two', until: Date.now() + 60_000 };
  await curl(`/${app}/one.flv?token=${signToken('play-sesame', other)}`);
  const { refused } = server.statistics();
  expect(refused.map(({ role, reason, count }) => `${role} ${reason} ${count}`)).toEqual([
    ...['publisher publish-key-missing 1', 'publisher publish-key-wrong 2'],
    ...['player play-key-missing 1', 'player link-elsewhere 1'],
  ]);
  expect(told).toEqual([
    'publisher-refused live publish-key-missing',
    ...['publisher-refused live publish-key-wrong', 'publisher-refused live publish-key-wrong'],
    ...['player-refused live play-key-missing', 'player-refused live link-elsewhere'],
  ]);
  const values = read(await curl('/metrics', '-H', 'Authorization: Bearer play-sesame'));
  const key = 'tallylight_refused_total{role="publisher",reason="publish-key-wrong"}';
  expect(values.get(key)).toBe(2);
});

test('with a play key nobody sees the statistics without it, or a link for all streams, and no key is in them', async () => {
  const playKey = 'play-sesame';
  await start({ playKey, publishKey: 'publish-sesame' });
  const address = parseRtmpUrl(`${rtmp}/${app}`, { withKey: false });
  const publisher = await publish({ address, streamKey: 'show?key=publish-sesame' });
  await until('the stream', () => server.streams().length === 1);
  const until1 = { until: Date.now() + 60_000 };
  const one = signToken(playKey, { stream: 'live/show', ...until1 });
  const all = signToken(playKey, { stream: undefined, ...until1 });
  const get = async (path: string) => {
    const answer = await fetch(http + path, { redirect: 'manual' });
    const headers = JSON.stringify([...answer.headers]);
    return { status: answer.status, text: headers + (await answer.text()) };
  };
  for (const path of ['/stat', '/api/stat', '/metrics']) {
    for (const query of ['', '?key=publish-sesame', `?session=${all}`, `?token=${one}`])
      expect([path, query, (await get(path + query)).status]).toEqual([path, query, 403]);
    const shown = await get(`${path}?token=${all}`);
    expect([path, shown.status]).toEqual([path, 200]);
    const withKey = await get(`${path}?key=${playKey}`);
    expect([path, withKey.status]).toEqual([path, path === '/stat' ? 303 : 200]);
    expect(shown.text + withKey.text).not.toMatch(/sesame/);
  }
  expect((await get(`/metrics?token=${all}`)).text).toContain('stream="show"');
  await publisher.close();
});

test('without --metrics Prometheus finds nothing', async () => {
  await start({ metrics: false });
  expect(await curl('/metrics', '-o', '/dev/null', '-w', '%{http_code}')).toBe('404');
  expect(await statistics()).toMatchObject({ streams: [], published: 0 });
});

const network = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test.skipIf(network === undefined)(
  'on the network the statistics are never open without a play key',
  async () => {
    const addresses = await start({}, '0.0.0.0');
    for (const path of ['/stat', '/api/stat', '/metrics']) {
      const answer = await fetch(`http://${network ?? ''}:${addresses.http.port}${path}`);
      expect([path, answer.status]).toEqual([path, 403]);
      expect(await answer.text()).toContain('Without a play key');
      expect((await fetch(http + path)).status).toBe(200);
    }
  },
);
