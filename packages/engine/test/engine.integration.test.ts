import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  builtInProfileId,
  destinationsOf,
  MediaChannelWriter,
  type contract,
  type StartInput,
} from '@tallylight/contract';
import { freePort } from '../../../test/support/free-port.js';
import { createEngine, type Engine } from '../src/engine.js';
import { createWindowService, type WindowService } from '../src/window/window-service.js';
import { createLogger } from '../src/logger.js';
import { createKeyFileCipher } from '../src/profiles/key-file-cipher.js';
import { MainPort, mainChannel, mainProcedures, windowChannel } from './message-port-transport.js';

const testPicture: StartInput = {
  source: { type: 'ffmpeg', video: { type: 'test' }, audio: { type: 'test' } },
  encoding: {
    width: 320,
    height: 180,
    fps: 15,
    videoBitrate: 300_000,
    audioBitrate: 64_000,
    keyframeInterval: 1,
  },
  profileIds: [builtInProfileId],
};

/** The whole engine behind the contract: what a window sees of it, with ffmpeg and the built-in server. */
describe('the engine', () => {
  let dataDirectory: string;
  let engine: Engine;
  let windows: WindowService;
  let client: ContractRouterClient<typeof contract>;
  let previews: { readonly jpeg: Uint8Array; readonly peakDb: number }[];
  let disconnect: () => void;

  const open = async (): Promise<void> => {
    const secretCipher = await createKeyFileCipher(dataDirectory);
    const logger = createLogger({ level: 'silent' });
    engine = createEngine({
      dataDirectory,
      version: '1.2.3',
      shell: 'electron',
      logger,
      secretCipher,
    });
    const [rpc, channel] = [new MessageChannel(), new MessageChannel()];
    windows = createWindowService(engine);
    windows.serve({
      procedures: mainProcedures(new MainPort(rpc.port2)),
      channel: mainChannel(new MainPort(channel.port2)),
    });
    client = createORPCClient(new RPCLink({ port: rpc.port1 }));
    rpc.port1.start();
    previews = [];
    new MediaChannelWriter(windowChannel(channel.port1), (jpeg, peakDb) => {
      previews.push({ jpeg, peakDb });
    });
    disconnect = () => {
      rpc.port1.close();
      channel.port1.close();
    };
  };

  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'tallylight-engine-'));
    await open();
  });

  const close = async (): Promise<void> => {
    await Promise.all([windows.close(), engine.close()]);
  };

  afterEach(async () => {
    await close();
    disconnect();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  it('starts nothing once it is closed', async () => {
    const starting = expect(client.broadcast.start(testPicture)).rejects.toMatchObject({
      data: { code: 'NOT_BROADCASTING' },
    });
    await engine.close();
    await starting;
    await expect(engine.server.start()).rejects.toMatchObject({
      info: { code: 'NOT_BROADCASTING' },
    });
    await expect(client.broadcast.start(testPicture)).rejects.toMatchObject({
      data: { code: 'NOT_BROADCASTING' },
    });
  });

  it('goes live from the test picture to its own server, shows it, and stops', async () => {
    const snapshots = await client.broadcast.watch();
    await client.broadcast.start(testPicture);
    const live = await until(snapshots, ({ state }) => state === 'live');
    const watchUrl = new URL(destinationsOf(live)[0]?.watchUrl ?? '');
    expect((await client.profiles.list())[0]?.serverUrl).toBe(destinationsOf(live)[0]?.url);

    const page = await fetch(new URL('/', watchUrl));
    expect(await page.text()).toContain('<video');
    const stream = await fetch(new URL(`/${watchUrl.hash.slice(1)}.flv`, watchUrl));
    const reader = stream.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString('latin1', 0, 3)).toBe('FLV');
    await reader?.cancel();

    await until(snapshots, ({ statistics }) => (statistics?.video.frames ?? 0) >= 15);
    await client.broadcast.stop();
    const ended = await until(snapshots, ({ state }) => state === 'ended');
    expect(ended.error).toBeUndefined();
    expect([...(previews[0]?.jpeg.subarray(0, 2) ?? [])]).toEqual([0xff, 0xd8]);
    // One beep each second.
    expect(previews.some(({ peakDb }) => peakDb > -30)).toBe(true);
    expect(previews.some(({ peakDb }) => peakDb < -60)).toBe(true);
  });

  it('goes live into the server that is switched on, with its key, which is then not changed, and is on after a start', async () => {
    const ports = { rtmpPort: await freePort(), httpPort: await freePort() };
    await client.server.update({ isOn: true, isPublic: true, ...ports });
    const { publishKey = '', playKey = '' } = await client.server.revealKeys();
    const snapshots = await client.broadcast.watch();
    await client.broadcast.start(testPicture);
    const live = await until(snapshots, ({ state }) => state === 'live');
    const servers = await client.server.watch();
    const { streams } = await until(servers, (server) => server.streams.length > 0);
    expect(streams).toMatchObject([{ app: 'live', name: 'preview' }]);
    await servers.return();
    const { watchUrl = '', url } = destinationsOf(live)[0] ?? {};
    expect(url).toBe(`rtmp://127.0.0.1:${ports.rtmpPort}/live`);
    expect((await fetch(watchUrl)).status).toBe(200);
    for (const key of [publishKey, playKey]) expect(JSON.stringify(live)).not.toContain(key);
    await expect(client.server.update({ isOn: false })).rejects.toMatchObject({
      data: { code: 'SERVER_IN_USE' },
    });
    await client.broadcast.stop();

    await close();
    disconnect();
    await open();
    await until(await client.server.watch(), ({ state }) => state === 'on');
    await client.server.update({ isOn: false });
    await expect(fetch(watchUrl)).rejects.toThrow();
  });

  it('says what a broadcast fails of, and lets the next one go live', async () => {
    const nobody = await freePort();
    const { id } = await client.profiles.save({
      name: 'Nobody',
      serverUrl: `rtmp://127.0.0.1:${nobody}/live`,
      streamKey: 'live_secret_9',
    });
    const snapshots = await client.broadcast.watch();
    await client.broadcast.start({ ...testPicture, profileIds: [id] });
    const failed = await until(snapshots, ({ state }) => state === 'ended');
    expect(failed.error).toMatchObject({ code: 'CONNECTION_REFUSED', data: { port: nobody } });
    expect(JSON.stringify(failed)).not.toContain('live_secret_9');

    await client.broadcast.start(testPicture);
    await until(snapshots, ({ state }) => state === 'live');
  });

  it('ends a broadcast that is on air, and its watchers, when it closes', async () => {
    const snapshots = await client.broadcast.watch();
    await client.broadcast.start(testPicture);
    const live = await until(snapshots, ({ state }) => state === 'live');
    await close();
    await until(snapshots, ({ state }) => state === 'ended');
    expect(await snapshots.next()).toMatchObject({ done: true });
    await expect(fetch(destinationsOf(live)[0]?.watchUrl ?? '')).rejects.toThrow();
  });

  it('starts with its defaults when its files are corrupt, says so, and keeps them', async () => {
    await close();
    disconnect();
    await writeFile(join(dataDirectory, 'settings.json'), '{"fps":');
    await writeFile(join(dataDirectory, 'profiles.json'), '[]');
    await open();
    const { notices } = await client.system.info();
    expect(notices.map(({ code }) => code)).toEqual(['SETTINGS_CORRUPT', 'SETTINGS_CORRUPT']);
    expect(notices.map(({ data }) => data['file'])).toEqual([
      expect.stringMatching(/^settings\./),
      expect.stringMatching(/^profiles\./),
    ]);
    expect(await client.profiles.list()).toHaveLength(1);
  });
});

async function until<T>(
  snapshots: AsyncIterator<T, unknown>,
  wanted: (snapshot: T) => boolean,
): Promise<T> {
  for (;;) {
    const next = await snapshots.next();
    if (next.done) throw new Error('the watch ended');
    if (wanted(next.value)) return next.value;
  }
}
