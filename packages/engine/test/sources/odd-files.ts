import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
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

const turned = (name: string, degrees: number): string[] => [
  ...['-i', name, '-c', 'copy', '-metadata:s:v', `rotate=${degrees}`],
];

const hdr = (transfer: string): string[] => [
  ...[...picture(), ...sound(), '-vf', 'format=yuv420p10le', '-c:v', 'libx265', '-preset'],
  ...['ultrafast', '-x265-params', `log-level=error:transfer=${transfer}`],
  ...['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'],
  ...['-tag:v', 'hvc1', '-c:a', 'aac'],
];

/** What becomes of the bytes of another file. */
const changed =
  (other: string, change: (bytes: Buffer) => Uint8Array): Recipe =>
  async (folder, name) => {
    const bytes = await readFile(await makeOnce(folder, other));
    await writeFile(join(folder, name), change(bytes));
  };

/** In the middle of a packet of MPEG-TS, too. */
const cut = (name: string): Recipe =>
  changed(name, (bytes) => bytes.subarray(0, 188 * Math.floor(bytes.length / 188 / 2) + 100));

const joined =
  (...names: string[]): Recipe =>
  async (folder, name) => {
    const parts = await Promise.all(names.map((each) => makeOnce(folder, each)));
    await writeFile(
      join(folder, name),
      Buffer.concat(await Promise.all(parts.map((p) => readFile(p)))),
    );
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
  'anamorphic.mp4': made(
    ...[...lavfi('color=white:s=320x180:r=30:d=1'), ...sound(), '-vf', 'setsar=4/3'],
    ...[...x264, '-c:a', 'aac'],
  ),
  'white.mp4': made(
    ...[...lavfi('color=white:s=320x180:r=30:d=1'), ...sound(), ...x264, '-c:a', 'aac'],
  ),
  'turned-90.mp4': from(['white.mp4'], ...turned('white.mp4', 90)),
  'turned-180.mp4': from(['plain.mp4'], ...turned('plain.mp4', 180)),
  'hlg.mp4': made(...hdr('arib-std-b67')),
  'pq.mp4': made(...hdr('smpte2084')),
  'ten-bit.mp4': made(...picture(), ...sound(), ...x264, '-pix_fmt', 'yuv420p10le', '-c:a', 'aac'),
  'full-color.mp4': made(...picture(), ...sound(), ...x264, '-pix_fmt', 'yuv444p', '-c:a', 'aac'),
  'interlaced.mp4': made(
    ...[...picture('320x180', 60), ...sound(), '-vf', 'interlace', ...x264],
    ...['-flags', '+ildct+ilme', '-c:a', 'aac'],
  ),
  'variable-rate.mp4': made(
    ...[...picture(), ...sound(), '-vf', "select='not(mod(n,7))+not(mod(n,5))'"],
    ...['-fps_mode', 'vfr', ...x264, '-c:a', 'aac'],
  ),
  'one-per-second.mp4': made(
    ...picture('320x180', 1, 2),
    ...sound(48_000, 2),
    ...x264,
    '-c:a',
    'aac',
  ),
  '120-per-second.mp4': made(...picture('320x180', 120), ...sound(), ...x264, '-c:a', 'aac'),
  'uneven.mp4': made(
    ...[
      ...lavfi('testsrc=s=641x361:r=30:d=1'),
      ...sound(),
      ...x264,
      '-pix_fmt',
      'yuv444p',
      '-c:a',
      'aac',
    ],
  ),
  'one-keyframe.mp4': made(...picture(), ...sound(), ...x264, '-g', '9999', '-c:a', 'aac'),
  'one-picture.mp4': made(...picture(), ...sound(), ...x264, '-frames:v', '1', '-c:a', 'aac'),
  'delayed-sound.mp4': from(
    ['plain.mp4'],
    ...['-i', 'plain.mp4', '-itsoffset', '0.3', '-i', 'plain.mp4'],
    ...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
  ),
  'wrapped-times.ts': made(
    ...[...film, '-bf', '2', '-output_ts_offset', '95443', '-muxdelay', '0', '-muxpreload', '0'],
  ),
  'negative-start.mkv': made(...picture(), ...sound(), ...x264, '-bf', '2', '-c:a', 'libopus'),
  'mono-44k.mp4': made(...picture(), ...sound(44_100), ...x264, '-c:a', 'aac'),
  'surround.mp4': made(...picture(), ...sound(), ...x264, '-ac', '6', '-c:a', 'aac'),
  '96k.mp4': made(...picture(), ...sound(96_000), ...x264, '-c:a', 'aac'),
  'mp3.mp4': made(...picture(), ...sound(), ...x264, '-c:a', 'libmp3lame'),
  'pcm.mov': made(...picture(), ...sound(), ...x264, '-c:a', 'pcm_s16le'),
  'sound.wav': made(...sound()),
  'hevc.mp4': made(
    ...[...picture(), ...sound(), '-c:v', 'libx265', '-preset', 'ultrafast', '-bf', '0'],
    ...['-x265-params', 'log-level=error', '-tag:v', 'hvc1', '-c:a', 'aac'],
  ),
  'av1.mp4': made(
    ...[...picture('320x180', 10), ...sound(), '-c:v', 'libsvtav1', '-preset', '12'],
    ...['-c:a', 'aac'],
  ),
  'vp9.webm': made(
    ...[...picture(), ...sound(), '-c:v', 'libvpx-vp9', '-deadline', 'realtime'],
    ...['-cpu-used', '8', '-c:a', 'libopus'],
  ),
  'plain.flv': made(...film, '-bf', '2'),
  'larger.flv': made(...picture('640x360'), ...sound(44_100), ...x264, '-c:a', 'aac'),
  'old-codec.flv': made(...picture(), '-c:v', 'flv'),
  'plain.ts': made(...film, '-bf', '2'),
  'larger.ts': made(...picture('640x360'), ...sound(44_100), ...x264, '-bf', '2', '-c:a', 'aac'),
  'changing.ts': joined('plain.ts', 'larger.ts'),
  'truncated.mp4': cut('plain.mp4'),
  'truncated-fast-start.mp4': cut('fast-start.mp4'),
  'truncated.flv': cut('plain.flv'),
  'truncated.ts': cut('plain.ts'),
  'truncated.mkv': cut('negative-start.mkv'),
  'corrupt.mp4': changed('fast-start.mp4', (bytes) =>
    bytes.fill(0xa5, bytes.length >> 1, (bytes.length >> 1) + 9_000),
  ),
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
