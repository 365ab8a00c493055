import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingsOf } from '@tallylight/contract';
import { FlvDemuxer, type EncodedPacket } from 'node-rtmp-client';
import { afterEach, describe, expect, test } from 'vitest';
import { media } from '../../../test/support/fake-source.js';
import { isLive, setUpBroadcast, stopBroadcasts } from '../../../test/support/set-up-broadcast.js';

afterEach(stopBroadcasts);

describe('recording', () => {
  test.each([
    ['no frame at all', []],
    ['no frame, though a configuration', media(0, 100).filter(({ type }) => type === 'config')],
  ])('of %s leaves no file, and is told nowhere', async (_, packets) => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-recording-'));
    try {
      const path = join(folder, 'show.flv');
      const { source, run, state, broadcast } = setUpBroadcast([], { recordTo: path });
      const ended = run();
      await state((snapshot) => recordingsOf(snapshot)[0]?.state === 'live');
      expect(await readdir(folder)).toEqual(['show.flv']);
      source.push(...packets);
      await broadcast.stop();
      expect((await ended).recording).toBeUndefined();
      expect(recordingsOf(broadcast.snapshot)).toMatchObject([{ state: 'stopped', bytes: 0 }]);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const demux = (bytes: Uint8Array): EncodedPacket[] =>
    new FlvDemuxer().push(bytes).flatMap((item) => (item.type === 'packet' ? [item.packet] : []));

  test('keeps everything, and a file that exists is left alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-recording-'));
    try {
      const path = join(folder, 'show.flv');
      const first = setUpBroadcast([], { recordTo: path });
      first.source.push(...media(0, 2_000));
      first.source.end();
      const summary = await first.run();
      const bytes = await readFile(path);
      expect(summary.recording).toEqual({ path, bytes: bytes.byteLength, durationMs: 2_000 });
      expect(demux(bytes)).toHaveLength(2 + 50 + 100);
      const [metadata] = new FlvDemuxer().push(bytes);
      expect(metadata).toMatchObject({
        value: { duration: 2, filesize: bytes.byteLength, keyframes: { times: [0, 1] } },
      });

      await writeFile(path, 'precious');
      const second = setUpBroadcast(['k1'], { recordTo: path });
      second.source.push(...media(0, 400));
      const run = second.broadcast.run();
      await second.state(isLive);
      second.source.end();
      await run;
      expect(recordingsOf(second.broadcast.snapshot)[0]?.lastError).toMatchObject({
        code: 'RECORDING_FAILED',
        data: { reason: { reason: 'file-exists' } },
      });
      expect(second.broadcast.snapshot.error).toBeUndefined();
      expect(await readFile(path, 'utf8')).toBe('precious');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
