import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { LiveHub, liveHandlers, RtmpServer } from 'node-rtmp-client';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { buildCli, killLeftovers, runCli, startCli } from './run-cli.js';

beforeAll(buildCli);
afterEach(killLeftovers);

const loopback = ['--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0'];

test.each([
  { args: ['--public'], says: 'needs a publish key' },
  { args: ['--rtmp', '0.0.0.0:0'], says: 'needs a publish key' },
  { args: ['--rtmp', '[::]:0'], says: 'needs a publish key' },
  { args: ['--public', ...loopback, '--publish-key', 'k'], says: '--public opens nothing' },
  { args: [...loopback, '--publish-key', ''], says: '--publish-key is empty' },
  { args: [...loopback, '--publish-key-env', 'NOT_THERE'], says: 'NOT_THERE' },
  {
    args: [...loopback, '--publish-key', 'a', '--publish-key-env', 'HOME'],
    says: 'Only one of --publish-key and --publish-key-env',
  },
  { args: [...loopback, '--publish-auth'], says: '--publish-auth asks for the publish key' },
  { args: [...loopback, '--hls-segment', '0.5'], says: '1 to 10 seconds' },
  { args: [...loopback, '--hls-segment', 'two'], says: '1 to 10 seconds' },
])('serve refuses $args', async ({ args, says }) => {
  const { code, stderr } = await runCli(['serve', ...args]);
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});

const execFileOf = (program: string, args: string[]) => () => promisify(execFile)(program, args);

const publish = (url: string, how: string[] = []): Promise<'taken' | 'refused'> =>
  promisify(execFile)('ffmpeg', [
    ...[
      '-v',
      'error',
      '-nostdin',
      ...how,
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x90:rate=10:duration=1',
    ],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-f', 'flv', url],
  ]).then(
    () => 'taken',
    () => 'refused',
  );

test('who publishes to a server with a key must give it; the key is told to nobody', async () => {
  const key = 'open-sesame';
  const server = startCli(['serve', ...loopback, '--publish-key-env', 'SERVE_KEY', '--json'], {
    env: { SERVE_KEY: key, TALLYLIGHT_LOG: 'debug' },
  });
  const { rtmp, http } = await server.line(({ state }) => state === 'listening');
  const url = `${String(rtmp)}/live/show`;
  const refused = (why: string): Promise<unknown> =>
    server.line(
      ({ state, why: given }) =>
        state === 'publisher-refused' && (given as { reason: string }).reason === why,
    );
  expect(await publish(url)).toBe('refused');
  await refused('publish-key-missing');
  expect(await publish(`${url}?key=wrong`)).toBe('refused');
  await refused('publish-key-wrong');
  const watched = server.line(({ state }) => state === 'published');
  expect(await publish(`${url}?key=${key}`)).toBe('taken');
  expect(await watched).toMatchObject({ app: 'live', name: 'show', live: 1 });
  const ours = await runCli(['publish', '--source', 'test', '--to', url, '--duration', '1']);
  expect(ours.code).toBe(4);
  expect(ours.stderr).toContain('refused the stream: no publish key was given.\n');
  expect(ours.stderr).toContain('?key=KEY');
  const chinese = ['--lang', 'zh-CN', 'publish', '--source', 'test', '--duration', '1'];
  const wrong = await runCli([...chinese, '--to', `${url}?key=another`]);
  expect(wrong.stderr).toContain('推流密钥不对。\n');
  expect(wrong.stderr).not.toMatch(/publish key|\.。/);
  const api = await (await fetch(`${String(http)}api/streams`)).text();
  server.child.kill('SIGTERM');
  const { stdout, stderr } = await server.done;
  expect(api + stdout + stderr).not.toContain(key);
  expect(stderr).toContain('/APP/STREAM?key=KEY');
  expect(stderr).toContain('● live/show is on air (1 live)');
  expect(stderr).toContain('○ live/show has ended (0 live)');
  // Two and two were refused; who tries again is not told again.
  expect(stderr.match(/! 127\.0\.0\.1 may not publish to \/live: .*\.\n/g)).toHaveLength(2);
});

test('a publisher who authenticates with the key as the password is let in, and with another is not', async () => {
  const key = 'open-sesame';
  const server = startCli(
    ['serve', ...loopback, '--publish-key-env', 'SERVE_KEY', '--publish-auth', '--json'],
    { env: { SERVE_KEY: key, TALLYLIGHT_LOG: 'debug' } },
  );
  const { rtmp } = await server.line(({ state }) => state === 'listening');
  const place = `${String(rtmp).slice('rtmp://'.length)}/live`;
  const refused = server.line(({ state }) => state === 'publisher-refused');
  expect(await publish(`rtmp://anybody:wrong@${place}/show`)).toBe('refused');
  expect(await refused).toMatchObject({ app: 'live', why: { reason: 'publish-key-wrong' } });
  const published = server.line(({ state }) => state === 'published');
  const seen = execFileOf('ffprobe', [
    ...['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0'],
    `${String(rtmp)}/live/show`,
  ]);
  const player = published.then(seen);
  expect(await publish(`rtmp://anybody:${key}@${place}/show`, ['-re'])).toBe('taken');
  expect(await published).toMatchObject({ app: 'live', name: 'show' });
  // Who plays is not asked: it has no key to give.
  expect((await player).stdout).toBe('h264\n');
  expect(await publish(`rtmp://${place}?key=${key}/other`)).toBe('taken');
  server.child.kill('SIGTERM');
  const { stdout, stderr } = await server.done;
  expect(stdout + stderr).not.toContain(key);
  expect(stderr).toContain('/APP/STREAM');
  expect(stderr).toContain('rtmp://USER:KEY@');
});

test('that a stream is not handed on is told once, and when it is again', async () => {
  const target = new RtmpServer(liveHandlers(new LiveHub()));
  const { port } = await target.listen({ host: '127.0.0.1', port: 0 });
  await target.close();
  const push = `rtmp://127.0.0.1:${port}/live/not-to-be-told`;
  const server = startCli(['serve', ...loopback, '--json', '--push', push]);
  const { rtmp } = await server.line(({ state }) => state === 'listening');
  const publisher = spawn('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=5'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '5',
      '-f',
      'flv',
      `${String(rtmp)}/live/one`,
    ],
  ]);
  const back = new RtmpServer(liveHandlers(new LiveHub()));
  try {
    const failed = await server.line(({ state }) => state === 'push-failed');
    const url = `rtmp://127.0.0.1:${port}/live`;
    expect(failed).toMatchObject({ app: 'live', name: 'one', url });
    expect(failed['error']).toMatchObject({ code: 'CONNECTION_REFUSED' });
    await back.listen({ host: '127.0.0.1', port });
    await server.line(({ state }) => state === 'push-resumed');
    server.child.kill('SIGTERM');
    const { stdout, stderr } = await server.done;
    expect(stderr).toContain(`! live/one is not handed on to ${url};`);
    expect(stderr).toContain(`refused the connection on port ${port}.`);
    expect(stderr).toContain(`● live/one is handed on to ${url} again`);
    expect(stdout.match(/push-failed/g)).toHaveLength(1);
    expect(stdout + stderr).not.toContain('not-to-be-told');
    expect(stderr).not.toContain('MaxListeners');
  } finally {
    publisher.kill('SIGKILL');
    await back.close();
  }
});
