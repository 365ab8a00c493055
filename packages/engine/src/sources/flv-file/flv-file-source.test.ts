import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlvMuxer, type EncodedPacket } from 'node-rtmp-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toErrorInfo } from '../../app-error.js';
import { audioConfig, audioFrame, videoConfig, videoFrame } from '../../../test/support/packets.js';
import { FlvFileSource } from './flv-file-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-flv-file-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const muxer = new FlvMuxer();
const header = Buffer.concat(muxer.header());
const bytesOf = (packets: readonly EncodedPacket[]): Buffer =>
  Buffer.concat(packets.flatMap((packet) => muxer.packet(packet)));

/** Five pictures from `ms` on, 40 ms apart, with their sound. */
const media = (ms: number): EncodedPacket[] =>
  [0, 40, 80, 120, 160].flatMap((at) => [videoFrame(ms + at, at === 0), audioFrame(ms + at)]);

async function write(name: string, ...parts: Buffer[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.concat([header, ...parts]));
  return path;
}

/** Reads until it ends. */
async function read(path: string) {
  const source = new FlvFileSource(path);
  const packets: EncodedPacket[] = [];
  const over = new AbortController();
  let error: unknown;
  try {
    for await (const packet of source.packets(over.signal)) packets.push(packet);
  } catch (caught) {
    error = caught;
  }
  over.abort();
  return { packets, error: error === undefined ? undefined : toErrorInfo(error) };
}

const isPicture = ({ track, type }: EncodedPacket): boolean =>
  track === 'video' && type === 'frame';
const timesOf = (packets: readonly EncodedPacket[]): number[] =>
  packets.filter(isPicture).map(({ dts }) => dts / 1000);

describe('FlvFileSource', () => {
  it('goes on behind bytes that are no tags, and says at the end that there were some', async () => {
    const path = await write(
      'damaged.flv',
      bytesOf([videoConfig(), audioConfig(), ...media(0)]),
      Buffer.alloc(3_000, 0xa5),
      bytesOf(media(200)),
    );
    const { packets, error } = await read(path);
    expect(timesOf(packets)).toEqual([0, 40, 80, 120, 160, 200, 240, 280, 320, 360]);
    expect(error).toMatchObject({
      ...{ code: 'FILE_DAMAGED', data: { file: path, reason: { reason: 'damaged-data' } } },
    });
  });

  it('sends what is whole of a file that is cut off', async () => {
    const whole = bytesOf([videoConfig(), audioConfig(), ...media(0)]);
    const path = await write('cut.flv', whole.subarray(0, -10));
    const { packets, error } = await read(path);
    expect(timesOf(packets)).toHaveLength(5);
    expect(error?.data['reason']).toEqual({ reason: 'cut-short' });
  });

  it('goes on where the clock of the file is set back', async () => {
    const path = await write(
      'joined.flv',
      bytesOf([videoConfig(), audioConfig(), ...media(10_000), ...media(0)]),
    );
    const { packets } = await read(path);
    expect(timesOf(packets).slice(4, 7)).toEqual([10_160, 10_200, 10_240]);
  });

  it('of sound alone says so, once it has been looked at', async () => {
    const sound = [audioConfig(), ...media(0).filter(({ track }) => track === 'audio')];
    const source = new FlvFileSource(await write('sound.flv', bytesOf(sound)));
    expect(await source.prepare()).toEqual({ video: undefined, audio: 'aac' });
    expect(source.measured).toEqual({ audioCodec: 'aac' });
    expect([source.hasVideo, source.hasAudio]).toEqual([false, true]);
    expect(source.status.notes).toEqual([{ reason: 'sound-only' }]);
  });

  it('refuses what holds no media', async () => {
    const { error } = await read(await write('nothing.flv'));
    expect(error?.code).toBe('FILE_UNREADABLE');
  });
});
