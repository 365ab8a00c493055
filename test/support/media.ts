import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxBuffer = 256 * 1024 * 1024;

export interface ProbedStream {
  readonly codec_type: 'video' | 'audio';
  readonly codec_name: string;
  readonly profile?: string;
  readonly width?: number;
  readonly height?: number;
  readonly color_transfer?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly nb_read_packets: string;
}

/** The streams of a file as ffprobe sees them, with their packets counted. */
export async function probe(file: string): Promise<ProbedStream[]> {
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'error', '-count_packets', '-show_streams', '-of', 'json', file],
    { maxBuffer },
  );
  return (JSON.parse(stdout) as { streams: ProbedStream[] }).streams;
}

/**
 * What ffmpeg complains of when it decodes the whole file: an empty string for a clean one. Frames keep their times: on
 * the grid of the frame rate, those of a camera that came in a rush would share one.
 */
export async function decodeErrors(file: string): Promise<string> {
  const asTheyCome = ['-fps_mode', 'passthrough', '-enc_time_base:v', '-1'];
  const { stderr } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', file, ...asTheyCome, '-f', 'null', '-'],
    { maxBuffer },
  );
  return stderr;
}

/** Decoded video frames of a file, by ffprobe. */
export async function countFrames(file: string): Promise<number> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-count_frames'],
    ...['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', file],
  ]);
  return Number.parseInt(stdout, 10);
}

/** The decode times of a track's packets in milliseconds, as the container has them. */
export async function decodeTimes(file: string, track: 'v:0' | 'a:0'): Promise<number[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      '-v',
      'error',
      '-select_streams',
      track,
      '-show_entries',
      'packet=dts',
      '-of',
      'csv=p=0',
      file,
    ],
    { maxBuffer },
  );
  return stdout
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
    .filter((value) => Number.isFinite(value));
}

/** The presentation times of a video's packets in milliseconds, in the order of the file. */
export async function pictureTimes(file: string): Promise<number[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-select_streams', 'v:0'],
      ...['-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file],
    ],
    { maxBuffer },
  );
  return stdout
    .split('\n')
    .map((line) => Number.parseFloat(line) * 1000)
    .filter((value) => Number.isFinite(value));
}

export interface HashedPacket {
  /** Milliseconds. */
  readonly pts: number;
  readonly dts: number;
  readonly hash: string;
}

/** A track's packets as ffprobe sees them. */
export async function hashedPackets(file: string, track: 'v:0' | 'a:0'): Promise<HashedPacket[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-select_streams', track, '-show_data_hash', 'md5'],
      ...['-show_entries', 'packet=pts_time,dts_time,data_hash', '-of', 'json', file],
    ],
    { maxBuffer },
  );
  const { packets } = JSON.parse(stdout) as {
    packets: { pts_time: string; dts_time: string; data_hash: string }[];
  };
  const ms = (seconds: string): number => Math.round(Number(seconds) * 1000);
  return packets.map((each) => ({
    pts: ms(each.pts_time),
    dts: ms(each.dts_time),
    hash: each.data_hash,
  }));
}

/** True when each value is greater than the one before. */
export const strictlyRising = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] ?? Infinity));

/** Width and height of what is not black in a video whose bars are. */
export async function pictureBox(file: string): Promise<[number, number]> {
  const { stderr } = await run('ffmpeg', [
    ...['-v', 'info', '-i', file, '-vf', 'cropdetect=limit=40:round=2:skip=0'],
    ...['-an', '-f', 'null', '-'],
  ]);
  const [, width, height] = /crop=(\d+):(\d+)/.exec(stderr) ?? [];
  return [Number(width), Number(height)];
}

/** When the picture turns bright, in milliseconds: the first bright frame after each dark one. */
export async function flashTimes(file: string): Promise<number[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-f', 'lavfi'],
      `movie=${file.replaceAll(/[\\':]/g, '\\$&')},scale=160:-2,signalstats`,
      ...['-show_entries', 'frame=pts_time:frame_tags=lavfi.signalstats.YAVG', '-of', 'csv=p=0'],
    ],
    { maxBuffer },
  );
  const frames = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number))
    .map(([time = NaN, luma = NaN]) => ({ time: time * 1000, luma }));
  const lumas = frames.map((frame) => frame.luma);
  const threshold = (Math.min(...lumas) + Math.max(...lumas)) / 2;
  return frames
    .filter(({ luma }, i) => i > 0 && luma > threshold && (frames[i - 1]?.luma ?? 0) <= threshold)
    .map(({ time }) => time);
}

/**
 * When the sound sets in, in milliseconds: the first loud sample after at least 200 ms of quiet. Of a sample counts the
 * time of the frame that holds it, as for a player, not its number: where samples were lost there is a hole.
 */
export async function beepTimes(file: string): Promise<number[]> {
  const [frames, samples] = [await audioFrames(file), await monoSamples(file)];
  const loud = 0.25 * samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  const times: number[] = [];
  let first = 0;
  let lastLoud = -Infinity;
  for (const { time, count } of frames) {
    for (const [index, sample] of samples.subarray(first, first + count).entries()) {
      if (Math.abs(sample) < loud) continue;
      const at = time + (index / sampleRate) * 1000;
      if (at - lastLoud > 200) times.push(at);
      lastLoud = at;
    }
    first += count;
  }
  return times;
}

const sampleRate = 48_000;

/** When each frame of sound is heard, in milliseconds, and the samples in it. */
async function audioFrames(file: string): Promise<{ time: number; count: number }[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-select_streams', 'a:0'],
      ...['-show_entries', 'frame=pts_time,nb_samples', '-of', 'csv=p=0', file],
    ],
    { maxBuffer },
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number))
    .map(([time = NaN, count = NaN]) => ({ time: time * 1000, count }));
}

async function monoSamples(file: string): Promise<Int16Array> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', file, '-map', '0:a:0'],
      ...['-ac', '1', '-ar', `${sampleRate}`, '-f', 's16le', '-'],
    ],
    { maxBuffer, encoding: 'buffer' },
  );
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.byteLength >> 1);
}

/**
 * How far each flash is from the beep nearest to it, in milliseconds; positive where the beep is late. The first and
 * last second are left out: a stream may begin or end in the middle of either.
 */
export async function flashToBeep(file: string): Promise<number[]> {
  const [flashes, beeps] = [await flashTimes(file), await beepTimes(file)];
  return flashes.slice(1, -1).map((flash) => {
    const distances = beeps.map((beep) => beep - flash);
    return distances.reduce((best, d) => (Math.abs(d) < Math.abs(best) ? d : best), Infinity);
  });
}

/**
 * The value in the middle. Of distances of flash and beep: a flash that a busy machine draws late is the machine's, what
 * the way through us adds is in all of them.
 */
export const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The real footage beside the repository, or `undefined` in a user's clone. */
export function sharedFootage(): string | undefined {
  const file = fileURLToPath(new URL('../../../shared/media/footage-720p30.mp4', import.meta.url));
  return existsSync(file) ? file : undefined;
}

/**
 * A clip to publish: the real footage where it is, else one made on the spot, alike in form: 1280×720, 30 fps, H.264
 * High with two B-frames and a keyframe every two seconds, AAC stereo 48 kHz.
 */
export async function clip(folder: string, seconds = 20): Promise<string> {
  const footage = sharedFootage();
  if (footage) return footage;
  const file = join(folder, 'clip.mp4');
  if (!existsSync(file)) {
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30'],
      ...[
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=440:sample_rate=48000',
        '-ac',
        '2',
        '-t',
        `${seconds}`,
      ],
      ...['-c:v', 'libx264', '-profile:v', 'high', '-bf', '2', '-g', '60', '-pix_fmt', 'yuv420p'],
      ...['-b:v', '1500k', '-c:a', 'aac', '-b:a', '128k', file],
    ]);
  }
  return file;
}
