import { FlvDemuxer } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { LineLog } from '../../src/ffmpeg/line-log.js';
import { FfmpegLocator } from '../../src/ffmpeg/ffmpeg-locator.js';
import { OwnedProcess } from '../../src/ffmpeg/owned-process.js';
import { CameraFrames } from '../../src/sources/ffmpeg/camera-frames.js';
import { encodeArguments } from '../../src/sources/ffmpeg/ffmpeg-arguments.js';

const encoding = {
  ...{ width: 160, height: 90, fps: 30, videoBitrate: 300_000, audioBitrate: 64_000 },
  keyframeInterval: 2,
};

/** What ffmpeg makes of four seconds of a "camera" that lavfi plays, and what is told of it. */
async function encode(camera: string) {
  const input = `testsrc2=size=160x90:${camera}`;
  const args = encodeArguments({
    inputs: [{ args: ['-f', 'lavfi', '-i', input], video: true, audio: false, clock: 'own' }],
    ...{ encoding, encoder: 'libx264', preview: false, frameTimes: true },
  });
  const child = new OwnedProcess((await new FfmpegLocator().find()).path, args);
  const frames = new CameraFrames(encoding.fps);
  const times = new LineLog((line) => frames.note(line));
  child.output('frameTimes').on('data', (bytes: Uint8Array) => times.push(bytes));
  child.output('log').resume();
  child.output('progress').resume();
  const demuxer = new FlvDemuxer();
  let encoded = 0;
  child.output('media').on('data', (bytes: Uint8Array) => {
    for (const item of demuxer.push(bytes)) {
      if (item.type === 'packet' && item.packet.type === 'frame') encoded += 1;
    }
  });
  await child.closed;
  const account = frames.account({ reading: 0, encoder: 0 });
  if (!account) throw new Error('ffmpeg wrote no times');
  return { encoded, ...account };
}

test.each([
  // Frames of four seconds that a camera gives, how many are too many, and how many are shown again.
  ['as many as are wanted', 'rate=30:duration=4', [120, 0, 0]],
  ['25 a second', 'rate=25:duration=4', [100, 0, 20]],
  ['60 a second', 'rate=60:duration=4', [240, 120, 0]],
  ['each tenth missing', "rate=30:duration=4,select='not(eq(mod(n,10),5))'", [108, 0, 12]],
])('the account of a camera closes: %s', async (_, camera, [offered, surplus, repeated]) => {
  const account = await encode(camera);
  expect(account).toMatchObject({ offered, surplus, repeated });
  expect(account.encoded).toBe(account.offered - account.surplus + (account.repeated ?? 0));
});

test('the account of a camera closes where its frames come unevenly', async () => {
  const account = await encode("rate=30:duration=4,setpts='PTS+random(1)*0.045/TB'");
  expect(account.surplus).toBeGreaterThan(5);
  expect(account.repeated).toBeGreaterThan(5);
  expect(account.encoded).toBe(account.offered - account.surplus + (account.repeated ?? 0));
});
