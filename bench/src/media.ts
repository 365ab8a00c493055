import { execFile } from 'node:child_process';
import { mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const loopSeconds = 30;

/** Where what is made once is kept between runs. */
const mediaFolder = join(tmpdir(), 'tallylight-bench');

/**
 * An FLV of about so many megabytes: 1280×720 at 30 fps, H.264 High with B-frames, 6 Mbit/s, a keyframe every two
 * seconds, and AAC stereo, 48 kHz, 128 kbit/s. Made by ffmpeg unless it is there.
 */
export async function flvOf(megabytes: number): Promise<string> {
  const loop = await once('loop.flv', async (file) => {
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi'],
      ...['-i', 'testsrc2=size=1280x720:rate=30,noise=alls=20:allf=t'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', `${loopSeconds}`],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
      ...['-bf', '2', '-g', '60', '-b:v', '6M', '-maxrate', '6M', '-bufsize', '12M'],
      ...['-c:a', 'aac', '-ac', '2', '-b:a', '128k', '-f', 'flv', file],
    ]);
  });
  const { size } = await stat(loop);
  const repeats = Math.max(1, Math.round((megabytes * 1e6) / size));
  return once(`${repeats}-loops.flv`, async (file) => {
    const loops = ['-stream_loop', `${repeats - 1}`, '-i', loop];
    await run('ffmpeg', ['-v', 'error', '-y', ...loops, '-c', 'copy', '-f', 'flv', file]);
  });
}

/**
 * An FLV of so many seconds of a usual stream: 1280×720 at 30 fps, H.264 with B-frames, 2.5 Mbit/s, a keyframe every two
 * seconds, and AAC stereo, 48 kHz, 128 kbit/s. Made by ffmpeg unless it is there.
 */
export const usualFlv = (seconds: number): Promise<string> =>
  once(`usual-${seconds}.flv`, async (file) => {
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi'],
      ...['-i', 'testsrc2=size=1280x720:rate=30,noise=alls=12:allf=t'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', `${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
      ...['-bf', '2', '-g', '60', '-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '5M'],
      ...['-c:a', 'aac', '-ac', '2', '-b:a', '128k', '-f', 'flv', file],
    ]);
  });

async function once(name: string, make: (file: string) => Promise<void>): Promise<string> {
  await mkdir(mediaFolder, { recursive: true });
  const file = join(mediaFolder, name);
  if (await stat(file).catch(() => undefined)) return file;
  process.stderr.write(`making ${file}\n`);
  // Under another name first, so that a run that was interrupted leaves nothing that looks complete.
  const unfinished = join(mediaFolder, `unfinished-${process.pid}.flv`);
  await make(unfinished);
  await rename(unfinished, file);
  return file;
}
