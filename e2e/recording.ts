import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { FlvDemuxer, type EncodedPacket } from 'node-rtmp-client';
import { decodeErrors, decodeTimes, strictlyRising } from '../test/support/media.js';

const run = promisify(execFile);

export interface RecordedFrame {
  /** Decode time in milliseconds. */
  readonly time: number;
  readonly bytes: number;
}

/** The pictures of a file as ffprobe finds them. */
export async function recordedFrames(file: string): Promise<RecordedFrame[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=dts_time,size'],
      ...['-of', 'json', file],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { packets } = JSON.parse(stdout) as { packets: { dts_time: string; size: string }[] };
  return packets.map(({ dts_time, size }) => ({
    time: Math.round(Number(dts_time) * 1000),
    bytes: Number(size),
  }));
}

export interface Bitrate {
  /** Bits per second as they came. */
  readonly received: number;
  /** The same if every frame had come: an encoder gives each frame its share, and no more to those that are left. */
  readonly whole: number;
}

/** The bitrate of the frames from `from` until before `to`, in milliseconds, in a stream of `fps` frames a second. */
export function bitrate(
  frames: readonly RecordedFrame[],
  { from, to, fps }: { from: number; to: number; fps: number },
): Bitrate {
  const within = frames.filter(({ time }) => time >= from && time < to);
  const bits = 8 * within.reduce((sum, { bytes }) => sum + bytes, 0);
  return { received: (bits * 1000) / (to - from), whole: (bits * fps) / within.length };
}

/** A recording that was found to be whole: it can be played from its beginning, and its times rise. */
export interface WholeRecording {
  /** The different configurations of the picture, in hexadecimal digits. */
  readonly configurations: readonly string[];
  /** One fingerprint for each picture. */
  readonly fingerprints: readonly string[];
}

/** Expects an FLV file to begin with a configuration and a keyframe, to decode without a word, and its times to rise. */
export async function expectWhole(file: string): Promise<WholeRecording> {
  expect(await decodeErrors(file)).toBe('');
  expect(strictlyRising(await decodeTimes(file, 'v:0'))).toBe(true);
  expect(strictlyRising(await decodeTimes(file, 'a:0'))).toBe(true);
  const video = (await packetsOf(file)).filter(({ track }) => track === 'video');
  expect(video.slice(0, 2)).toMatchObject([{ type: 'config' }, { type: 'frame', keyframe: true }]);
  const payloads = (type: EncodedPacket['type'], inWords: (payload: Uint8Array) => string) =>
    video.filter((packet) => packet.type === type).map(({ payload }) => inWords(payload));
  return {
    configurations: [
      ...new Set(payloads('config', (payload) => Buffer.from(payload).toString('hex'))),
    ],
    fingerprints: payloads('frame', (payload) =>
      createHash('sha1').update(payload).digest('base64'),
    ),
  };
}

async function packetsOf(file: string): Promise<EncodedPacket[]> {
  const demuxer = new FlvDemuxer();
  const items = demuxer.push(await readFile(file));
  demuxer.end();
  return items.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
}
