import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destinationsOf, recordingsOf, type BroadcastSnapshot } from '@tallylight/contract';
import { FlvDemuxer, parseRtmpUrl, type EncodedPacket } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  probe,
  strictlyRising,
} from '../../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp } from '../../../../test/support/nginx.js';
import { until } from '../../../../test/support/until.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { createLogger } from '../../src/logger.js';
import { SourceSwitcher } from '../../src/sources/source-switcher.js';

const encoding = {
  width: 640,
  height: 360,
  fps: 30,
  videoBitrate: 800_000,
  audioBitrate: 128_000,
  keyframeInterval: 1,
};

const testPicture = {
  type: 'capture',
  video: { type: 'test' },
  audio: { type: 'test' },
} as const;

let folder: string;
let engine: Engine;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-outputs-'));
  engine = createEngine({
    dataDirectory: folder,
    version: '1.2.3',
    shell: 'browser',
    logger: createLogger({ level: 'silent' }),
  });
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const target = (serverUrl: string, streamKey: string) => ({
  ...{ id: streamKey, name: streamKey, address: parseRtmpUrl(serverUrl), streamKey },
});

async function packetsOf(file: string): Promise<EncodedPacket[]> {
  return new FlvDemuxer()
    .push(await readFile(file))
    .flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
}

const isPicture = ({ type, track }: EncodedPacket): boolean =>
  type === 'frame' && track === 'video';

const fingerprints = (packets: EncodedPacket[]): string[] =>
  packets
    .filter(isPicture)
    .map(({ payload }) => createHash('sha1').update(payload).digest('base64'));

const framesSent = (snapshot: BroadcastSnapshot, id: string): number =>
  destinationsOf(snapshot).find((destination) => destination.id === id)?.framesSent ?? 0;

/** A file that can be played from its beginning. */
async function expectWhole(file: string): Promise<void> {
  expect(await decodeErrors(file)).toBe('');
  const packets = await packetsOf(file);
  const begin = packets.findIndex(isPicture);
  expect(packets[begin]?.keyframe, 'begins with a keyframe').toBe(true);
  const before = packets.slice(0, begin).map(({ type, track }) => `${type} ${track}`);
  expect(before, 'after its configuration').toContain('config video');
  expect(strictlyRising(await decodeTimes(file, 'v:0'))).toBe(true);
  expect(strictlyRising(await decodeTimes(file, 'a:0'))).toBe(true);
}

describe.skipIf(!hasNginxRtmp())('outputs of a running broadcast', () => {
  test('a recorder and a destination join, another leaves, the recorder ends: nobody else notices', async () => {
    const nginx = await startNginxRtmp();
    cleanUps.push(() => nginx.stop());
    let snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
    const broadcast = await engine.startBroadcast({
      source: engine.openSource(testPicture, encoding),
      encoding,
      outputs: [{ type: 'rtmp', target: target(nginx.serverUrl, 'first') }],
      onSnapshot: (next) => (snapshot = next),
    });
    cleanUps.push(() => broadcast.stop());
    await until('frames at the first', () => framesSent(snapshot, 'first') > 30, 30_000);

    const own = join(folder, 'own.flv');
    broadcast.add(await engine.openOutput({ type: 'recording', path: own }));
    broadcast.add(
      await engine.openOutput({ type: 'rtmp', target: target(nginx.serverUrl, 'second') }),
    );
    await until('frames at the second', () => framesSent(snapshot, 'second') > 30, 30_000);
    const atRemoval = framesSent(snapshot, 'first');
    await broadcast.remove('first');
    expect(destinationsOf(broadcast.snapshot).map(({ id }) => id)).toEqual(['second']);
    const seen = framesSent(snapshot, 'second');
    await until('more at the second', () => framesSent(snapshot, 'second') > seen + 30, 30_000);
    await broadcast.finish(`recording:${own}`);
    const [recording] = recordingsOf(broadcast.snapshot);
    expect(recording).toMatchObject({ state: 'stopped', path: own });
    const later = framesSent(snapshot, 'second');
    await until('more after it', () => framesSent(snapshot, 'second') > later + 30, 30_000);
    await broadcast.stop();
    const last = await broadcast.run();

    expect(last.error).toBeUndefined();
    const second = destinationsOf(last)[0];
    expect(second).toMatchObject({ state: 'stopped', framesDropped: 0 });
    const files = { first: join(folder, 'first.flv'), second: join(folder, 'second.flv') };
    await copyFile(await nginx.recording('first'), files.first);
    await copyFile(await nginx.recording('second'), files.second);
    for (const file of [files.first, files.second, own]) await expectWhole(file);
    expect(await countFrames(files.first)).toBeGreaterThanOrEqual(atRemoval);
    expect(await countFrames(files.second)).toBe(second?.framesSent);

    // What stayed is one run of one encoder, without a hole: the recording lies in it, frame for frame.
    const [inSecond, inOwn] = [await packetsOf(files.second), await packetsOf(own)];
    const configs = inSecond.filter(({ type, track }) => type === 'config' && track === 'video');
    expect(new Set(configs.map(({ payload }) => Buffer.from(payload).toString('hex'))).size).toBe(
      1,
    );
    const [all, part] = [fingerprints(inSecond), fingerprints(inOwn)];
    const overlap = part.slice(part.indexOf(all[0] ?? ''));
    expect(overlap.length).toBeGreaterThan(60);
    expect(overlap).toEqual(all.slice(0, overlap.length));
    const times = inSecond.filter(isPicture).map(({ dts }) => dts / 1000);
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Thirty frames a second in whole milliseconds.
    expect([...new Set(steps)].sort()).toEqual([33, 34]);
  });

  test('test picture, file, test picture: one stream for whoever receives it', async () => {
    const nginx = await startNginxRtmp();
    cleanUps.push(() => nginx.stop());
    const file = join(folder, 'clip.mp4');
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-f', 'lavfi'],
      ...['-i', 'sine=frequency=880:sample_rate=44100', '-t', '6', '-c:v', 'libx264', '-bf', '2'],
      ...['-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac', file],
    ]);
    const source = new SourceSwitcher({
      name: 'Program',
      first: engine.openSource(testPicture, encoding),
    });
    let snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
    const broadcast = await engine.startBroadcast({
      source,
      encoding,
      outputs: [{ type: 'rtmp', target: target(nginx.serverUrl, 'show') }],
      onSnapshot: (next) => (snapshot = next),
    });
    cleanUps.push(() => broadcast.stop());
    const moreFrames = async (what: string): Promise<void> => {
      const before = framesSent(snapshot, 'show');
      await until(what, () => framesSent(snapshot, 'show') > before + 45, 30_000);
    };
    await moreFrames('the test picture');
    await source.switchTo(engine.openPlaylist({ files: [file], copy: true, loop: true }, encoding));
    await moreFrames('the file');
    await source.switchTo(engine.openSource(testPicture, encoding));
    await moreFrames('the test picture again');
    await broadcast.stop();
    const last = await broadcast.run();
    expect(last.error).toBeUndefined();
    const [destination] = destinationsOf(last);
    expect(destination?.framesDropped).toBe(0);

    const recording = join(folder, 'show.flv');
    await copyFile(await nginx.recording('show'), recording);
    await expectWhole(recording);
    expect(await countFrames(recording)).toBe(destination?.framesSent);
    const packets = await packetsOf(recording);
    const sequences = packets.flatMap((packet, index) =>
      packet.type === 'config' && packet.track === 'video' ? [{ packet, index }] : [],
    );
    // nginx-rtmp records each that it gets: one for each part, and the third is the first again.
    const shapes = sequences.map(({ packet }) => Buffer.from(packet.payload).toString('hex'));
    expect(shapes).toHaveLength(3);
    expect(shapes[0]).toBe(shapes[2]);
    expect(shapes[1]).not.toBe(shapes[0]);
    for (const { index } of sequences) {
      expect(packets.slice(index).find(isPicture)?.keyframe).toBe(true);
    }
    expect((await probe(recording)).map(({ codec_name }) => codec_name).sort()).toEqual([
      'aac',
      'h264',
    ]);
    // Shown one after the other; a file with B-frames that is left in the middle may owe the two before a P-frame.
    const times = packets
      .filter(isPicture)
      .map(({ pts }) => pts / 1000)
      .sort((a, b) => a - b);
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(3 * 40 + 1);
  });
});

test('the bitrate of the test picture changes on air, at a keyframe and without a gap', async () => {
  const folderOfTest = await mkdtemp(join(tmpdir(), 'tallylight-bitrate-'));
  cleanUps.push(() => rm(folderOfTest, { recursive: true, force: true }));
  const path = join(folderOfTest, 'bitrate.flv');
  let snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
  // Of another level than what follows, where the encoder may choose.
  const much = { ...encoding, videoBitrate: 1_000_000 };
  const broadcast = await engine.startBroadcast({
    source: engine.openSource(testPicture, much),
    encoding: much,
    outputs: [{ type: 'recording', path }],
    onSnapshot: (next) => (snapshot = next),
  });
  cleanUps.push(() => broadcast.stop());
  const frames = (): number => snapshot.statistics?.video.frames ?? 0;
  await until('two seconds', () => frames() >= 60, 30_000);
  await broadcast.setVideoBitrate(200_000);
  const before = frames();
  await until('four more', () => frames() >= before + 120, 60_000);
  await broadcast.stop();
  expect((await broadcast.run()).error).toBeUndefined();

  await expectWhole(path);
  const packets = await packetsOf(path);
  // It is the same stream all along: an MP4 would have to begin anew with another configuration.
  const configs = packets.filter(({ type, track }) => type === 'config' && track === 'video');
  expect(configs).toHaveLength(1);
  const pictures = packets.filter(isPicture);
  const rate = (packets: EncodedPacket[]): number =>
    packets.reduce((bytes, { payload }) => bytes + payload.byteLength, 0) / packets.length;
  // The other encoder took a moment to begin.
  expect(rate(pictures.slice(-45))).toBeLessThan(0.6 * rate(pictures.slice(0, 45)));
  const steps = pictures.slice(1).map(({ dts }, index) => dts - (pictures[index]?.dts ?? 0));
  expect([...new Set(steps)].sort()).toEqual([33_000, 34_000]);
});
