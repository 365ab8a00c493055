import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { destinationsOf, type Encoding } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeErrors, hashedPackets } from '../../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../../test/support/nginx.js';
import { until } from '../../../../test/support/until.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { FfmpegLocator } from '../../src/ffmpeg/ffmpeg-locator.js';
import { createLogger } from '../../src/logger.js';
import { DestinationMonitor } from '../../src/monitor/destination-monitor.js';
import { readPlayUrl } from '../../src/monitor/monitor-place.js';
import { rtmpOrigin } from '../../src/pulled-stream.js';
import { previewStream } from '../../src/sources/stream/stream-preview.js';
import { makeFilms } from '../support/films.js';

const run = promisify(execFile);
const logger = createLogger({ level: 'silent' });
const encoding: Encoding = {
  ...{ width: 320, height: 180, fps: 30, keyframeInterval: 1 },
  ...{ videoBitrate: 300_000, audioBitrate: 64_000 },
};

describe.skipIf(!hasNginxRtmp())('files of several sizes as they are (needs nginx)', () => {
  let folder: string;
  let engine: Engine;
  let nginx: NginxRtmp;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-sizes-'));
    nginx = await startNginxRtmp();
    engine = createEngine({
      ...{ dataDirectory: folder, version: '1.2.3', shell: 'browser', logger },
    });
  });
  afterAll(async () => {
    await engine.close();
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('between files that are encoded, and once more from the beginning, each of their pictures arrives and decodes, and is watched', async () => {
    const copied = await makeFilms(folder, [
      { name: 'a.mp4', size: '320x180', fps: 30, seconds: 4, sound: 44_100 },
      { name: 'b.mp4', size: '320x180', fps: 25, seconds: 1, sound: 44_100 },
      { name: 'mute.mkv', size: '160x120', fps: 25, seconds: 3 },
    ]);
    const [png, webm] = [join(folder, 'pic.png'), join(folder, 'web.webm')];
    const of = (seconds: string) => ['-f', 'lavfi', '-t', seconds, '-i', 'testsrc2=size=64x48'];
    await run('ffmpeg', ['-v', 'error', ...of('1'), '-frames:v', '1', png]);
    await run('ffmpeg', ['-v', 'error', ...of('1'), '-c:v', 'libvpx', webm]);
    const { files } = engine;
    files.add([...copied, png, webm]);
    files.update({ copy: true, repeat: true });
    await until('what is in them', () =>
      files.state.files.every(({ canCopy }) => canCopy !== undefined),
    );
    expect(files.state.files.map(({ canCopy }) => canCopy)).toEqual([
      ...[true, true, true, false, false],
    ]);

    const source = engine.openFiles(encoding, 'en', () => undefined);
    const target = { id: 'k', name: 'k', streamKey: 'k', address: parseRtmpUrl(nginx.serverUrl) };
    const broadcast = await engine.startBroadcast({
      ...{ source, encoding, outputs: [{ type: 'rtmp', target }] },
    });
    const nameOn = () =>
      files.state.files.find(({ id }) => id === files.state.playback?.id)?.name ?? '';
    /** How many pictures each of those that watch had while a file was on. */
    const seen = { monitor: new Map<string, number>(), preview: new Map<string, number>() };
    const count = (watcher: keyof typeof seen) => (jpeg: Uint8Array) => {
      if (jpeg.length > 0) seen[watcher].set(nameOn(), (seen[watcher].get(nameOn()) ?? 0) + 1);
    };
    const ended = broadcast.run();
    const over = new AbortController();
    await nginx.published('k');
    const ffmpeg = new FfmpegLocator();
    const place = readPlayUrl(`${nginx.serverUrl}/k`);
    if (place.way !== 'rtmp') throw new Error('it is not RTMP');
    const watching = Promise.all([
      new DestinationMonitor({
        ...{ place, ffmpeg, logger, onPicture: count('monitor') },
      }).run(over.signal),
      previewStream(
        rtmpOrigin(place, logger, () => undefined),
        { ffmpeg, logger, onPreview: count('preview') },
        over.signal,
      ),
    ]);
    for (const name of ['b.mp4', 'mute.mkv', 'pic.png']) await until(name, () => nameOn() === name);
    await source.control?.playback?.next();
    for (const name of ['web.webm', 'a.mp4', 'b.mp4']) await until(name, () => nameOn() === name);
    over.abort();
    await watching;
    await broadcast.stop();
    const last = await ended;
    expect(last.error).toBeUndefined();
    expect(last.isPlayedOut).toBeUndefined();
    expect(destinationsOf(last)[0]?.framesDropped).toBe(0);
    // A third of what they are meant to have at least, on a machine that may be busy.
    for (const counts of [seen.monitor, seen.preview]) {
      expect(counts.get('mute.mkv') ?? 0).toBeGreaterThan(10);
    }

    const file = join(folder, 'recorded.flv');
    await copyFile(await nginx.recording('k'), file);
    expect(await decodeErrors(file)).toBe('');
    const arrived = (await hashedPackets(file, 'v:0')).map(({ hash }) => hash);
    for (const [index, path] of copied.entries()) {
      // The first picture of a file that follows another has parameter sets within it.
      const own = (await hashedPackets(path, 'v:0')).map(({ hash }) => hash).slice(index && 1);
      const at = arrived.indexOf(own[0] ?? '');
      expect(arrived.slice(at, at + own.length), path).toEqual(own);
    }
  });
});
