import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { destinationsOf, type AppErrorInfo, type Encoding } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  decodeErrors,
  decodeTimes,
  hashedPackets,
  pictureTimes,
  strictlyRising,
} from '../../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../../test/support/nginx.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { createLogger } from '../../src/logger.js';
import type { MediaSource } from '../../src/sources/media-source.js';
import { makeFilm, makeFilms, unlikeFilms, type Film } from '../support/films.js';

const run = promisify(execFile);
const encoding: Encoding = {
  ...{ width: 480, height: 270, fps: 30, keyframeInterval: 1 },
  ...{ videoBitrate: 400_000, audioBitrate: 64_000 },
};

/** Of the films, in whole milliseconds. */
const longestPicture = 40;
/** At a seam, by as much as pictures are shown later than they are decoded in the one film than in the other. */
const mostBetween = longestPicture + 14;

describe.skipIf(!hasNginxRtmp())('files one after the other (needs nginx)', () => {
  let folder: string;
  let engine: Engine;
  let nginx: NginxRtmp;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-playlist-'));
    nginx = await startNginxRtmp();
    engine = createEngine({
      ...{ dataDirectory: folder, version: '1.2.3', shell: 'browser' },
      logger: createLogger({ level: 'silent' }),
    });
  });
  afterAll(async () => {
    await engine.close();
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What nginx recorded of a source, and the frames that were sent to it. */
  async function publish(source: MediaSource, key: string, durationMs?: number) {
    const target = { id: key, name: key, streamKey: key, address: parseRtmpUrl(nginx.serverUrl) };
    const broadcast = await engine.startBroadcast({
      ...{ source, encoding, outputs: [{ type: 'rtmp', target }] },
      ...(durationMs !== undefined && { durationMs }),
    });
    const last = await broadcast.run();
    expect(last.error).toBeUndefined();
    const file = join(folder, `${key}.flv`);
    await copyFile(await nginx.recording(key), file);
    return { file, sent: destinationsOf(last)[0]?.framesSent };
  }

  test.each<Film>([
    { name: 'loop.mp4', size: '320x180', fps: 30, seconds: 1, sound: 44_100 },
    { name: 'loop.flv', size: '320x180', fps: 50, seconds: 1, sound: 48_000 },
  ])(
    '$name goes out three times as it is: no access unit is another, and no time jumps',
    async (film) => {
      const path = await makeFilm(folder, film);
      const source = engine.openPlaylist({ files: [path], copy: true, loop: true }, encoding);
      const { file } = await publish(source, film.name.replace('.', '-'), 3_000 * film.seconds);
      const [original, pictures] = [
        await hashedPackets(path, 'v:0'),
        await hashedPackets(file, 'v:0'),
      ];
      const count = original.length;
      expect(count).toBe(film.fps * film.seconds);
      const hashes = original.map(({ hash }) => hash);
      expect(pictures.map(({ hash }) => hash)).toEqual([...hashes, ...hashes, ...hashes]);
      const steps = stepsOf(pictures.map(({ dts }) => dts));
      const frame = 1000 / film.fps;
      for (const step of steps) expect(Math.abs(step - frame)).toBeLessThanOrEqual(1);

      // Each loop moves sound and picture by the same, and of the sound no more is missing than lies over the seam.
      const [sound, heard] = [await hashedPackets(path, 'a:0'), await hashedPackets(file, 'a:0')];
      const places = new Map(sound.map(({ hash }, place) => [hash, place]));
      const audioFrame = 1_024_000 / (film.sound ?? NaN);
      const audioSteps = stepsOf(heard.map(({ dts }) => dts));
      expect(Math.min(...audioSteps)).toBeGreaterThan(0.4 * audioFrame);
      expect(Math.max(...audioSteps)).toBeLessThan(1.6 * audioFrame);
      let [loop, before] = [0, -1];
      for (const { hash, dts } of heard) {
        const place = places.get(hash) ?? NaN;
        if (place < before) {
          expect(before, 'heard to its end').toBe(sound.length - 1);
          loop += 1;
          expect(place, 'heard from its beginning').toBeLessThanOrEqual(2);
        } else if (before >= 0) expect(place).toBe(before + 1);
        before = place;
        const shift = (pictures[loop * count]?.pts ?? NaN) - (original[0]?.pts ?? NaN);
        expect(Math.abs(dts - shift - (sound[place]?.dts ?? NaN))).toBeLessThanOrEqual(2);
      }
      expect(loop).toBe(2);
    },
  );

  test('files of three sizes become one stream as long as all of them: encoded to one size, and as they are', async () => {
    const films = await makeFilms(folder, unlikeFilms);
    const absent = join(folder, 'absent.mp4');
    const failures: AppErrorInfo[] = [];
    const [first = '', ...others] = films;
    const encoded = engine.openPlaylist(
      { files: [first, absent, ...others], copy: false, loop: false },
      encoding,
      { onFailure: (error) => failures.push(error) },
    );
    const copied = engine.openPlaylist({ files: films, copy: true, loop: false }, encoding);
    const [one, other] = await Promise.all([
      publish(encoded, 'encoded'),
      publish(copied, 'copied'),
    ]);
    expect(failures.map(({ code, data }) => [code, data['file']])).toEqual([
      ['FILE_UNREADABLE', absent],
    ]);
    for (const { file } of [one, other]) {
      expect(await decodeErrors(file)).toBe('');
      const [pictures, sound] = [await decodeTimes(file, 'v:0'), await decodeTimes(file, 'a:0')];
      expect(strictlyRising(pictures)).toBe(true);
      expect(strictlyRising(sound)).toBe(true);
      const shown = (await pictureTimes(file)).toSorted((a, b) => a - b);
      for (const times of [pictures, shown]) {
        expect(Math.max(...stepsOf(times))).toBeLessThanOrEqual(mostBetween);
      }
      // The last film is mute: silence is there to its end.
      expect(Math.max(...stepsOf(sound))).toBeLessThan(50);
      for (const times of [pictures, sound]) {
        const length = (times.at(-1) ?? NaN) - (times[0] ?? NaN);
        expect(Math.abs(length - 6_000)).toBeLessThan(3 * longestPicture);
      }
    }
    expect(await sizesOf(one.file)).toEqual(['480x270']);
    expect(await sizesOf(other.file)).toEqual(unlikeFilms.map(({ size }) => size));
    const frames = unlikeFilms.map(({ fps, seconds }) => fps * seconds);
    expect((await decodeTimes(other.file, 'v:0')).length).toBe(frames.reduce((a, b) => a + b));
    expect(other.sent).toBe(frames.reduce((a, b) => a + b));
  });
});

const stepsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? NaN));

/** Each size of the decoded pictures, in the order in which they come. */
async function sizesOf(file: string): Promise<string[]> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=width,height'],
    ...['-of', 'csv=p=0:s=x', file],
  ]);
  // What else a frame has, such as parameter sets within it, stands behind its size or on a line of its own.
  const all = stdout.split('\n').flatMap((line) => /^\d+x\d+/.exec(line) ?? []);
  return all.filter((size, index) => size !== all[index - 1]);
}
