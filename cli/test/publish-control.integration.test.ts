import { afterEach, beforeAll, expect, test } from 'vitest';
import { LiveHub, liveHandlers, RtmpServer } from 'node-rtmp-client';
import { freePort } from '../../test/support/free-port.js';
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
    await error('not-a-control-line');
    say(`{"type":"add","to":"${'x'.repeat(100_000)}"}`);
    await error('not-a-control-line', 2);
    say({ type: 'add', to: `${base}/second-SECRET` });
    await error('same-destination');
    say({ type: 'remove', name: 'nobody' });
    await error('no-such-destination');

    say({ type: 'bitrate', videoBitrate: 'more' });
    await error('not-a-control-line', 3);
    say({ type: 'bitrate', videoBitrate: '400k' });
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
    expect(summary.destinations).toHaveLength(3);
    const [first, second] = summary.destinations;
    expect(first).toMatchObject({ framesDropped: 0, state: 'stopped' });
    expect(second?.framesSent).toBeGreaterThan(0);
  } finally {
    publisher.child.kill('SIGKILL');
    await Promise.all([server.close(), late.close()]);
  }
}, 120_000);
