import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Film {
  /** Its ending says what container it gets. */
  readonly name: string;
  readonly size: string;
  readonly fps: number;
  readonly seconds: number;
  /** Hz; without sound where absent. */
  readonly sound?: number;
}

/** Three as people have them: no two alike in size, rate or sound, the last one mute. */
export const unlikeFilms: readonly Film[] = [
  { name: 'small.mp4', size: '320x180', fps: 30, seconds: 2, sound: 48_000 },
  { name: 'large.mkv', size: '640x360', fps: 25, seconds: 2, sound: 44_100 },
  { name: 'mute.mp4', size: '426x240', fps: 30, seconds: 2 },
];

/** H.264 with B-frames and AAC, of which no two frames are the same. @returns its path. */
export async function makeFilm(
  folder: string,
  { name, size, fps, seconds, sound }: Film,
): Promise<string> {
  const file = join(folder, name);
  const length = ['-t', `${seconds}`];
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', ...length, '-i', `testsrc2=size=${size}:rate=${fps}`],
    ...(sound === undefined
      ? ['-an']
      : [
          '-f',
          'lavfi',
          ...length,
          '-i',
          `anoisesrc=sample_rate=${sound}:seed=7`,
          '-c:a',
          'aac',
          '-ac',
          '2',
        ]),
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '25', '-pix_fmt', 'yuv420p'],
    file,
  ]);
  return file;
}

export const makeFilms = (folder: string, films: readonly Film[]): Promise<string[]> =>
  Promise.all(films.map((film) => makeFilm(folder, film)));
