import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveHub, liveHandlers, RtmpServer } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countFrames, decodeErrors, pictureTimes } from '../../test/support/media.js';
import { hasSmallDisk, mountSmallDisk } from '../../test/support/small-disk.js';
import { parseLines } from './cli-result.js';
import { framesOf, isError, smallPicture } from './recording-lines.js';
import { buildCli, killLeftovers, startCli, type JsonLine } from './run-cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-record-'));
  await buildCli();
});
afterEach(killLeftovers);
afterAll(() => rm(folder, { recursive: true }));

test.skipIf(!hasSmallDisk())(
  'replays are saved, recordings are led and a disk fills up by lines on stdin, and the server misses nothing',
  async () => {
    const disk = mountSmallDisk(16);
    const hub = new LiveHub();
    const server = new RtmpServer(liveHandlers(hub));
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const received = countReceived(hub);
    const publisher = startCli(
      [
        ...['publish', ...smallPicture, '--to', `rtmp://127.0.0.1:${port}/live/show`, '--json'],
        ...['--replay', '5', '--control', '--lang', 'en'],
      ],
      { keepsStdin: true },
    );
    const say = (line: object): boolean | undefined =>
      publisher.child.stdin?.write(`${JSON.stringify(line)}\n`);
    /** So many more frames are captured. */
    const more = async (frames: number): Promise<void> => {
      const so = Math.max(0, ...parseLines(publisher.output().stdout).map(framesOf));
      await publisher.line((line) => framesOf(line) >= so + frames);
    };
    try {
      await publisher.line((line) => framesOf(line) >= 190);
      const replays = [join(folder, 'first.mp4'), join(folder, 'second.mp4')];
      const saved: JsonLine[] = [];
      for (const path of replays) {
        say({ type: 'save-replay', path });
        saved.push(await publisher.line((line) => line.type === 'replay' && line['path'] === path));
        await more(30);
      }
      say({ type: 'save-replay', path: replays[0] });
      await publisher.line(isError('file-exists'));

      const own = join(disk.folder, 'own.mp4');
      const inState = (state: object) => (line: JsonLine) => {
        const recording = line['recording'] as object | undefined;
        return line.type === 'state' && recording !== undefined && contains(recording, state);
      };
      say({ type: 'record', path: own });
      await publisher.line(inState({ path: own, state: 'live' }));
      await more(45);
      say({ type: 'pause-recording' });
      await publisher.line(inState({ isPaused: true }));
      await more(45);
      say({ type: 'resume-recording' });
      await publisher.line(
        (line) => inState({ state: 'live' })(line) && !inState({ isPaused: true })(line),
      );
      await more(45);
      await disk.fill();
      await publisher.line((line) => line.type === 'error' && line['code'] === 'RECORDING_FAILED');
      await more(45);
      say({ type: 'stop-recording' });
      await publisher.line(isError('nothing-recorded'));
      publisher.child.kill('SIGINT');
      const { code, summary, stderr } = await publisher.done;

      // Some of what was asked for failed, and the rest was done.
      expect({ code, stderr }).toMatchObject({ code: 7 });
      expect(stderr).toContain('The broadcast goes on without the recording.');
      const [destination] = summary.destinations;
      expect(destination).toMatchObject({ state: 'stopped', framesDropped: 0, framesMissed: 0 });
      expect(await received).toBe(destination?.framesSent);
      expect(summary.video.frames).toBe(destination?.framesSent);
      for (const [index, path] of replays.entries()) {
        expect(await decodeErrors(path)).toBe('');
        const frames = await countFrames(path);
        expect(frames).toBeGreaterThanOrEqual(5 * 30);
        expect(frames).toBeLessThanOrEqual(6 * 30 + 1);
        expect((await pictureTimes(path))[0]).toBeLessThan(100);
        expect(Math.abs(Number(saved[index]?.['durationMs']) - (frames * 1000) / 30)).toBeLessThan(
          150,
        );
      }
      expect(await decodeErrors(own)).toBe('');
      // Twice 45 frames, but up to a second each before a keyframe comes, and the half second that the disk refused.
      expect(await countFrames(own)).toBeGreaterThan(10);
      expect(summary.recording).toMatchObject({ path: own, bytes: (await stat(own)).size });
    } finally {
      if (publisher.child.exitCode === null) {
        publisher.child.kill('SIGKILL');
        await once(publisher.child, 'close');
      }
      await server.close();
      disk.remove();
    }
  },
  120_000,
);

/** Video frames that the first stream had, once it has ended. */
const countReceived = (hub: LiveHub): Promise<number> =>
  new Promise((resolve) => {
    const unwatch = hub.watch(({ stream: { app, name } }) => {
      const observer = hub.find(app, name)?.join('observer');
      unwatch();
      const count = async (): Promise<void> => {
        let frames = 0;
        let batch = (await observer?.nextBatch()) ?? [];
        for (; batch.length > 0; batch = (await observer?.nextBatch()) ?? []) {
          frames += batch.filter(
            (item) =>
              item.type === 'packet' &&
              item.packet.type === 'frame' &&
              item.packet.track === 'video',
          ).length;
        }
        resolve(frames);
      };
      void count();
    });
  });

const contains = (whole: object, part: object): boolean =>
  Object.entries(part).every(([name, value]) => (whole as Record<string, unknown>)[name] === value);
