import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  buildAudioSpecificConfig,
  FlvMuxer,
  videoFormatOf,
  type AudioPacket,
} from 'node-rtmp-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeErrors, probe } from '../../../../test/support/media.js';
import { FfmpegLocator } from '../../src/ffmpeg/ffmpeg-locator.js';
import { encodeSlate } from '../../src/sources/slate/encode-slate.js';
import { SlateSource } from '../../src/sources/slate/slate-source.js';
import type { StreamFormat } from '../../src/sources/stream/stream-format.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-slate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sound: AudioPacket = {
  ...{ type: 'config', track: 'audio', codec: 'aac', keyframe: true, pts: 0, dts: 0 },
  payload: buildAudioSpecificConfig({ objectType: 2, sampleRate: 44_100, channels: 1 }),
};
const format: StreamFormat = {
  ...{ codec: 'h264', width: 270, height: 480, fps: 29.97, sound, hasAudio: true },
};

test('a slate has the size and the sound of its stream, decodes for longer than it is, and shows its words', async () => {
  const ffmpeg = await new FfmpegLocator().find();
  const pictures = await Promise.all(
    (['en', 'zh-CN'] as const).map(async (language) => {
      const slate = await encodeSlate(ffmpeg, language, format);
      expect(slate?.group.filter(({ keyframe }) => keyframe).length).toBe(1);
      const frames = slate?.group.length ?? NaN;
      expect(frames).toBe(60);
      const muxer = new FlvMuxer({ hasAudio: true });
      const pieces = muxer.header({});
      const stop = new AbortController();
      let [shown, keyframes] = [0, 0];
      for await (const packet of new SlateSource(Promise.resolve(slate), true).packets(
        stop.signal,
      )) {
        const ms = (us: number): number => Math.round(us / 1000) * 1000;
        pieces.push(...muxer.packet({ ...packet, dts: ms(packet.dts), pts: ms(packet.pts) }));
        if (packet.type !== 'frame' || packet.track !== 'video') continue;
        shown += 1;
        if (packet.keyframe) keyframes += 1;
        if (shown > frames) stop.abort();
      }
      expect(keyframes, 'it begins again').toBe(2);
      const file = join(folder, `${language}.flv`);
      await writeFile(file, Buffer.concat(pieces));
      expect(await decodeErrors(file)).toBe('');
      const streams = await probe(file);
      expect(streams).toMatchObject([
        { codec_name: 'h264', width: 270, height: 480, nb_read_packets: `${frames + 1}` },
        { codec_name: 'aac', sample_rate: '44100', channels: 1 },
      ]);
      return inkOf(file);
    }),
  );
  // Words, in the one language more of them; of an empty picture it would be nothing.
  const [english = NaN, chinese = NaN] = pictures;
  expect(english).toBeGreaterThan(0.002);
  expect(chinese).toBeGreaterThan(0.002);
  expect(english).not.toBeCloseTo(chinese, 4);
});

test('a stream of HEVC has a slate of it where ffmpeg encodes that', async () => {
  const ffmpeg = await new FfmpegLocator().find();
  const canEncode = ffmpeg.encoders.has('libx265');
  const slate = await encodeSlate(ffmpeg, 'en', { ...format, codec: 'hevc' });
  expect(slate?.config.codec).toBe(canEncode ? 'hevc' : undefined);
  expect(slate?.group.length).toBe(canEncode ? 60 : undefined);
  const size = slate?.config.track === 'video' ? videoFormatOf(slate.config) : undefined;
  expect(size).toEqual(canEncode ? { width: 270, height: 480 } : undefined);
});

test('there is none where its silence or its picture would be in another codec', async () => {
  const ffmpeg = await new FfmpegLocator().find();
  const mp3: AudioPacket = { ...sound, codec: 'mp3' };
  expect(await encodeSlate(ffmpeg, 'en', { ...format, sound: mp3 })).toBeUndefined();
  expect(await encodeSlate(ffmpeg, 'en', { ...format, codec: 'vp8' })).toBeUndefined();
});

/** The share of a first picture that is bright. */
async function inkOf(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', file, '-frames:v', '1', '-f', 'rawvideo'],
      ...['-pix_fmt', 'gray', '-'],
    ],
    { encoding: 'buffer' },
  );
  return stdout.filter((luma) => luma > 120).length / stdout.length;
}
