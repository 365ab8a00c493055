import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { buildCli, killLeftovers, runCli, startCli } from './run-cli.js';

const loopback = ['--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0', '--json', '--verbose'];
let hook: Server | undefined;

beforeAll(buildCli);
afterEach(() => {
  killLeftovers();
  hook?.close();
  hook?.closeAllConnections();
});

const publish = (url: string, seconds: number, size = '160x90'): Promise<unknown> =>
  promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10`],
    ...['-t', `${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ...['-g', '10', '-f', 'flv', url],
  ]).catch((error: unknown) => error);

test('the webhooks decide who publishes and who plays, and under which name', async () => {
  const forms: string[] = [];
  hook = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes: Buffer) => (text += bytes.toString()));
    request.on('end', () => {
      forms.push(text);
      const form = new URLSearchParams(text);
      if (form.get('user') !== 'anna') response.writeHead(403);
      else if (form.get('call') === 'publish') response.writeHead(302, { location: 'public' });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const server = startCli(['serve', ...loopback, '--on-publish', url, '--on-play', url]);
  const { rtmp, http } = await server.line(({ state }) => state === 'listening');
  const refused = await runCli([
    ...['publish', '--source', 'test', '--to', `${String(rtmp)}/live/hidden`, '--duration', '1'],
  ]);
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('on_publish')]);

  const published = server.line(({ state }) => state === 'published');
  const ended = publish(`${String(rtmp)}/live/hidden?user=anna`, 30);
  await published;
  const at = `${String(http)}live/public`;
  for (const file of ['.flv', '/index.m3u8', '/manifest.mpd', '/video.m3u8'])
    expect([file, (await fetch(at + file)).status]).toEqual([file, 403]);
  const asked = forms.length;
  const index = await (await fetch(`${at}/index.m3u8?user=anna`)).text();
  const [media = ''] = /^video\.m3u8\?session=.*$/m.exec(index) ?? [];
  const playlist = await fetch(`${at}/${media}`);
  expect([playlist.status, forms.length]).toEqual([200, asked + 1]);
  const [form] = forms.slice(-1);
  expect(form).toBe('call=play&app=live&name=public&addr=127.0.0.1&user=anna');
  server.child.kill('SIGTERM');
  await server.done;
  await ended;
});

test('who publishes more or longer than may be is sent away, and told why in the log', async () => {
  const limits = ['--max-bitrate', '10', '--max-duration', '2'];
  const server = startCli(['serve', ...loopback, ...limits]);
  const { rtmp } = await server.line(({ state }) => state === 'listening');
  // The first seconds of this are more than a hundred kilobits; the other one is a still picture.
  await publish(`${String(rtmp)}/live/fast`, 60, '640x360');
  const still = ['-f', 'lavfi', '-i', 'color=size=32x32:rate=5'];
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-re', ...still, '-t', '60', '-c:v', 'libx264'],
    ...['-f', 'flv', `${String(rtmp)}/live/long`],
  ]).catch(() => undefined);
  server.child.kill('SIGTERM');
  const { stderr } = await server.done;
  expect([...stderr.matchAll(/"why":"(too\w+)"/g)].map(([, why]) => why)).toEqual([
    ...['tooFast', 'tooLong'],
  ]);
});

test('who may not watch is told once, and a connection too many is refused and counted', async () => {
  const playKey = 'play-sesame';
  const options = ['--play-key-env', 'PLAY_KEY', '--max-connections', '2', '--metrics'];
  const server = startCli(['serve', ...loopback, ...options], { env: { PLAY_KEY: playKey } });
  const { rtmp, http } = await server.line(({ state }) => state === 'listening');
  const { hostname, port } = new URL(String(rtmp));
  const refused = server.line(({ state }) => state === 'player-refused');
  for (let again = 0; again < 3; again += 1)
    expect((await fetch(`${String(http)}live/one.flv`)).status).toBe(403);
  expect(await refused).toMatchObject({
    ...{ app: 'live', remote: '127.0.0.1', why: { reason: 'play-key-missing' } },
  });
  const first = connect(Number(port), hostname).on('error', () => undefined);
  const closed = once(first, 'close');
  await once(first, 'connect');
  const others = [connect(Number(port), hostname), connect(Number(port), hostname)];
  await Promise.all(others.map((socket) => once(socket, 'connect')));
  // Nobody has asked for anything, so it is the oldest that gives way.
  await closed;
  const headers = { authorization: `Bearer ${playKey}` };
  const metrics = await (await fetch(`${String(http)}metrics`, { headers })).text();
  expect(metrics).toContain('tallylight_connections{protocol="rtmp"} 2\n');
  const counted = (labels: string) => `tallylight_refused_total{${labels}}`;
  expect(metrics).toContain(`${counted('role="player",reason="play-key-missing"')} 3\n`);
  expect(metrics).toContain(`${counted('role="connection",reason="too-many-connections"')} 1\n`);
  for (const socket of others) socket.destroy();
  server.child.kill('SIGTERM');
  const { stderr, stdout } = await server.done;
  const line = '! 127.0.0.1 may not watch /live: no play key or link was given.\n';
  expect(stderr.split(line)).toHaveLength(2);
  expect(stderr + stdout + metrics).not.toContain(playKey);
});

test.each([
  { args: ['--on-publish', 'ftp://u:secret@h/'], says: '--on-publish takes an address' },
  { args: ['--max-bitrate', '5'], says: 'at least 10k' },
  { args: ['--max-connections', '0'], says: 'a whole number from 1 to' },
  { args: ['--max-connections', '1e3'], says: 'a whole number from 1 to' },
  { args: ['--max-duration', '99999999'], says: 'at most' },
])('serve refuses $args', async ({ args, says }) => {
  const { code, stderr } = await runCli(['serve', ...args]);
  expect(stderr).toContain(says);
  expect(stderr).not.toContain('secret');
  expect(code).toBe(2);
});
