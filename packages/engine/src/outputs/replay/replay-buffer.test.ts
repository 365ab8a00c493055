import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlvDemuxer } from 'node-rtmp-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { media } from '../../../test/support/fake-source.js';
import { Recorder } from '../recording/recorder.js';
import { ReplayBuffer } from './replay-buffer.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

function buffer(seconds: number): ReplayBuffer {
  const replay = new ReplayBuffer({
    ...{ id: 'replay', seconds },
    openRecording: (path) => new Recorder({ id: path, path }),
  });
  replay.open({ onChange: () => undefined, requestKeyframe: () => undefined });
  replay.start({ hasAudio: true, video: { codec: 'h264', width: 2, height: 2 }, encoder: 'x' });
  return replay;
}

const frames = async (path: string) =>
  new FlvDemuxer()
    .push(await readFile(path))
    .flatMap((item) =>
      item.type === 'packet' && item.packet.type === 'frame' && item.packet.track === 'video'
        ? [item.packet]
        : [],
    );

describe('a replay buffer', () => {
  test('holds what was asked for and up to a group of pictures more, however long it runs', () => {
    const replay = buffer(5);
    const held: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      for (const packet of media(second * 1_000, (second + 1) * 1_000)) {
        replay.push(packet);
        if (second >= 6) held.push(replay.status.heldMs);
      }
    }
    expect(Math.min(...held)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...held)).toBeLessThanOrEqual(6_000);
    expect(replay.status).toMatchObject({ state: 'live', reach: 'memory' });
    expect(replay.status.heldBytes).toBeLessThan(100_000);
  });

  test('saves what it held when it was asked, while more comes; the second save is not the first', async () => {
    const replay = buffer(2);
    for (const packet of media(0, 9_600)) replay.push(packet);
    const [first, second] = [join(folder, 'first.flv'), join(folder, 'second.flv')];
    const saving = replay.save(first);
    expect(replay.status.isSaving).toBe(true);
    for (const packet of media(9_600, 10_000)) replay.push(packet);
    const again = replay.save(second);
    const saved = await Promise.all([saving, again]);
    expect(saved.map(({ durationMs }) => durationMs)).toEqual([2_600, 3_000]);
    const saves = saved.map((file, index) => ({
      name: ['first.flv', 'second.flv'][index],
      ...file,
    }));
    expect(replay.status).toMatchObject({ saves, saveCount: 2 });
    // Of one that there is already, it is known why it was not saved, and by the end of all.
    const refused = expect(replay.save(first)).rejects.toThrow();
    await replay.finish();
    expect(replay.status.saves?.[2]).toMatchObject({
      ...{ name: 'first.flv', path: first, bytes: 0 },
      error: { code: 'RECORDING_FAILED', data: { reason: { reason: 'file-exists' } } },
    });
    expect(replay.status.lastError?.code).toBe('RECORDING_FAILED');
    await refused;
    expect(replay.status.isSaving).toBeUndefined();
    const [early, late] = [await frames(first), await frames(second)];
    expect(early.map(({ dts }) => dts / 40_000)).toEqual([...early.keys()]);
    expect([early.length, late.length]).toEqual([65, 75]);
    expect(early[0]?.keyframe).toBe(true);
  });

  test('a file that exists is told and not touched, and what comes later is saved all the same', async () => {
    const replay = buffer(2);
    await expect(replay.save(join(folder, 'none.mp4'))).rejects.toMatchObject({
      info: { code: 'RECORDING_FAILED', data: { reason: { reason: 'replay-empty' } } },
    });
    for (const packet of media(0, 1_000)) replay.push(packet);
    const path = join(folder, 'there.flv');
    await replay.save(path);
    await expect(replay.save(path)).rejects.toMatchObject({
      info: { data: { reason: { reason: 'file-exists' } } },
    });
    expect(replay.status).toMatchObject({ state: 'live', lastError: { code: 'RECORDING_FAILED' } });
    await expect(replay.save(join(folder, 'other.flv'))).resolves.toMatchObject({
      durationMs: 1_000,
    });
    expect(replay.status.lastError).toBeUndefined();
  });

  test('what is being saved when the broadcast ends is saved to its end', async () => {
    const replay = buffer(5);
    for (const packet of media(0, 4_000)) replay.push(packet);
    const path = join(folder, 'end.flv');
    const saving = replay.save(path);
    await replay.finish();
    await expect(saving).resolves.toMatchObject({ durationMs: 4_000 });
    expect(await frames(path)).toHaveLength(100);
    expect(replay.status).toMatchObject({ state: 'stopped', heldBytes: 0 });
  });
});
