import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtmpServer } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../test/support/free-port.js';
import { hasNginxRtmp, startNginxRtmp } from '../../test/support/nginx.js';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, runCli, startCli, type JsonLine } from './run-cli.js';

// What is said while it is on air, and how it ends, is what happens.

let folder = '';
const servers = new Set<RtmpServer>();

beforeAll(async () => {
  await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'tallylight-truth-'));
});
afterEach(async () => {
  killLeftovers();
  for (const server of servers) await server.close();
  servers.clear();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Takes whatever is published. */
async function startServer(port = 0): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = new RtmpServer({
    async onPublish(ingest) {
      ingest.accept();
      const items = ingest.items[Symbol.asyncIterator]();
      while (!(await items.next()).done);
    },
  });
  servers.add(server);
  const address = await server.listen({ host: '127.0.0.1', port });
  return { port: address.port, stop: () => server.close() };
}

const small = ['publish', '--json', '--source', 'test', '--size', '320x180'];
const to = (port: number): string[] => ['--to', `rtmp://127.0.0.1:${port}/live/k3y-of-truth`];

interface Told {
  readonly state?: string;
  readonly code?: string;
  readonly onAirMs?: number;
  readonly video?: { readonly frames: number };
  readonly destinations?: readonly {
    readonly state: string;
    readonly bitrate?: number;
    readonly framesMissed?: number;
    readonly waiting?: { readonly attempt: number; readonly until: number };
    readonly lostAt?: number;
  }[];
}
const told = (line: JsonLine): Told => line as Told;
const isState = (line: JsonLine, state: string): boolean =>
  line.type === 'state' && told(line).state === state;

/** A server that closes before has refused. */
const isStable = (line: JsonLine): boolean =>
  JSON.stringify(line).includes('"phase":"stable","state":"done"');

describe('a server that goes away', () => {
  test('each try and the return are told, and figures are of what leaves', async () => {
    const first = await startServer();
    const running = startCli([...small, ...to(first.port)]);
    await running.line(isStable);
    await first.stop();
    const lost = await running.line((line) => isState(line, 'reconnecting'));
    expect(told(lost).destinations?.[0]?.lostAt).toBeGreaterThan(0);
    // The second try is a new one, of which the line tells when it is.
    const waiting = await running.line(
      (line) => line.type === 'state' && told(line).destinations?.[0]?.waiting?.attempt === 2,
    );
    expect(told(waiting).destinations?.[0]?.waiting?.until).toBeGreaterThan(Date.now() - 60_000);
    const meanwhile = await running.line(
      (line) => line.type === 'stats' && told(line).destinations?.[0]?.state === 'reconnecting',
    );
    expect(told(meanwhile).destinations?.[0]?.bitrate).toBe(0);

    await startServer(first.port);
    const again = (line: JsonLine): boolean =>
      line.type === 'stats' &&
      JSON.stringify(line).includes('"reconnects":1') &&
      (told(line).destinations?.[0]?.bitrate ?? 0) > 0;
    await running.line(again);
    running.child.kill('SIGINT');
    const { code, stderr, summary } = await running.done;
    expect(code, stderr).toBe(6);
    expect(summary.lastError).toBeUndefined();
    const story = [
      ...['LIVE', 'connection to 127.0.0.1 was lost', 'tries again by itself'],
      ...['try 1 in', 'OFF AIR', 'is back on air after 00:00:', 'Done: '],
    ];
    const places = story.map((text) => stderr.indexOf(text));
    expect(
      places.every((place) => place >= 0),
      stderr,
    ).toBe(true);
    expect(
      [...places].sort((a, b) => a - b),
      stderr,
    ).toEqual(places);
    expect(stderr).not.toMatch(/go live again/);
    // The outage is no time on air, in the last line and in the summary alike.
    const onAir = Number(summary['onAirMs']);
    expect(onAir).toBeLessThan(summary.durationMs);
    const [, minutes, seconds] = /Done: 00:(\d\d):(\d\d) on air/.exec(stderr) ?? [];
    expect(Number(minutes) * 60 + Number(seconds)).toBe(Math.round(onAir / 1000));
    expect(stderr).toMatch(/Done: .* up to \d+ missed while there was no connection/);
  });

  test('Ctrl+C while it is tried again ends it, but it was not done', async () => {
    const { port, stop } = await startServer();
    const running = startCli([...small, ...to(port)]);
    await running.line(isStable);
    await stop();
    await running.line(
      (line) => line.type === 'stats' && (told(line).destinations?.[0]?.framesMissed ?? 0) > 0,
    );
    running.child.kill('SIGINT');
    const { code, stderr, summary } = await running.done;
    expect(code, stderr).toBe(3);
    expect(summary.lastError).toEqual(summary.destinations[0]?.lastError);
    expect(summary.destinations[0]?.state).toBe('stopped');
    const { framesSent, framesMissed } = summary.destinations[0] ?? {};
    expect(Number(framesSent) + Number(framesMissed)).toBe(summary.video.frames);
    expect(stderr).not.toContain('Done: ');
    expect(stderr).toMatch(
      new RegExp(
        `Ended while the connection was lost: .* on air, (.* from the source, )?${String(framesSent)} frames sent, up to ${String(framesMissed)} missed`,
      ),
    );
  });
});

test.skipIf(!hasNginxRtmp())(
  'a server that stands still when the broadcast ends has not got it, whatever was written to it',
  async () => {
    const nginx = await startNginxRtmp();
    try {
      const running = startCli([...small, '--to', `${nginx.serverUrl}/show`]);
      let before = 0;
      await running.line((line) => {
        before = told(line).video?.frames ?? before;
        return isStable(line);
      });
      nginx.standStill();
      const later = await running.line((line) => Number(told(line).video?.frames) > before + 60);
      running.child.kill('SIGINT');
      const { code, stderr, summary } = await running.done;
      nginx.goOn();
      expect(code, stderr).toBe(3);
      const { framesSent = NaN, framesMissed = NaN, ...end } = summary.destinations[0] ?? {};
      expect(end).toMatchObject({ state: 'stopped', framesDropped: 0 });
      expect(framesSent + framesMissed).toBe(summary.video.frames);
      // Time on air and frames end at the same moment, which was before all that was written to it.
      const onAir = Number(summary['onAirMs']);
      expect(onAir).toBeLessThan(Number(told(later).onAirMs));
      expect(framesMissed).toBeGreaterThan(0);
      expect(stderr).toContain('Ended while the connection was lost');
    } finally {
      await nginx.stop();
    }
  },
);

describe('a recording that fails', () => {
  test.each([
    ...(existsSync('/dev/full')
      ? [{ name: 'the disk is full', path: () => '/dev/full', why: /the disk is full/ }]
      : []),
  ])('is told while the broadcast goes on: $name', async ({ path, why }) => {
    const { port } = await startServer();
    const running = startCli([...small, ...to(port), '--record', path()]);
    const error = await running.line(({ type }) => type === 'error');
    expect(error['code']).toBe('RECORDING_FAILED');
    expect(error['message']).toMatch(why);
    await running.line((line) => isState(line, 'live'));
    const [state] = [await running.line((line) => JSON.stringify(line).includes('"failed"'))];
    expect(state).toMatchObject({ recording: { state: 'failed' } });
    running.child.kill('SIGINT');
    const { code, stderr, summary } = await running.done;
    expect(stderr.match(why)?.index).toBeLessThan(stderr.indexOf('LIVE'));
    expect(stderr).toContain('goes on without the recording');
    expect(stderr).toContain('Ended: ');
    expect(stderr).toContain('Nothing was recorded.');
    expect(summary.destinations[0]).toMatchObject({ state: 'stopped' });
    expect(summary.lastError?.code).toBe('RECORDING_FAILED');
    // The rest was done.
    expect(code, stderr).toBe(7);
  });
});

test('one of two servers is down: both are told, and the exit code says partly', async () => {
  const { port } = await startServer();
  const result = await runCli([
    ...['publish', '--source', 'test', '--size', '320x180', '--duration', '2'],
    ...[...to(await freePort()), ...to(port)],
  ]);
  expect(result.code, result.stderr).toBe(7);
  expect(result.stderr).toMatch(/Ended: 00:00:0\d on air$/m);
  expect(result.stderr).toMatch(/ {2}✗ rtmp:.*refused the connection/);
  expect(result.stderr).toMatch(/ {2}✓ rtmp:.*: \d+ frames sent$/m);
});

test.skipIf(!existsSync('/dev/full'))(
  'a trace that fails is told at once, and at the end',
  async () => {
    const { port } = await startServer();
    const running = startCli([...small, ...to(port), '--trace', '/dev/full']);
    expect(await running.line(({ type }) => type === 'error')).toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: '/dev/full cannot be written: the disk is full.',
    });
    await running.line((line) => isState(line, 'live'));
    running.child.kill('SIGINT');
    const { code, summary } = await running.done;
    expect(code).toBe(7);
    expect(summary.lastError?.code).toBe('FILE_UNWRITABLE');
  },
);

test.skipIf(process.platform === 'win32').each([
  { stage: 'starts', hangs: '' },
  // What comes before goes to the real one.
  { stage: 'waits for its source', hangs: 'case "$*" in *pipe:*) ;; *) exec ffmpeg "$@";; esac' },
])(
  'who stops it while it $stage reads that last, and of no destination and no recording',
  async ({ stage, hangs }) => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-stop-'));
    try {
      const slow = join(folder, 'ffmpeg');
      const asked = join(folder, 'asked');
      const script = `#!/bin/sh\n${hangs}\ntouch '${asked}'\nexec sleep 600\n`;
      await writeFile(slow, script, { mode: 0o755 });
      const { port } = await startServer();
      const file = join(folder, 'show.flv');
      const running = startCli([...small, ...to(port), '--record', file], {
        env: { TALLYLIGHT_FFMPEG: slow },
      });
      await until('ffmpeg to be asked', () => existsSync(asked));
      running.child.kill('SIGTERM');
      // Nobody waits for what is not wanted any more: it would be longer than any test may take.
      const { code, stderr, summary } = await running.done;
      const lines = stderr.split('\n').filter((line) => line !== '');
      if (stage !== 'starts') expect(lines.shift()).toMatch(/^Publishing to /);
      expect(lines).toEqual([
        'Stopping.',
        'Stopped before it was live: nobody received anything.',
        'Nothing was recorded.',
      ]);
      expect(existsSync(file)).toBe(false);
      expect(code).toBe(6);
      expect(summary).toMatchObject({ type: 'summary', onAirMs: 0 });
      expect(summary.recording).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
