import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clip } from '../../test/support/media.js';
import { matchDelay, type MatchedDelay } from '../src/media/monitor/match-delay.js';
import { describePicture, raster, type SeenPicture } from '../src/media/monitor/picture-raster.js';

const run = promisify(execFile);
const seconds = 13;
/** Of the footage. */
const frameMs = 1000 / 30;

let folder = '';
let source = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-monitor-delay-'));
  source = await clip(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Each frame of a file as the monitor looks at it, at its time plus `lateMs`. */
async function look(file: string, lateMs: number): Promise<SeenPicture[]> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-t', `${seconds}`, '-i', file, '-an'],
      ...['-vf', `scale=${raster.width}:${raster.height}:flags=area,format=gray`],
      ...['-f', 'rawvideo', '-'],
    ],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  );
  const bytes = raster.width * raster.height;
  return Array.from({ length: stdout.length / bytes }, (_, frame) =>
    describePicture(frame * frameMs + lateMs, stdout.subarray(frame * bytes, (frame + 1) * bytes)),
  );
}

/** As a server might send it out, at a low bitrate. */
async function encode(input: readonly string[], name: string): Promise<string> {
  const file = join(folder, name);
  await run('ffmpeg', [
    ...['-v', 'error', '-y', ...input, '-t', `${seconds}`, '-an'],
    ...['-vf', 'scale=320:180', '-c:v', 'libx264', '-preset', 'superfast', '-g', '60'],
    ...['-b:v', '150k', '-maxrate', '150k', '-bufsize', '150k', file],
  ]);
  return file;
}

/** What a window samples: not every frame. */
const every = (pictures: readonly SeenPicture[], step: number): SeenPicture[] =>
  pictures.filter((_, index) => index % step === 0);

/** What is told when so much of it has been played. */
const delayAfter = (
  captured: readonly SeenPicture[],
  played: readonly SeenPicture[],
  now: number,
): MatchedDelay =>
  matchDelay(
    captured.filter(({ at }) => at <= now),
    played.filter(({ at }) => at <= now),
  );

test('the delay of real footage, encoded anew at 150 kbit/s, is told to a frame and 50 ms', async () => {
  const captured = every(await look(source, 0), 2);
  const encoded = await encode(['-i', source], 'played.mp4');
  for (const lateMs of [480, 2_345]) {
    const played = every(await look(encoded, lateMs), 3);
    const found = [];
    for (let now = lateMs + 6_500; now < seconds * 1000; now += 2_000)
      found.push(delayAfter(captured, played, now));
    const told = found.flatMap((each) => (each.type === 'matched' ? [each.delayMs] : []));
    // Never wrong; of a cut or a quiet moment it may say nothing.
    for (const delayMs of told) expect(Math.abs(delayMs - lateMs)).toBeLessThan(frameMs + 50);
    expect(told.length).toBeGreaterThan(found.length / 2);
  }
});

test('of a picture that stands still no delay is told', async () => {
  const picture = join(folder, 'still.png');
  const small = ['-frames:v', '1', '-vf', 'scale=320:180', picture];
  await run('ffmpeg', ['-v', 'error', '-y', '-ss', '5', '-i', source, ...small]);
  // As a camera has noise where nothing moves.
  const noisy = join(folder, 'noisy.mp4');
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-loop', '1', '-framerate', '30', '-i', picture, '-t', '9'],
    ...['-vf', 'noise=alls=6:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', noisy],
  ]);
  const captured = every(await look(noisy, 0), 2);
  const played = every(await look(await encode(['-i', noisy], 'still.mp4'), 1_500), 3);
  for (const now of [8_000, 9_000])
    expect(delayAfter(captured, played, now)).toEqual({ type: 'still' });
});
