import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { destinationsOf } from '@tallylight/contract';
import { FlvDemuxer, parseRtmpUrl, type EncodedPacket } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  countFrames,
  decodeErrors,
  decodeTimes,
  hashedPackets,
  strictlyRising,
} from '../../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../../test/support/nginx.js';
import { until } from '../../../../test/support/until.js';
import type { Broadcast } from '../../src/broadcast/broadcast.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { createLogger } from '../../src/logger.js';
import { StreamIngest } from '../../src/server/stream-ingest.js';
import { makeFilm } from '../support/films.js';

const run = promisify(execFile);
const logger = createLogger({ level: 'silent' });
const encoding = {
  ...{ width: 1280, height: 720, fps: 30, keyframeInterval: 2 },
  ...{ videoBitrate: 2_500_000, audioBitrate: 128_000 },
};

describe.skipIf(!hasNginxRtmp())('a published stream as a source (needs nginx)', () => {
  let folder: string;
  let engine: Engine;
  let nginx: NginxRtmp;
  let film: string;
  const publishers = new Set<ChildProcess>();
  const cleanUps: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-stream-source-'));
    nginx = await startNginxRtmp();
    engine = createEngine({ dataDirectory: folder, version: '1.2.3', shell: 'browser', logger });
    film = await makeFilm(folder, {
      ...{ name: 'published.flv', size: '320x180', fps: 25, seconds: 30, sound: 44_100 },
    });
  });
  afterEach(async () => {
    for (const publisher of publishers) publisher.kill('SIGKILL');
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
  afterAll(async () => {
    await engine.close();
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Sends the film as it is, in real time. */
  function publish(url: string): { readonly kill: () => Promise<unknown> } {
    const args = ['-v', 'error', '-nostdin', '-re', '-i', film, '-c', 'copy', '-f', 'flv', url];
    const child = spawn('ffmpeg', args, { stdio: 'ignore' });
    publishers.add(child);
    const gone = once(child, 'exit');
    const kill = (): Promise<unknown> => {
      child.kill('SIGKILL');
      return gone;
    };
    return { kill };
  }

  const framesSent = ({ snapshot }: Broadcast): number =>
    Math.min(...destinationsOf(snapshot).map((each) => each.framesSent));

  async function more(broadcast: Broadcast, frames: number, presence: string): Promise<void> {
    await until(`the ${presence}`, () => broadcast.snapshot.presence === presence, 30_000);
    const before = framesSent(broadcast);
    await until(`frames of it`, () => framesSent(broadcast) >= before + frames, 30_000);
  }

  test('two servers get what ffmpeg publishes bit by bit, a slate while it is killed, and it again when it is back', async () => {
    const ingest = new StreamIngest({ logger });
    cleanUps.push(() => ingest.close());
    const { port } = await ingest.start({ host: '127.0.0.1', port: 0 });
    const url = `rtmp://127.0.0.1:${port}/live/cam`;
    const keys = ['one', 'two'];
    const broadcast = await engine.startBroadcast({
      source: engine.openStream(ingest.origin('live', 'cam'), 'en'),
      encoding,
      outputs: keys.map((key) => {
        const target = {
          id: key,
          name: key,
          streamKey: key,
          address: parseRtmpUrl(nginx.serverUrl),
        };
        return { type: 'rtmp', target } as const;
      }),
    });
    cleanUps.push(() => broadcast.stop());
    expect(broadcast.snapshot).toMatchObject({ presence: 'waiting', state: 'connecting' });
    const steps = destinationsOf(broadcast.snapshot).flatMap((each) => each.steps);
    expect(new Set(steps.map(({ state }) => state)), 'no server hears of it').toEqual(
      new Set(['pending']),
    );

    const first = publish(url);
    await more(broadcast, 50, 'live');
    await first.kill();
    // More than its group of two seconds: it begins again.
    await more(broadcast, 60, 'slate');
    publish(url);
    await more(broadcast, 50, 'live');
    await broadcast.stop();
    const last = await broadcast.run();
    expect(last.error).toBeUndefined();

    const files = await Promise.all(
      keys.map(async (key) => {
        const file = join(folder, `${key}.flv`);
        await copyFile(await nginx.recording(key), file);
        return file;
      }),
    );
    const [one = '', two = ''] = files;
    for (const file of files) {
      expect(await decodeErrors(file)).toBe('');
      expect(await sizesOf(file)).toEqual(['320x180']);
      const [pictures, sound] = [await decodeTimes(file, 'v:0'), await decodeTimes(file, 'a:0')];
      expect(strictlyRising(pictures)).toBe(true);
      expect(strictlyRising(sound)).toBe(true);
      // Silence goes beside the slate, which is shown for longer than that: without it players would wait. The slate
      // itself may come late, if the machine was not done with it.
      expect(Math.max(...stepsOf(sound)) - Math.max(...stepsOf(pictures))).toBeLessThan(1000);
    }

    const original = (await hashedPackets(film, 'v:0')).map(({ hash }) => hash);
    const received = (await hashedPackets(one, 'v:0')).map(({ hash }) => hash);
    expect((await hashedPackets(two, 'v:0')).map(({ hash }) => hash)).toEqual(received);
    const slateAt = received.findIndex((hash, index) => hash !== original[index]);
    expect(slateAt, 'frames until it was killed').toBeGreaterThanOrEqual(50);
    // The second begins with the first keyframe once more, which holds parameter sets there.
    const backAt = received.lastIndexOf(original[1] ?? '') - 1;
    expect(backAt - slateAt, 'frames of the slate').toBeGreaterThanOrEqual(60);
    const again = received.slice(backAt + 1);
    expect(again.length).toBeGreaterThanOrEqual(50);
    expect(again).toEqual(original.slice(1, again.length + 1));
    const slate = received.slice(slateAt, backAt);
    expect(slate.filter((hash) => original.includes(hash))).toEqual([]);
    const [sent, arrived] = [await picturesOf(film), await picturesOf(one)];
    const [keyframe, joined] = [sent[0]?.payload ?? new Uint8Array(), arrived[backAt]?.payload];
    expect(joined?.subarray(-keyframe.byteLength)).toEqual(keyframe);

    expect(last.statistics?.video).toMatchObject({ frames: received.length, droppedFrames: 0 });
    for (const { framesSent: count, framesDropped } of destinationsOf(last)) {
      expect([count, framesDropped]).toEqual([received.length, 0]);
    }
    expect(await countFrames(two)).toBe(received.length);
  });
});

const stepsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? NaN));

async function picturesOf(file: string): Promise<EncodedPacket[]> {
  return new FlvDemuxer()
    .push(await readFile(file))
    .flatMap((item) => (item.type === 'packet' ? [item.packet] : []))
    .filter(({ type, track }) => type === 'frame' && track === 'video');
}

/** Each size of the decoded pictures. */
async function sizesOf(file: string): Promise<string[]> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=width,height'],
    ...['-of', 'csv=p=0:s=x', file],
  ]);
  return [...new Set(stdout.split('\n').flatMap((line) => /^\d+x\d+/.exec(line) ?? []))];
}
