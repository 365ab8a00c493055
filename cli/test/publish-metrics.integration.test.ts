import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { RtmpServer } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildCli, killLeftovers, runCli, startCli, type JsonLine } from './run-cli.js';

// What Prometheus is told of a broadcast of the command line is what its own lines say.

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
const key = 'k3y-of-metrics';
const server = new RtmpServer({
  onPublish: (ingest) => ingest.accept(() => undefined),
});
let serverUrl = '';
let to: string[] = [];

beforeAll(async () => {
  await buildCli();
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  serverUrl = `rtmp://127.0.0.1:${port}/live`;
  to = ['--to', `${serverUrl}/${key}`];
});
afterEach(killLeftovers);
afterAll(() => server.close());

const small = ['publish', '--source', 'test', '--size', '320x180', '--fps', '15'];

/** As somebody else's program gets it. */
const curl = async (url: string): Promise<string> =>
  (await promisify(execFile)('curl', ['-sSf', url])).stdout;

interface Stats extends JsonLine {
  readonly encoderSpeed?: number;
  readonly program?: { readonly cpu: number; readonly memoryBytes: number };
  readonly video: { readonly frames: number };
  readonly destinations: readonly { readonly framesSent: number; readonly bytesSent: number }[];
}
const isMeasured = (line: JsonLine): boolean => {
  const { type, encoderSpeed, program } = line as Partial<Stats>;
  return type === 'stats' && encoderSpeed !== undefined && program !== undefined;
};

test('publish --metrics answers Prometheus with the figures of the broadcast, and with no key', async () => {
  const running = startCli([...small, '--json', '--metrics', '0', ...to]);
  const listening = await running.line(({ metrics }) => metrics !== undefined);
  const url = String(listening['metrics']);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const before = (await running.line(isMeasured)) as Stats;
  const text = await curl(url);
  running.child.kill('SIGINT');
  const { stderr, summary } = await running.done;

  if (hasPromtool) {
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([checked.status, checked.stderr, checked.stdout]).toEqual([0, '', '']);
  }
  expect(text).not.toContain(key);
  const value = (name: string): number =>
    Number(new RegExp(String.raw`^${name}(?:\{[^}]*\})? (\S+)$`, 'm').exec(text)?.[1] ?? NaN);
  expect(value('tallylight_destination_up')).toBe(1);
  expect(text).toContain(`tallylight_destination_up{destination="${serverUrl}"} 1\n`);
  // It was read after the one and before the other.
  const between = (name: string, first: number | undefined, last: number | undefined): void => {
    expect(value(name), name).toBeGreaterThanOrEqual(first ?? NaN);
    expect(value(name), name).toBeLessThanOrEqual(last ?? NaN);
  };
  const [told] = before.destinations;
  const [sum] = summary.destinations;
  between('tallylight_broadcast_captured_frames_total', before.video.frames, summary.video.frames);
  between('tallylight_destination_sent_frames_total', told?.framesSent, sum?.framesSent);
  between('tallylight_destination_sent_bytes_total', told?.bytesSent, sum?.bytesSent);
  expect(value('tallylight_program_cpu_cores')).toBeGreaterThan(0);
  // Node and ffmpeg.
  expect(value('tallylight_program_resident_memory_bytes')).toBeGreaterThan(
    value('process_resident_memory_bytes'),
  );
  expect(value('tallylight_broadcast_encoder_speed_ratio')).toBeGreaterThan(0);
  expect(stderr).toContain(`Figures for Prometheus at ${url}`);
});

test('the built-in profile and Prometheus have one server', async () => {
  const running = startCli([
    ...[...small, '--json', '--metrics', '0', '--profile', 'Built-in server'],
  ]);
  const { metrics } = await running.line((line) => line['metrics'] !== undefined);
  await running.line(isMeasured);
  const text = await curl(String(metrics));
  running.child.kill('SIGINT');
  const { stderr } = await running.done;
  expect(text).toContain('tallylight_destination_up{destination="Built-in server"} 1');
  expect(text).toMatch(/^tallylight_streams 1$/m);
  expect(stderr).toContain(`Watch at ${new URL(String(metrics)).origin}/`);
});

test('a port that is taken, or is none, is said before anything goes anywhere', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? (address?.port ?? NaN) : NaN;
  try {
    const taken = await runCli([...small, '--metrics', String(port), ...to]);
    expect(taken.code).not.toBe(0);
    expect(taken.stderr).toContain(`127.0.0.1:${port}`);
    expect(taken.stderr).not.toContain('Publishing to');
  } finally {
    other.close();
  }
  const wrong = await runCli([...small, '--metrics', '99999', ...to]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('--metrics');
});
