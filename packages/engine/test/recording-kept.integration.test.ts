import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { recordingsOf } from '@tallylight/contract';
import { FlvDemuxer, type EncodedPacket } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  countFrames,
  decodeErrors,
  pictureTimes,
  strictlyRising,
} from '../../../test/support/media.js';
import { hasSmallDisk, mountSmallDisk } from '../../../test/support/small-disk.js';
import type { StreamDescription } from '../src/outputs/stream-description.js';
import { Recorder, type RecorderOptions } from '../src/outputs/recording/recorder.js';
import { ReplayBuffer } from '../src/outputs/replay/replay-buffer.js';
import { pacedSource } from './support/fake-source.js';
import { isLive, setUpBroadcast, stopBroadcasts } from './support/set-up-broadcast.js';

const run = promisify(execFile);

let folder: string;
let packets: readonly EncodedPacket[];

/** Eight seconds at 30 frames a second with B-frames, and a keyframe each second. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-kept-'));
  const file = join(folder, 'encoded.flv');
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=30:duration=8'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=8'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '30', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-f', 'flv', file],
  ]);
  const items = new FlvDemuxer().push(await readFile(file));
  packets = items.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
});
afterEach(stopBroadcasts);
afterAll(() => rm(folder, { recursive: true }));

const description: StreamDescription = {
  video: { codec: 'h264', width: 160, height: 90 },
  audio: { codec: 'aac' },
  hasAudio: true,
  encoder: 'Tallylight/test',
};

function start(name: string, options: Partial<RecorderOptions> = {}): Recorder {
  const path = join(folder, name);
  const recorder = new Recorder({ id: name, path, ...options });
  recorder.open({ onChange: () => undefined, requestKeyframe: () => undefined });
  recorder.start(description);
  return recorder;
}

const pictures = (of: readonly EncodedPacket[]): number =>
  of.filter(({ type, track }) => type === 'frame' && track === 'video').length;

async function seconds(file: string): Promise<number> {
  const args = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file];
  return Number((await run('ffprobe', args)).stdout);
}

describe.each(['mp4', 'flv'])('a recording as %s', (ending) => {
  it('in several files has every frame once, and each plays by itself from zero', async () => {
    const recorder = start(`split.${ending}`, { split: { seconds: 3 } });
    for (const packet of packets) recorder.push(packet);
    await recorder.finish();
    const { path, otherPaths = [], durationMs } = recorder.status;
    const files = [path, ...otherPaths];
    const counts = await Promise.all(files.map(countFrames));
    expect(counts).toEqual([90, 90, 60]);
    for (const file of files) {
      expect(await decodeErrors(file)).toBe('');
      expect((await pictureTimes(file))[0]).toBeLessThan(100);
      expect(await seconds(file)).toBeLessThan(3.2);
    }
    expect(durationMs).toBeGreaterThanOrEqual(8_000);
    expect(recorder.status.bytes).toBe(
      (await Promise.all(files.map((file) => stat(file)))).reduce((sum, { size }) => sum + size, 0),
    );
  });

  it('leaves out a pause, and its times go on', async () => {
    const recorder = start(`pause.${ending}`);
    const [from, to] = [2_500_000, 4_500_000];
    let recorded = 0;
    for (const packet of packets) {
      if (packet.dts >= from && !recorder.status.isPaused && recorded < from) recorder.pause();
      if (packet.dts >= to && recorder.status.isPaused) recorder.resume();
      recorded = Math.max(recorded, packet.dts);
      recorder.push(packet);
    }
    await recorder.finish();
    const { path } = recorder.status;
    // It goes on with the keyframe at five seconds.
    const [before, after] = [
      packets.filter(({ dts }) => dts < from),
      packets.filter(({ dts }) => dts >= 5_000_000),
    ];
    expect(await countFrames(path)).toBe(pictures(before) + pictures(after));
    expect(await decodeErrors(path)).toBe('');
    const times = (await pictureTimes(path)).toSorted((a, b) => a - b);
    expect(strictlyRising(times)).toBe(true);
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(150);
  });
});

it('a replay is a file of its own that plays: from a keyframe, from zero, of the right length', async () => {
  const replay = new ReplayBuffer({
    ...{ id: 'replay', seconds: 3 },
    openRecording: (path) => new Recorder({ id: path, path }),
  });
  replay.open({ onChange: () => undefined, requestKeyframe: () => undefined });
  replay.start(description);
  for (const packet of packets) replay.push(packet);
  const path = join(folder, 'replay.mp4');
  const saved = await replay.save(path);
  expect(await decodeErrors(path)).toBe('');
  const length = await seconds(path);
  expect(length).toBeGreaterThanOrEqual(3);
  expect(length).toBeLessThanOrEqual(4.1);
  expect(Math.abs(saved.durationMs / 1000 - length)).toBeLessThan(0.1);
  expect(await countFrames(path)).toBe(90);
  expect((await pictureTimes(path))[0]).toBeLessThan(100);
});

/** Five hundred kilobytes a second: a disk of two megabytes is nearly full within four. */
const bytesPerFrame = 20_000;

describe('what goes wrong with the disk while on air', () => {
  /** A broadcast to a server and a file; resolves once both have media. */
  async function broadcastTo(path: string) {
    const setup = setUpBroadcast(['k1'], {
      source: pacedSource(60_000, { bytesPerFrame }),
      recordTo: path,
    });
    void setup.broadcast.run();
    await setup.state(
      (snapshot) => isLive(snapshot) && (recordingsOf(snapshot)[0]?.bytes ?? 0) > 0,
    );
    return setup;
  }

  type Setup = Awaited<ReturnType<typeof broadcastTo>>;

  /** The recording's error, and then still more media at the server. */
  async function toldWhileLive({ state, destination, broadcast }: Setup, since: number) {
    const failed = await state((snapshot) => recordingsOf(snapshot)[0]?.state === 'failed');
    const afterMs = performance.now() - since;
    const { framesSent } = destination('k1');
    await state(() => destination('k1').framesSent > framesSent + 25);
    expect(broadcast.snapshot.state).toBe('live');
    return { error: recordingsOf(failed)[0]?.lastError, afterMs };
  }

  /** To the end: nothing is missing at the server, and the file has the size that is told. */
  async function end({ broadcast, destination, rtmp }: Setup) {
    await broadcast.stop();
    const { framesSent, framesDropped } = destination('k1');
    expect(framesDropped).toBe(0);
    const received = rtmp.of('k1').flatMap(({ pictures: each }) => each);
    expect(received).toHaveLength(framesSent);
    return recordingsOf(broadcast.snapshot)[0];
  }

  for (const ending of ['mp4', 'flv']) {
    it.skipIf(!hasSmallDisk())(
      `a disk that is filled: told within a second, and the ${ending} so far plays`,
      async () => {
        const disk = mountSmallDisk(32);
        try {
          const path = join(disk.folder, `show.${ending}`);
          const setup = await broadcastTo(path);
          await disk.fill();
          const { error, afterMs } = await toldWhileLive(setup, performance.now());
          expect(['disk-full', 'disk-nearly-full']).toContain(
            (error?.data['reason'] as { reason: string }).reason,
          );
          expect(afterMs).toBeLessThan(5_000);
          const recording = await end(setup);
          expect(recording?.bytes).toBe((await stat(path)).size);
          await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts', path]);
        } finally {
          disk.remove();
        }
      },
    );
  }

  it.skipIf(!hasSmallDisk())(
    'a disk that is nearly full: the recording is ended in order and says so',
    async () => {
      const disk = mountSmallDisk(2);
      try {
        const path = join(disk.folder, 'show.flv');
        const setup = await broadcastTo(path);
        const low = await setup.state(({ outputs }) =>
          outputs.some(
            (output) => output.type === 'recording' && output.space?.leftMs !== undefined,
          ),
        );
        expect(recordingsOf(low)[0]?.space?.leftMs).toBeLessThan(60_000);
        const { error } = await toldWhileLive(setup, performance.now());
        expect(error).toMatchObject({
          code: 'RECORDING_FAILED',
          data: { reason: { reason: 'disk-nearly-full' } },
        });
        const recording = await end(setup);
        const [metadata] = new FlvDemuxer().push(await readFile(path));
        // Only a file that was ended in order knows its size.
        expect(metadata).toMatchObject({ value: { filesize: recording?.bytes } });
      } finally {
        disk.remove();
      }
    },
  );

  it('a file that is removed while it is written: told, and nothing is left open', async () => {
    const path = join(folder, 'removed.mp4');
    const setup = await broadcastTo(path);
    const removed = performance.now();
    await rm(path);
    const { error, afterMs } = await toldWhileLive(setup, removed);
    expect(error).toMatchObject({ data: { reason: { reason: 'file-removed' } } });
    expect(afterMs).toBeLessThan(5_000);
    await end(setup);
    expect(existsSync(path)).toBe(false);
  });
});
