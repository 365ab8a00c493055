import { existsSync, openSync, closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { RtmpServer } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, runCli, runProcess, startCli } from './run-cli.js';

// Whoever reads what is said may leave, stop reading, or have no room for it.

let server: RtmpServer;
let port = 0;
const picture = {
  track: 'video',
  codec: 'h264',
  type: 'frame',
  keyframe: true,
  payload: new Uint8Array(10_000),
} as const;
/** Frames by stream. */
const frames = new Map<string, number>();

beforeAll(async () => {
  await buildCli();
  server = new RtmpServer({
    async onPublish(ingest) {
      ingest.accept();
      for await (const item of ingest.items) {
        if (item.type !== 'packet' || item.packet.type !== 'frame') continue;
        frames.set(ingest.streamName, (frames.get(ingest.streamName) ?? 0) + 1);
      }
    },
    async onPlay(playback) {
      playback.accept();
      for (let at = 0; ; at += 40_000) {
        const packet = { ...picture, pts: at, dts: at } as const;
        await playback.write({ type: 'packet', packet });
        await delay(5);
      }
    },
  });
  ({ port } = await server.listen({ host: '127.0.0.1', port: 0 }));
});
afterEach(killLeftovers);
afterAll(() => server.close());

const publish = (name: string): string[] => [
  ...['publish', '--source', 'test', '--size', '320x180'],
  ...['--to', `rtmp://127.0.0.1:${port}/live/${name}`],
];

describe('a broadcast', () => {
  test.each([
    { stream: 'stderr', args: [], exit: 0 },
    { stream: 'stdout', args: ['--json'], exit: 5 },
  ] as const)('goes on to its end when the reader of $stream leaves', async (of) => {
    const name = `left-${of.stream}`;
    const running = startCli([...publish(name), '--duration', '3', ...of.args]);
    running.child[of.stream]?.destroy();
    const { code, stderr } = await running.done;
    expect(frames.get(name)).toBeGreaterThan(80);
    expect(code, stderr).toBe(of.exit);
    if (of.stream === 'stdout') expect(stderr).toContain('nobody reads it any more');
  });

  test('goes on, and can be stopped, while the reader reads nothing', async () => {
    const running = startCli([...publish('unread'), '--json', '--verbose']);
    running.child.stdout?.pause();
    running.child.stderr?.pause();
    await until('frames to arrive', () => Promise.resolve((frames.get('unread') ?? 0) > 60));
    running.child.kill('SIGINT');
    const ended = new Promise((resolve) => running.child.once('exit', resolve));
    expect(await ended).toBe(6);
    running.child.stdout?.resume();
    running.child.stderr?.resume();
    await running.done;
  });
});

test('play says that the reader of its stdout has left, and ends', async () => {
  const url = `rtmp://127.0.0.1:${port}/live/played`;
  const running = startCli(['play', url, '--output', '-']);
  await until('FLV on stdout', () => Promise.resolve(running.output().stdout.startsWith('FLV')));
  running.child.stdout?.destroy();
  const { code, stderr } = await running.done;
  expect(code, stderr).toBe(5);
  expect(stderr).toContain('Standard output cannot be written: nobody reads it any more');
  expect(stderr).toMatch(/^[\d,]+ bytes were written\.$/m);
  expect(stderr).not.toContain('Nothing was written');
});

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  test('play ends, and says that nothing was written', async () => {
    const url = `rtmp://127.0.0.1:${port}/live/full`;
    const { code, stderr, summary } = await runCli([
      'play',
      url,
      '--output',
      '/dev/full',
      '--json',
    ]);
    expect(code, stderr).toBe(5);
    expect(stderr).toContain('/dev/full cannot be written: the disk is full.');
    expect(stderr).toContain('Nothing was written.');
    expect(summary['type']).toBe('summary');
    expect(summary['output']).toBeUndefined();
  });

  test.each([[['devices']], [['devices', '--json']], [['profiles', 'list']], [['--help']]])(
    '%s says that nobody gets its answer',
    async (args) => {
      const full = openSync('/dev/full', 'w');
      try {
        const { code, stderr } = await runProcess(args, { stdout: full });
        expect(code).toBe(5);
        expect(stderr).toContain('Standard output cannot be written: the disk is full');
      } finally {
        closeSync(full);
      }
    },
  );
});

test.each([
  [['devices'], /^Cameras$/m],
  [['profiles', 'list'], /^Built-in server/m],
])('what was asked for is on stdout: %s', async (args, answer) => {
  const result = await runCli(args);
  expect(result.code, result.stderr).toBe(0);
  expect(result.stdout).toMatch(answer);
  expect(result.stderr).not.toMatch(answer);
});
