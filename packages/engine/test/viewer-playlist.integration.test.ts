import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoding } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../src/engine.js';
import { createLogger } from '../src/logger.js';
import { makeFilms, unlikeFilms } from './support/films.js';
import { hasChromium } from '../../../test/support/chromium.js';
import { expectPlaying, Viewer, watch } from './support/viewer.js';

const encoding: Encoding = {
  ...{ width: 480, height: 270, fps: 30, keyframeInterval: 1 },
  ...{ videoBitrate: 400_000, audioBitrate: 64_000 },
};

describe.skipIf(!hasChromium)('files one after the other, in Chromium (needs chromium)', () => {
  let folder: string;
  let engine: Engine;
  let viewer: Viewer;
  let films: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-viewer-playlist-'));
    films = await makeFilms(folder, unlikeFilms);
    viewer = await Viewer.start();
    engine = createEngine({
      ...{ dataDirectory: folder, version: '1.2.3', shell: 'browser' },
      logger: createLogger({ level: 'silent' }),
    });
  });
  afterAll(async () => {
    await engine.close();
    await viewer.close();
    await rm(folder, { recursive: true, force: true });
    expect(viewer.complaints).toEqual([]);
  });

  test.each([
    { how: 'encoded to one size', copy: false, sizes: ['480x270'] },
    { how: 'sent as they are', copy: true, sizes: unlikeFilms.map(({ size }) => size) },
  ])('three films $how play through over HTTP-FLV, each of them twice', async ({ copy, sizes }) => {
    const key = `list${copy ? 'copied' : 'encoded'}`;
    const target = {
      id: key,
      name: key,
      streamKey: key,
      address: parseRtmpUrl(`${viewer.rtmp}/live`),
    };
    const source = engine.openPlaylist({ files: films, copy, loop: true }, encoding);
    const broadcast = await engine.startBroadcast({
      ...{ source, encoding, outputs: [{ type: 'rtmp', target }] },
    });
    const page = await viewer.newPage();
    await page.goto(`${viewer.http}/#live/${key}`);
    await expectPlaying(page);
    await page.locator('video').evaluate((element) => {
      const video = element as HTMLVideoElement;
      const seen = new Set<string>();
      const note = () => {
        seen.add(`${video.videoWidth}x${video.videoHeight}`);
        video.dataset['sizes'] = [...seen].join(' ');
      };
      note();
      video.addEventListener('resize', note);
    });
    const seen = await watch(page, 13);
    expect(seen).toMatchObject({ backwards: 0, restarts: 0 });
    // At 25 or 30 frames a second; a player that stood still and went on elsewhere would have fewer.
    expect(seen.frames).toBeGreaterThan(13 * 22);
    const noted = await page.locator('video').getAttribute('data-sizes');
    expect(noted?.split(' ').toSorted()).toEqual(sizes.toSorted());
    await broadcast.stop();
    expect((await broadcast.run()).error).toBeUndefined();
    await page.close();
  });
});
