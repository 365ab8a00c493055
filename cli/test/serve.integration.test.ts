import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { buildCli, killLeftovers, runCli, startCli } from './run-cli.js';

beforeAll(buildCli);
afterEach(killLeftovers);

const loopback = ['--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0'];

test.each([
  { args: ['--public'], says: 'needs a publish key' },
  { args: ['--rtmp', '0.0.0.0:0'], says: 'needs a publish key' },
  { args: ['--rtmp', '[::]:0'], says: 'needs a publish key' },
  { args: [...loopback, '--publish-key', ''], says: '--publish-key is empty' },
  { args: [...loopback, '--publish-key-env', 'NOT_THERE'], says: 'NOT_THERE' },
  {
    args: [...loopback, '--publish-key', 'a', '--publish-key-env', 'HOME'],
    says: 'Only one of --publish-key and --publish-key-env',
  },
  { args: [...loopback, '--hls-segment', '0.5'], says: '1 to 10 seconds' },
  { args: [...loopback, '--hls-segment', 'two'], says: 'takes seconds' },
])('serve refuses $args', async ({ args, says }) => {
  const { code, stderr } = await runCli(['serve', ...args]);
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});

const publish = (url: string): Promise<'taken' | 'refused'> =>
  promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=1'],
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
  expect(await publish(url)).toBe('refused');
  expect(await publish(`${url}?key=wrong`)).toBe('refused');
  const watched = server.line(({ state }) => state === 'published');
  expect(await publish(`${url}?key=${key}`)).toBe('taken');
  expect(await watched).toMatchObject({ app: 'live' });
  const ours = await runCli(['publish', '--source', 'test', '--to', url, '--duration', '1']);
  expect(ours.code).toBe(4);
  expect(ours.stderr).toContain('publish key');
  const api = await (await fetch(`${String(http)}api/streams`)).text();
  server.child.kill('SIGTERM');
  const { stdout, stderr } = await server.done;
  expect(api + stdout + stderr).not.toContain(key);
  expect(stderr).toContain('/APP/STREAM?key=KEY');
});
