import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { destinationsOf, type Encoding } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { FaultRig } from '../../../test/support/fault-rig/fault-rig.js';
import { freePort } from '../../../test/support/free-port.js';
import { hashedPackets } from '../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp } from '../../../test/support/nginx.js';
import { until } from '../../../test/support/until.js';
import { Broadcast } from '../src/broadcast/broadcast.js';
import { FfmpegLocator } from '../src/ffmpeg/ffmpeg-locator.js';
import { createLogger } from '../src/logger.js';
import { Recorder } from '../src/outputs/recording/recorder.js';
import { RtmpDestination } from '../src/outputs/rtmp/rtmp-destination.js';
import { createFfmpegSource } from '../src/sources/ffmpeg/ffmpeg-source.js';

const encoding: Encoding = {
  ...{ width: 320, height: 180, fps: 25, keyframeInterval: 1 },
  ...{ videoBitrate: 400_000, audioBitrate: 64_000 },
};
const live = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe.skipIf(!hasNginxRtmp())('ten destinations', () => {
  test('of which three are dead, each in its own way, give seven servers every frame', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-ten-'));
    cleanUps.push(() => rm(folder, { recursive: true, force: true }));
    const nginx = await startNginxRtmp({});
    cleanUps.push(async () => nginx.stop());
    const [blackHole, stalled] = await Promise.all([
      FaultRig.start({ to: { port: nginx.rtmpPort }, faults: { link: 'cut' } }),
      FaultRig.start({ to: { port: nginx.rtmpPort } }),
    ]);
    cleanUps.push(() => Promise.all([blackHole.stop(), stalled.stop()]));
    const logger = createLogger({ level: 'silent' });
    const to = (name: string, port: number): RtmpDestination =>
      new RtmpDestination({
        target: {
          ...{ id: name, name, streamKey: name },
          address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
        },
        logger,
      });
    const path = join(folder, 'own.flv');
    const broadcast = new Broadcast({
      ...{ version: '1.2.3', encoding, logger },
      source: createFfmpegSource(
        { type: 'capture', video: { type: 'test' }, audio: { type: 'test' } },
        encoding,
        { ffmpeg: new FfmpegLocator(), logger },
      ),
      outputs: [
        ...live.map((name) => to(name, nginx.rtmpPort)),
        to('refused', await freePort()),
        to('black hole', blackHole.port),
        to('stalled', stalled.port),
        new Recorder({ id: 'own', path }),
      ],
    });
    cleanUps.push(() => broadcast.stop());
    const status = (name: string) =>
      destinationsOf(broadcast.snapshot).find(({ id }) => id === name);
    void broadcast.run();
    await until('eight to be live', () =>
      [...live, 'stalled'].every((name) => status(name)?.state === 'live'),
    );
    await stalled.stall('up');
    const before = status('one')?.framesSent ?? NaN;
    await until('further frames', () => (status('one')?.framesSent ?? 0) > before + 100);
    expect(status('refused')?.lastError?.code).toBe('CONNECTION_REFUSED');
    expect(status('black hole')?.state).not.toBe('live');
    await broadcast.stop();

    const captured = (await hashedPackets(path, 'v:0')).map(({ hash }) => hash);
    expect(captured.length).toBeGreaterThan(before + 100);
    expect(broadcast.snapshot.statistics?.video.frames).toBe(captured.length);
    for (const name of live) {
      const recorded = await hashedPackets(await nginx.recording(name), 'v:0');
      expect(recorded.map(({ hash }) => hash)).toEqual(captured);
      expect(status(name)).toMatchObject({
        ...{ framesSent: captured.length, framesDropped: 0, framesMissed: 0 },
      });
    }
    // What it was given and did not take, is told: it is nowhere.
    const { framesSent = NaN, framesDropped = NaN } = status('stalled') ?? {};
    const { framesMissed = NaN, framesBefore = NaN } = status('stalled') ?? {};
    expect(framesSent + framesDropped + framesMissed + framesBefore).toBe(captured.length);
    expect(framesSent).toBeLessThan(captured.length - 50);
  });
});
