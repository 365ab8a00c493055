import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { decodeErrors, probe } from '../../test/support/media.js';
import { framesOf } from './recording-lines.js';
import { buildCli, killLeftovers, startCli } from './run-cli.js';

const run = promisify(execFile);
const [fps, kills, seed] = [30, 20, 20_261_130];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-killed-'));
  await buildCli();
});
afterEach(killLeftovers);
afterAll(() => rm(folder, { recursive: true }));

/** A linear congruential generator: the same moments in every run. */
function* randoms(from: number): Generator<number, never> {
  for (let state = from; ;) {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    yield state / 2 ** 32;
  }
}

test(`a recording that is killed at a random moment, ${kills} times, plays to within two seconds of it`, async () => {
  const loopback = ['--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0'];
  const server = startCli(['serve', ...loopback, '--json'], { killAfterMs: 600_000 });
  const { rtmp } = await server.line(({ state }) => state === 'listening');
  const random = randoms(seed);
  const lacking: number[] = [];
  for (let round = 1; round <= kills; round += 1) {
    const file = join(folder, `${round}.mp4`);
    const publisher = startCli([
      ...['publish', '--source', 'test', '--size', '320x180', '--fps', `${fps}`, '--json'],
      ...['--to', `${String(rtmp)}/live/${round}`, '--record', file],
    ]);
    const enough = Math.round(fps * (1 + 4 * random.next().value));
    const told = await publisher.line((line) => framesOf(line) >= enough);
    publisher.child.kill('SIGKILL');
    await publisher.done;
    const video = (await probe(file)).find(({ codec_type }) => codec_type === 'video');
    const recorded = Number(video?.nb_read_packets ?? 0);
    expect(await decodeErrors(file)).toBe('');
    const args = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file];
    const seconds = Number((await run('ffprobe', args)).stdout);
    expect(Math.abs(seconds - recorded / fps)).toBeLessThan(0.5);
    lacking.push(framesOf(told) - recorded);
  }
  const figures = process.env['TALLYLIGHT_FIGURES'];
  if (figures) await appendFile(figures, `${JSON.stringify({ seed, fps, lacking })}\n`);
  expect(Math.max(...lacking)).toBeLessThanOrEqual(2 * fps);
  server.child.kill('SIGINT');
  await server.done;
}, 600_000);
