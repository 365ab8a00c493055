import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { LiveHub, liveHandlers, RtmpServer } from 'node-rtmp-client';
import { freePort } from '../../test/support/free-port.js';
import { countFrames, decodeErrors } from '../../test/support/media.js';
import { parseLines } from './cli-result.js';
import { framesOf, isError, smallPicture } from './recording-lines.js';
import { buildCli, killLeftovers, startCli, type JsonLine } from './run-cli.js';

beforeAll(buildCli);
afterEach(killLeftovers);

interface Told {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly framesSent: number;
}

const askedOf = (videoBitrate: unknown): unknown =>
  (videoBitrate as { readonly asked?: number } | undefined)?.asked;

const told = (line: JsonLine): readonly Told[] =>
  Array.isArray(line['destinations']) ? (line['destinations'] as Told[]) : [];

const inState =
  (id: string, state: string) =>
  (line: JsonLine): boolean =>
    line.type === 'stats' && told(line).some((each) => each.id === id && each.state === state);

test('lines on stdin add, retry and end destinations and move the bitrate, and wrong ones change nothing', async () => {
  const hub = new LiveHub();
  const server = new RtmpServer(liveHandlers(hub));
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const late = new RtmpServer(liveHandlers(hub));
  const base = `rtmp://127.0.0.1:${port}/live`;
  const closed = await freePort();
  const publisher = startCli(
    [
      ...['publish', '--source', 'test', '--size', '320x180', '--control', '--json'],
      // A busy machine looks like a slow network, for which less would be asked.
      ...['--adapt-bitrate', 'off'],
      ...['--to', `${base}/first`],
    ],
    { keepsStdin: true },
  );
  const say = (line: object | string): boolean | undefined =>
    publisher.child.stdin?.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  /** The error that says so for the `times`th time. */
  const error = (what: string, times = 1) => {
    let seen = 0;
    return publisher.line((line) => {
      if (line.type !== 'error' || !JSON.stringify(line).includes(`"${what}"`)) return false;
      seen += 1;
      return seen === times;
    });
  };
  try {
    await publisher.line(inState('1', 'live'));
    say({ type: 'add', to: `${base}/second-SECRET` });
    await publisher.line(inState('2', 'live'));
    expect(hub.list().map(({ name }) => name)).toEqual(['first', 'second-SECRET']);

    say('add rtmp://h/a/SECRET-2');
    await error('control-not-json');
    say(`{"type":"add","to":"${'x'.repeat(100_000)}"}`);
    await error('control-too-long');
    say({ type: 'add', to: `${base}/second-SECRET` });
    await error('already-sent-to');
    say({ type: 'remove', name: 'nobody' });
    await error('control-name');

    say({ type: 'bitrate', videoBitrate: 'more', id: 'b-1' });
    expect(await error('control-field')).toMatchObject({
      ...{ command: 'bitrate', id: 'b-1' },
      message:
        '`bitrate`: videoBitrate must be 50k to 100M (bits per second), such as 1500k, 2.5M or 1500000; got "more".',
    });
    say({ type: 'retry', name: '1', id: 3 });
    expect(await error('nothing-to-retry')).toMatchObject({ command: 'retry', id: 3 });
    say({ type: 'bitrate', videoBitrate: '400k', id: 'b-2' });
    expect(await publisher.line(({ type, id }) => type === 'answer' && id === 'b-2')).toEqual({
      ...{ type: 'answer', command: 'bitrate', id: 'b-2', videoBitrate: 400_000 },
    });
    // Another ffmpeg has taken over by then.
    const moved = await publisher.line(
      ({ type, videoBitrate }) => type === 'stats' && askedOf(videoBitrate) === 400_000,
    );
    expect(moved['videoBitrate']).toMatchObject({ limit: 400_000, adaptation: 'off' });

    say({ type: 'add', to: `rtmp://127.0.0.1:${closed}/live/third` });
    await error('CONNECTION_REFUSED');
    await late.listen({ host: '127.0.0.1', port: closed });
    say({ type: 'retry', name: '3' });
    await publisher.line(inState('3', 'live'));

    say({ type: 'remove', name: '2' });
    say({ type: 'remove', name: '3' });
    await publisher.line(inState('2', 'stopped'));
    say({ type: 'remove', name: '1' });
    await error('last-destination');
    expect(hub.list().map(({ name }) => name)).toEqual(['first']);

    // The end of stdin is not the end of the broadcast.
    publisher.child.stdin?.end();
    const frames = hub.find('live', 'first')?.info.video;
    expect(frames).toBeDefined();
    publisher.child.kill('SIGINT');
    const { code, stdout, stderr, summary } = await publisher.done;
    expect(code).toBe(6);
    expect(stdout + stderr).not.toContain('SECRET');
    // Every command that was done was answered, and no other.
    expect(
      parseLines(stdout).flatMap((line) => (line.type === 'answer' ? [line['command']] : [])),
    ).toEqual(['add', 'bitrate', 'add', 'retry', 'remove', 'remove']);
    expect(summary.destinations).toHaveLength(3);
    const [first, second] = summary.destinations;
    expect(first).toMatchObject({ framesDropped: 0, state: 'stopped' });
    expect(second?.framesSent).toBeGreaterThan(0);
  } finally {
    publisher.child.kill('SIGKILL');
    await Promise.all([server.close(), late.close()]);
  }
}, 120_000);

test('of several recordings the one that is named ends, and each ends with its own event, bytes and length', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-control-'));
  await mkdir(join(folder, 'other'));
  const [first, second, third] = ['a.mp4', 'b.mp4', 'other/b.mp4'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const publisher = startCli(
    ['publish', ...smallPicture, '--record', first, '--json', '--events', '--control'],
    { keepsStdin: true, env: { LC_ALL: 'C' } },
  );
  const say = (line: object): boolean | undefined =>
    publisher.child.stdin?.write(`${JSON.stringify(line)}\n`);
  const answer = (id: number) =>
    publisher.line((line) => line['id'] === id && ['answer', 'error'].includes(line.type));
  const ended = (path: string) =>
    publisher.line(
      ({ type, event, data }) =>
        type === 'event' &&
        event === 'recording-ended' &&
        (data as { path?: string } | undefined)?.path === path,
    );
  const more = async (frames: number): Promise<void> => {
    const so = Math.max(0, ...parseLines(publisher.output().stdout).map(framesOf));
    await publisher.line((line) => framesOf(line) >= so + frames);
  };
  try {
    await more(30);
    say({ type: 'record', path: second, id: 1 });
    expect(await answer(1)).toMatchObject({ recording: { name: 'b.mp4', path: second } });
    await more(60);
    say({ type: 'stop-recording', id: 2 });
    expect(await answer(2)).toMatchObject({
      ...{ type: 'error', command: 'stop-recording' },
      message: '`stop-recording` may mean several recordings; name must be "a.mp4" or "b.mp4".',
    });
    say({ type: 'stop-recording', name: 'c.mp4', id: 3 });
    expect(await answer(3)).toMatchObject({
      message:
        '`stop-recording`: name must be "a.mp4" or "b.mp4", or the path of one; got another text.',
    });
    say({ type: 'record', path: third, id: 4 });
    await answer(4);
    await more(60);
    // Of two of a name only the path tells which.
    say({ type: 'pause-recording', name: 'b.mp4', id: 5 });
    expect((await answer(5))['message']).toContain(`"${second}" or "${third}"`);
    say({ type: 'stop-recording', name: second, id: 6 });
    const made: unknown[] = [];
    made.push((await answer(6))['recording'], (await ended(second))['data']);
    const running = await publisher.line(
      (line) => line.type === 'state' && JSON.stringify(line).includes('"stopped"'),
    );
    expect((running['recordings'] as { state: string }[]).map(({ state }) => state)).toEqual([
      ...['live', 'stopped', 'live'],
    ]);
    await more(30);
    say({ type: 'stop-recording', name: 'a.mp4', id: 7 });
    made.push((await answer(7))['recording'], (await ended(first))['data']);
    say({ type: 'stop-recording', id: 8 });
    await publisher.line(isError('last-output'));
    publisher.child.kill('SIGINT');
    const { code, summary, stderr } = await publisher.done;
    expect(code).toBe(6);
    expect(stderr).toContain(`✓ Recorded ${second} (00:00:`);
    expect(stderr).toContain('The recording goes on as before.');
    expect(stderr).not.toContain('The broadcast goes on');
    made.push((await ended(third))['data']);
    const recordings = summary['recordings'] as { path: string; bytes: number }[];
    expect(recordings.map(({ path }) => path)).toEqual([first, second, third]);
    for (const { path, bytes } of recordings) {
      expect(bytes).toBe((await stat(path)).size);
      expect(await decodeErrors(path)).toBe('');
      const milliseconds = Math.round(((await countFrames(path)) * 1_000) / 30);
      const told = made.filter((each) => (each as { path: string }).path === path);
      expect(told.length).toBe(path === third ? 1 : 2);
      for (const each of told as { bytes: number; durationMs?: number; milliseconds?: number }[]) {
        expect(each.bytes).toBe(bytes);
        const length = each.durationMs ?? each.milliseconds ?? 0;
        expect(Math.abs(length - milliseconds)).toBeLessThan(100);
      }
    }
  } finally {
    publisher.child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
}, 120_000);
