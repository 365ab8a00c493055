import { LiveHub, liveHandlers, RtmpServer } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startFfmpegPublisher, type FfmpegPublisher } from '../../test/support/ffmpeg-publisher.js';
import { freePort } from '../../test/support/free-port.js';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, runCli, sendsFrames, startCli } from './run-cli.js';

const hub = new LiveHub();
const server = new RtmpServer(liveHandlers(hub));
const publishers: FfmpegPublisher[] = [];
let there = '';

beforeAll(async () => {
  await buildCli();
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  there = `rtmp://127.0.0.1:${port}/live`;
});
afterEach(async () => {
  for (const publisher of publishers.splice(0)) await publisher.stop();
  killLeftovers();
});
afterAll(() => server.close());

function publish(url: string): FfmpegPublisher {
  const publisher = startFfmpegPublisher(url);
  publishers.push(publisher);
  return publisher;
}

test('publish waits for a stream, tells whom it does not let in, and puts a slate in the place of who left', async () => {
  const key = 'k3y-of-the-house';
  const command = startCli(
    [
      ...['publish', '--source', 'stream:live/cam', '--listen', '127.0.0.1:0', '--json'],
      ...['--publish-key-env', 'HOUSE', '--to', `${there}/sent-on`, '--lang', 'en', '--control'],
    ],
    { env: { HOUSE: key }, keepsStdin: true },
  );
  const { publishTo } = await command.line(({ state }) => state === 'listening');
  const [url = ''] = publishTo as string[];
  expect(url).toMatch(/^rtmp:\/\/127\.0\.0\.1:\d+\/live\/cam$/);
  await command.line(({ presence }) => presence === 'waiting');
  publish(url);
  await command.line(({ state }) => state === 'publisher-refused');
  const other = publish(`${url}era?key=${key}`);
  await command.line(({ reason }) => reason === 'other-stream-published');
  await other.stop();
  const right = publish(`${url}?key=${key}`);
  await command.line(({ presence, state }) => presence === 'live' && state === 'live');
  expect(hub.find('live', 'sent-on')?.info).toMatchObject({ video: { width: 320, height: 180 } });
  // Nor is what is sent on gone to once it runs.
  const back = url.replace('127.0.0.1', 'localhost');
  command.child.stdin?.write(`${JSON.stringify({ type: 'add', to: back })}\n`);
  const { data } = await command.line(({ type }) => type === 'error');
  expect(data).toMatchObject({ reason: { reason: 'destination-is-source' } });
  await right.stop();
  await command.line(({ presence }) => presence === 'slate');
  await command.line(sendsFrames);
  command.child.kill('SIGINT');
  const { code, stdout, stderr, summary } = await command.done;
  expect(code, stderr).toBe(6);
  expect(stdout + stderr).not.toContain(key);
  expect(stderr).toContain(`Waiting for the stream live/cam. Publish to  ${url}?key=KEY\n`);
  expect(stderr).toContain('may not publish to /live: no publish key was given.');
  expect(stderr).toContain('Somebody publishes live/camera here; only live/cam is sent on.');
  expect(stderr).toContain('○ live/cam is away. Viewers see “Back in a moment”');
  expect(summary.destinations).toMatchObject([
    { state: 'stopped', framesSent: summary.video.frames, framesDropped: 0 },
  ]);
});

test('a stream of another server is waited for and sent on; a server that is not there is an error', async () => {
  const source = `${there}/far`;
  const command = startCli([
    ...['publish', '--source', source, '--to', `${there}/near`, '--json', '--lang', 'en'],
    ...['--duration', '2'],
  ]);
  await command.line(({ type, code }) => type === 'warning' && code === 'STREAM_NOT_FOUND');
  publish(source);
  await until('the stream to come near', () => hub.find('live', 'near'));
  const { code, stderr, summary } = await command.done;
  expect(code, stderr).toBe(0);
  expect(summary.video.frames).toBe(50);
  expect(stderr).toContain(`Waiting for the stream ${there}\n`);

  const nowhere = `rtmp://127.0.0.1:${await freePort()}/live/far`;
  const failed = await runCli(['publish', '--source', nowhere, '--to', `${there}/near`, '--json']);
  expect(failed.code, failed.stderr).toBe(3);
  expect(failed.summary.lastError).toMatchObject({ code: 'CONNECTION_REFUSED' });
});

test('what cannot be waited for is refused in words that say what to do', async () => {
  const port = Number(new URL(there).port);
  const listen = ['--listen', `127.0.0.1:${port}`];
  const run = (...args: string[]) =>
    runCli(['publish', '--to', `${there}/key`, '--lang', 'en', ...args]);
  const [taken, circle, far, open] = await Promise.all([
    run('--source', 'stream:live/cam', ...listen),
    run('--source', 'stream:live/key', '--listen', `localhost:${port}`),
    run('--source', `rtmp://localhost:${port}/live/key`),
    run('--source', 'stream:live/cam', '--listen', '0.0.0.0:0'),
  ]);
  for (const { code, stderr } of [taken, circle, far, open]) expect(code, stderr).toBe(2);
  expect(taken.stderr).toContain(`✗ 127.0.0.1:${port} is already in use.\n`);
  expect(taken.stderr).toContain(`take it from it: --source rtmp://127.0.0.1:${port}/live/cam.`);
  for (const { stderr } of [circle, far]) {
    expect(stderr).toContain('is where the stream itself comes from');
  }
  expect(open.stderr).toContain('needs a publish key; add --publish-key or --publish-key-env.');
});
