import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { signToken } from '@tallylight/engine';
import { WebSocket } from 'ws';
import { buildCli, killLeftovers, runCli, startCli } from './run-cli.js';

// 127.0.0.2 is what the network is: an address that nobody is trusted at for being there.
const network = ['--rtmp', '127.0.0.2:0', '--http', '127.0.0.2:0'];
const playKey = 'play-sesame-7f3a';
const publishKey = 'publish-sesame-91c2';
const env = { PLAY_KEY: playKey, PUBLISH_KEY: publishKey };

beforeAll(buildCli);
afterEach(killLeftovers);

/** Runs until it is ended. */
const publish = (url: string) =>
  spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10'],
      ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-c:a', 'aac', '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-f', 'flv', url],
    ],
    { stdio: 'ignore' },
  );

/** Which codecs ffprobe finds at an address; nothing where it is not let in. */
async function plays(url: string): Promise<string[]> {
  const asks = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', url];
  const found = await promisify(execFile)('ffprobe', asks).catch(() => ({ stdout: '' }));
  return [...new Set(found.stdout.trim().split('\n').filter(Boolean))].sort();
}

async function link(...args: string[]): Promise<Record<string, string>> {
  const { summary, stdout, stderr } = await runCli(
    ['serve', 'link', ...args, '--play-key-env', 'PLAY_KEY', '--json'],
    { env },
  );
  expect(stdout + stderr).not.toContain(playKey);
  const { urls, token } = summary as unknown as { urls: Record<string, string>; token: string };
  return { ...urls, token };
}

test('from the network nobody watches without the key or a link, and the key is told to nobody', async () => {
  const server = startCli(
    [
      ...['serve', ...network, '--publish-key-env', 'PUBLISH_KEY', '--play-key-env', 'PLAY_KEY'],
      ...['--json', '--verbose'],
    ],
    { env: { ...env, TALLYLIGHT_LOG: 'trace' } },
  );
  const { rtmp, http } = await server.line(({ state }) => state === 'listening');
  const at = String(http).replace(/\/$/, '');
  const published = server.line(({ state }) => state === 'published');
  const publisher = publish(`${String(rtmp)}/live/show?key=${publishKey}`);
  await published;
  /** Everything that a server has told somebody. */
  const told: string[] = [];
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(at + path, { headers, redirect: 'manual' });
    const text = await response.text();
    told.push(JSON.stringify([...response.headers]), text);
    return { status: response.status, text, headers: response.headers };
  };

  const places = ['/', '/player.html', '/api/streams'];
  const files = ['/live/show.flv', ...['index.m3u8', 'manifest.mpd'].map((f) => `/live/show/${f}`)];
  const inner = ['video.m3u8', 'video-init-1.mp4', 'video-1.m4s'].map((f) => `/live/show/${f}`);
  const expired = await link('live/show', '--until', '1s', '--at', `${at}/`);
  const other = await link('live/other', '--at', `${at}/`);
  const expiry = Number(expired['token']?.split('.')[1]) * 1000;
  for (const path of [...places, ...files, ...inner]) {
    expect(await get(path), path).toMatchObject({
      status: 403,
      text: expect.stringContaining('without a link or its play key') as string,
    });
    expect((await get(`${path}?key=${publishKey}`)).status, path).toBe(403);
    expect((await get(`${path}?session=${String(other['token'])}`)).status, path).toBe(403);
    if (places.includes(path)) continue;
    const elsewhere = await get(`${path}?token=${String(other['token'])}`);
    expect(elsewhere).toMatchObject({ status: 403, text: 'This link is for another stream.\n' });
  }
  expect(await plays(`${String(rtmp)}/live/show`)).toEqual([]);
  expect(await plays(`${String(rtmp)}/live/show?key=wrong`)).toEqual([]);
  const ours = await runCli(['play', `${String(rtmp)}/live/show`, '--duration', '1']);
  expect(ours.stderr).toContain('without a link or its play key');
  expect(ours.code).toBe(4);

  await new Promise((resolve) => setTimeout(resolve, Math.max(expiry - Date.now(), 0)));
  for (const path of [...places, ...files]) {
    const { status, text } = await get(`${path}?token=${String(expired['token'])}`);
    expect([path, status, text]).toEqual([path, 403, expect.stringContaining('has expired')]);
  }
  const page = await get(`/?token=${String(expired['token'])}`, {
    ...{ accept: 'text/html', 'accept-language': 'zh-CN' },
  });
  expect(page.text).toContain('<h1>链接已过期</h1>');
  expect(await plays(String(expired['hls']))).toEqual([]);
  expect(await plays(`${String(rtmp)}/live/show?token=${String(expired['token'])}`)).toEqual([]);

  const valid = await link('live/show', '--at', `${at}/`);
  const both = ['aac', 'h264'];
  expect(await plays(String(valid['flv']))).toEqual(both);
  expect(await plays(String(valid['hls']))).toEqual(both);
  expect(await plays(String(valid['dash']))).toEqual(both);
  expect(await plays(`${String(rtmp)}/live/show?token=${String(valid['token'])}`)).toEqual(both);
  expect(await plays(`${String(rtmp)}/live/show?key=${playKey}`)).toEqual(both);

  // Who watches is not left to watch on when the link has expired.
  const soon = Date.now() + 3000;
  const short = `?token=${signToken(playKey, { stream: 'live/show', until: soon })}`;
  const watching = await fetch(`${at}/live/show.flv${short}`);
  const frames = new WebSocket(`${at.replace('http', 'ws')}/live/show.flv${short}`);
  const [overRtmp, [code]] = await Promise.all([
    runCli(['play', `${String(rtmp)}/live/show${short}`]),
    once(frames, 'close') as Promise<[number]>,
    watching.arrayBuffer(),
  ]);
  expect([watching.status, code, overRtmp.code]).toEqual([200, 1008, 0]);
  expect(Date.now()).toBeGreaterThanOrEqual(soon - 1000);

  const socket = (query: string) =>
    new Promise<string>((resolve) => {
      const ws = new WebSocket(`${at.replace('http', 'ws')}/live/show.flv${query}`);
      ws.on('error', (error) => resolve(error.message));
      ws.once('message', (data: Buffer) => {
        resolve(data.subarray(0, 3).toString());
        ws.terminate();
      });
    });
  expect(await socket('')).toContain('403');
  expect(await socket(`?key=${playKey}`)).toBe('FLV');

  // Whoever has the key gets addresses without it, and from there on needs nothing else.
  const toPage = await get(`/?key=${playKey}&way=hls`);
  const location = toPage.headers.get('location') ?? '';
  expect([toPage.status, location]).toEqual([303, expect.stringMatching(/^\/\?way=hls&token=/)]);
  expect((await get(location)).status).toBe(200);
  const listed = await get('/api/streams', { authorization: `Bearer ${playKey}` });
  const { streams } = JSON.parse(listed.text) as { streams: { token: string }[] };
  expect(streams).toMatchObject([{ app: 'live', name: 'show' }]);
  const seen = await get(`/api/streams?token=${String(other['token'])}`);
  expect(seen.text).toBe('{"streams":[]}');
  for (const query of [`?key=${playKey}`, `?token=${String(streams[0]?.token)}`]) {
    const mpd = (await get(`/live/show/manifest.mpd${query}`)).text;
    const hls = (await get(`/live/show/index.m3u8${query}`)).text;
    const [media = ''] = /^video\.m3u8.*$/m.exec(hls) ?? [];
    const playlist = (await get(`/live/show/${media}`)).text;
    const addresses = [
      ...[...playlist.matchAll(/^[^#\s].*$/gm)].map(([line]) => line),
      ...[...playlist.matchAll(/MAP:URI="([^"]+)"/g)].map(([, uri]) => String(uri)),
      ...[...mpd.matchAll(/(?:initialization="|<Location>)([^"<]+)/g)].map(([, uri]) =>
        String(uri),
      ),
    ];
    expect(addresses.length).toBeGreaterThanOrEqual(5);
    for (const address of addresses) {
      expect(address).toContain('?session=');
      expect([address, (await fetch(`${at}/live/show/${address}`)).status]).toEqual([address, 200]);
      const bare = address.replace(/\?.*/, '');
      expect((await get(`/live/show/${bare}`)).status, bare).toBe(403);
    }
  }

  publisher.kill('SIGINT');
  await once(publisher, 'exit');
  server.child.kill('SIGTERM');
  const { stdout, stderr } = await server.done;
  expect(stderr, 'it logs').toContain('player refused');
  // They are two, and nobody is to take one for the other.
  expect(stderr).toContain('/APP/STREAM?key=PUBLISH-KEY');
  expect(stderr).toContain('/APP/STREAM/index.m3u8?key=PLAY-KEY');
  const everything = [stdout, stderr, ...told].join('\n');
  for (const key of [playKey, publishKey]) expect(everything).not.toContain(key);
});

test.each([
  { args: ['live/show'], says: 'is signed with the play key' },
  { args: ['show', '--play-key', 'k'], says: 'APP/STREAM' },
  { args: ['live/show', '--play-key', 'k', '--until', '2020-01-01'], says: 'a time to come' },
  { args: ['live/show', '--play-key', 'k', '--at', 'rtmp://h/'], says: 'viewer page' },
  { args: ['live/show', '--play-key', ''], says: '--play-key is empty' },
  {
    args: ['live/show', '--play-key', 'k', '--rtmp', '127.0.0.1:1936'],
    says: '“serve link” does not use --rtmp, which is an option of “serve” itself.\n',
  },
  { args: ['--play-key', 'k', '--push', 'rtmp://h/a'], says: 'does not use --push' },
  { args: ['--play-key', 'k', '--metrics'], says: 'does not use --metrics' },
])('serve link $args is refused', async ({ args, says }) => {
  const { code, stderr } = await runCli(['serve', 'link', ...args]);
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});
