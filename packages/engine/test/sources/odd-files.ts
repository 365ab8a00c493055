import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs ffmpeg to write `name` into `folder`. */
const ffmpeg = async (folder: string, name: string, args: readonly string[]): Promise<void> => {
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, name], { cwd: folder });
};

const lavfi = (graph: string): string[] => ['-f', 'lavfi', '-i', graph];
const picture = (size = '320x180', rate = 30, seconds = 1): string[] =>
  lavfi(`testsrc2=s=${size}:r=${rate}:d=${seconds}`);
const sound = (rate = 48_000, seconds = 1): string[] => lavfi(`sine=440:r=${rate}:d=${seconds}`);
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '15'];
const film = [...picture(), ...sound(), ...x264, '-c:a', 'aac'];

type Recipe = (folder: string, name: string) => Promise<void>;

const made =
  (...args: string[]): Recipe =>
  (folder, name) =>
    ffmpeg(folder, name, args);

/** From files that are made first, by their names. */
const from =
  (names: readonly string[], ...args: string[]): Recipe =>
  async (folder, name) => {
    await Promise.all(names.map((each) => makeOnce(folder, each)));
    await ffmpeg(folder, name, args);
  };

/** Files as people have them; each name says what is odd about it. About a second long, where they have a length. */
const recipes = {
  'plain.mp4': made(...film),
  'fast-start.mp4': made(...film, '-movflags', '+faststart'),
  'still.png': made(...lavfi('color=red:s=600x600'), '-frames:v', '1'),
  'still.jpg': made(...lavfi('color=red:s=600x600'), '-frames:v', '1'),
  'cover-art.mp4': from(
    ['still.jpg', 'plain.mp4'],
    ...['-i', 'still.jpg', '-i', 'plain.mp4', '-map', '0', '-map', '1', '-c', 'copy'],
    ...['-disposition:v:0', 'attached_pic'],
  ),
  // The same without the mark, so that it is the first picture track.
  'cover-art-unmarked.mkv': from(
    ['still.jpg', 'plain.mp4'],
    ...['-i', 'still.jpg', '-i', 'plain.mp4', '-map', '0', '-map', '1', '-c', 'copy'],
    ...['-disposition', '0'],
  ),
  'attached-cover.mkv': from(
    ['still.jpg', 'plain.mp4'],
    ...['-i', 'plain.mp4', '-c', 'copy', '-attach', 'still.jpg'],
    ...['-metadata:s:t', 'mimetype=image/jpeg'],
  ),
  'timecode.mov': from(
    ['plain.mp4'],
    ...['-i', 'plain.mp4', '-c', 'copy', '-timecode', '01:00:00:00'],
  ),
  'two-pictures.mkv': made(
    ...[...picture('640x360'), ...picture(), ...sound(), '-map', '0', '-map', '1', '-map', '2'],
    ...[...x264, '-c:a', 'aac', '-disposition:v:0', '0', '-disposition:v:1', 'default'],
  ),
  'two-sounds.mkv': made(
    ...[...picture(), ...sound(44_100), ...sound(), '-map', '0', '-map', '1', '-map', '2'],
    ...[...x264, '-c:a', 'aac', '-disposition:a:0', '0', '-disposition:a:1', 'default'],
  ),
  'no-sound.mp4': made(...picture(), ...x264),
  'no-picture.m4a': made(...sound(), '-c:a', 'aac'),
  'b-frames.avi': made(...picture(), ...sound(), ...x264, '-bf', '2', '-c:a', 'mp3'),
  'b-frames.h264': made(...picture(), ...x264, '-preset', 'medium', '-bf', '2'),
  'no-b-frames.h264': made(...picture(), ...x264),
  'moving.gif': made(...picture('320x180', 10)),
  'empty.mp4': (folder: string, name: string) => writeFile(join(folder, name), ''),
  'text.mp4': (folder: string, name: string) => writeFile(join(folder, name), 'This is no film.'),
} as const satisfies Record<string, Recipe>;

export type OddFileName = keyof typeof recipes;

/** Makes an odd file in `folder`, once. @returns its path. */
export const makeOddFile = (folder: string, name: OddFileName): Promise<string> =>
  makeOnce(folder, name);

const making = new Map<string, Promise<string>>();

function makeOnce(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const running = making.get(path) ?? make(folder, name).then(() => path);
  making.set(path, running);
  return running;
}

async function make(folder: string, name: string): Promise<void> {
  const all: Record<string, Recipe | undefined> = recipes;
  const recipe = all[name];
  if (!recipe) throw new Error(`There is no recipe for ${name}`);
  await recipe(folder, name);
}
