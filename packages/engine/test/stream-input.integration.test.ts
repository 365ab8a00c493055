import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createRouterClient } from '@orpc/server';
import {
  builtInProfileId,
  describeError,
  type BroadcastSnapshot,
  type Source,
} from '@tallylight/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFfmpegPublisher } from '../../../test/support/ffmpeg-publisher.js';
import { freePort } from '../../../test/support/free-port.js';
import { until } from '../../../test/support/until.js';
import { createEngine, type Engine } from '../src/engine.js';
import { createLogger } from '../src/logger.js';
import { createKeyFileCipher } from '../src/profiles/key-file-cipher.js';
import { createWindowService } from '../src/window/index.js';
import { createChannelPair } from './support/channel.js';

const run = promisify(execFile);

let folder = '';
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-stream-input-'));
  engine = createEngine({
    ...{ dataDirectory: folder, version: '1.2.3', shell: 'browser' },
    secretCipher: await createKeyFileCipher(folder),
    logger: createLogger({ level: 'silent' }),
  });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const encoding = {
  ...{ width: 1280, height: 720, fps: 30, keyframeInterval: 2 },
  ...{ videoBitrate: 2_500_000, audioBitrate: 128_000 },
};

/** Size and count of the first pictures that ffprobe gets. */
async function firstPictures(url: string, count: number): Promise<string> {
  const args = ['-v', 'error', '-select_streams', 'v', '-count_packets', '-of', 'csv=p=0'];
  const wanted = ['-show_entries', 'stream=width,height,nb_read_packets'];
  const { stdout } = await run('ffprobe', [
    ...args,
    ...wanted,
    '-read_intervals',
    `%+#${count}`,
    url,
  ]);
  return stdout.trim();
}

test('a window sees what is published to it while it watches, sends it on, and a slate when it is gone', async () => {
  // Whoever has the first port, it is taken now, and stays theirs.
  const other = createServer().listen(1936, '127.0.0.1');
  await once(other, 'listening').catch(() => undefined);
  let pictures = 0;
  const { reader } = createChannelPair((jpeg) => {
    if (jpeg[0] === 0xff && jpeg[1] === 0xd8) pictures += 1;
  });
  const windows = createWindowService(engine);
  const client = createRouterClient(windows.router, { context: { channel: reader } });
  const publishers: { stop(): Promise<void> }[] = [];
  try {
    const address = await client.streamInput.open();
    expect(await client.streamInput.open()).toEqual(address);
    expect(address.serverUrl).not.toContain(':1936/');
    await client.broadcast.showPreview();
    const watch = await client.streamInput.watch({});
    expect((await watch.next()).value).toEqual({ address, isPublished: false });
    publishers.push(startFfmpegPublisher(address.url));
    expect((await watch.next()).value).toEqual({ address, isPublished: true });
    await until('pictures of it', () => pictures > 3);

    const circular = {
      serverUrl: address.serverUrl.replace('127.0.0.1', 'localhost'),
      streamKey: address.streamKey,
    };
    const { id } = await client.profiles.save({ name: 'Circle', ...circular });
    const circle = client.broadcast.start({
      ...{ source: { type: 'stream', slateLanguage: 'en' }, encoding, profileIds: [id] },
    });
    await expect(circle).rejects.toMatchObject({
      data: { code: 'INVALID_OPTION', data: { reason: { reason: 'destination-is-source' } } },
    });

    await client.broadcast.start({
      ...{ source: { type: 'stream', slateLanguage: 'en' }, encoding },
      profileIds: [builtInProfileId],
    });
    const snapshots = await client.broadcast.watch();
    const reach = async (accept: (snapshot: BroadcastSnapshot) => boolean) => {
      for (;;) {
        const next = await snapshots.next();
        if (next.done === true) throw new Error('the watch ended');
        if (accept(next.value)) return next.value;
      }
    };
    const live = await reach(({ state, health }) => state === 'live' && health !== undefined);
    expect(live).toMatchObject({ presence: 'live', capturedBy: 'stream', wanted: { fps: 25 } });
    // Neither is it gone to once it is on air, added or corrected.
    const refused = { data: { data: { reason: { reason: 'destination-is-source' } } } };
    await expect(
      client.broadcast.addOutput({ type: 'profile', profileId: id }),
    ).rejects.toMatchObject(refused);
    const away = { name: 'Away', serverUrl: 'rtmp://127.0.0.1:9/live', streamKey: 'show' };
    const { id: corrected } = await client.profiles.save(away);
    await client.broadcast.addOutput({ type: 'profile', profileId: corrected });
    await client.profiles.save({ ...away, id: corrected, ...circular });
    await expect(client.broadcast.retryOutput({ id: corrected })).rejects.toMatchObject(refused);
    for (const publisher of publishers.splice(0)) await publisher.stop();
    await reach(({ presence }) => presence === 'slate');
    expect((await watch.next()).value).toEqual({ address, isPublished: false });
    await client.broadcast.stop();
    expect(await reach(({ state }) => state === 'ended')).not.toHaveProperty('error');
    await watch.return();
  } finally {
    for (const publisher of publishers) await publisher.stop();
    await windows.close();
    other.close();
  }
});

test('a stream on the built-in server is sent on with its key unseen, and the server stays as it is meanwhile', async () => {
  let pictures = 0;
  const { reader } = createChannelPair(() => (pictures += 1));
  const windows = createWindowService(engine);
  const client = createRouterClient(windows.router, { context: { channel: reader } });
  const from = { app: 'live', name: 'phone' };
  let publisher: { stop(): Promise<void> } | undefined;
  try {
    await client.broadcast.showPreview();
    const watch = await client.streamInput.watch({ from });
    const off = { isPublished: false, error: describeError('SERVER_OFF') };
    expect((await watch.next()).value).toEqual(off);
    const source: Source = { type: 'stream', slateLanguage: 'en', from };
    const start = (profileId: string) =>
      client.broadcast.start({ source, encoding, profileIds: [profileId] });
    await expect(start(builtInProfileId)).rejects.toMatchObject({ data: { code: 'SERVER_OFF' } });

    const [rtmpPort, httpPort] = await Promise.all([freePort(), freePort()]);
    await client.server.update({ isOn: true, isPublic: true, rtmpPort, httpPort });
    expect((await watch.next()).value).toEqual({ isPublished: false });
    const { publishKey = '', playKey = '' } = await client.server.revealKeys();
    const serverUrl = `rtmp://127.0.0.1:${rtmpPort}/live`;
    publisher = startFfmpegPublisher(`${serverUrl}/phone?key=${publishKey}`);
    expect((await watch.next()).value).toEqual({ isPublished: true });
    await until('pictures of it', () => pictures > 3);

    const { id } = await client.profiles.save({
      ...{ name: 'Round', serverUrl, streamKey: `phone?key=${publishKey}` },
    });
    await expect(start(id)).rejects.toMatchObject({
      data: { data: { reason: { reason: 'destination-is-source' } } },
    });

    await start(builtInProfileId);
    const snapshots = await client.broadcast.watch();
    const reach = async (accept: (snapshot: BroadcastSnapshot) => boolean) => {
      for await (const snapshot of snapshots) if (accept(snapshot)) return snapshot;
      throw new Error('the watch ended');
    };
    const live = await reach(({ state, health }) => state === 'live' && health !== undefined);
    expect(live).toMatchObject({ presence: 'live', capturedBy: 'stream', wanted: { fps: 25 } });
    expect(JSON.stringify(live)).not.toContain(publishKey);
    expect(await firstPictures(`${serverUrl}/preview?key=${playKey}`, 50)).toBe('320,180,50');
    await expect(client.server.update({ isOn: false })).rejects.toMatchObject({
      data: { code: 'SERVER_IN_USE' },
    });
    await client.broadcast.stop();

    await client.server.update({ isOn: false });
    let last: unknown;
    while (JSON.stringify(last) !== JSON.stringify(off)) last = (await watch.next()).value;
    await watch.return();
  } finally {
    await publisher?.stop();
    await windows.close();
  }
});
