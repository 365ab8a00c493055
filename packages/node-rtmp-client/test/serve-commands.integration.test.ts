import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/until.js';
import {
  connect,
  libraryCapabilities,
  LiveHub,
  liveHandlers,
  parseRtmpUrl,
  play,
  publish,
  RtmpServer,
  type EncodedPacket,
  type FlvItem,
  type PlaybackControl,
  type RtmpClientEvent,
  type RtmpConnectRequest,
  type RtmpPlayback,
  type RtmpServerHandlers,
  type RtmpServerOptions,
} from '../src/index.js';

const run = promisify(execFile);
const servers = new Set<RtmpServer>();

afterEach(async () => {
  await Promise.all([...servers].map((server) => server.close()));
  servers.clear();
});

async function serve(handlers: RtmpServerHandlers, options?: RtmpServerOptions) {
  const server = new RtmpServer(handlers, options);
  servers.add(server);
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const url = `rtmp://127.0.0.1:${port}/live`;
  return { server, url, port, address: parseRtmpUrl(url, { withKey: false }) };
}

const picture = (ms: number, keyframe: boolean): EncodedPacket => ({
  ...{ track: 'video', codec: 'h264', type: 'frame', keyframe },
  ...{ pts: ms * 1000, dts: ms * 1000, payload: Uint8Array.of(0, 0, 0, 1, 9) },
});
const sound = (ms: number): EncodedPacket => ({
  ...{ track: 'audio', codec: 'aac', type: 'frame', keyframe: true },
  ...{ pts: ms * 1000, dts: ms * 1000, payload: Uint8Array.of(1) },
});
const item = (packet: EncodedPacket): FlvItem => ({ type: 'packet', packet });
const lineOf = (one: FlvItem): string =>
  one.type === 'packet' ? `${one.packet.track} ${one.packet.dts / 1000}` : one.type;

describe('onConnect', () => {
  it('sees who connects, and may refuse', async () => {
    const seen: RtmpConnectRequest[] = [];
    const { address } = await serve({
      onConnect: (request) => {
        seen.push(request);
        request.reject('NetConnection.Connect.InvalidApp', 'no such application');
      },
    });
    await expect(connect({ address })).rejects.toMatchObject({
      ...{ code: 'connect-rejected', phase: 'connect' },
      data: { serverCode: 'NetConnection.Connect.InvalidApp', reason: 'no such application' },
    });
    expect(seen).toMatchObject([{ app: 'live', user: undefined, query: '' }]);
    expect(seen[0]?.capabilities.fourCcList).toContain('hvc1');
  });

  it('may take its time: nothing that the client says meanwhile is lost', async () => {
    const hub = new LiveHub();
    const { url } = await serve({
      ...liveHandlers(hub),
      onConnect: async (request) => {
        await new Promise(setImmediate);
        request.accept();
      },
    });
    const source = ['-f', 'lavfi', '-i', 'sine', '-t', '0.2', '-c:a', 'aac'];
    const { stderr } = await run('ffmpeg', ['-v', 'error', ...source, '-f', 'flv', `${url}/one`]);
    expect(stderr).toBe('');
  });

  it('that fails refuses', async () => {
    const errors: string[] = [];
    const { address } = await serve({
      onConnect: () => Promise.reject(new Error('database is gone')),
      onError: (error) => errors.push(error.message),
    });
    await expect(connect({ address })).rejects.toMatchObject({ code: 'connect-rejected' });
    expect(errors.length).toBe(1);
  });

  it('[CMD-29] sends clients elsewhere', async () => {
    const hub = new LiveHub();
    const there = await serve(liveHandlers(hub));
    const here = await serve({ onConnect: (request) => request.redirect(there.url) });
    const publisher = await publish({ address: here.address, streamKey: 'one' });
    expect(hub.list()).toMatchObject([{ app: 'live', name: 'one' }]);
    await publisher.close();
  });
});

describe('a playing client', () => {
  /** Begins to play; what is written from then on is up to the test. */
  async function playing(control?: PlaybackControl) {
    let begin: (playback: RtmpPlayback) => void = () => undefined;
    const begun = new Promise<RtmpPlayback>((resolve) => {
      begin = resolve;
    });
    const { address } = await serve({
      onPlay: (playback) => {
        playback.accept(control);
        begin(playback);
      },
    });
    const player = await play({ address, streamKey: 'film', start: 12, duration: 30 });
    const playback = await begun;
    const received = (async () => {
      const lines: string[] = [];
      for await (const one of player) lines.push(lineOf(one));
      return lines;
    })();
    return { player, playback, received };
  }

  it('says what it wants of the stream', async () => {
    const { playback } = await playing();
    expect(playback).toMatchObject({ streamName: 'film', start: 12, duration: 30 });
  });

  it('is sent nothing while it has paused, and goes on with a keyframe', async () => {
    const { player, playback, received } = await playing();
    await playback.writeAll([picture(0, true), picture(40, false)].map(item));
    await player.pause();
    await playback.writeAll([picture(80, false), sound(80), picture(120, true)].map(item));
    await player.resume();
    await playback.writeAll([picture(160, false), sound(160), picture(200, true)].map(item));
    await playback.write(item(picture(240, false)));
    playback.end();
    expect(await received).toEqual(['video 0', 'video 40', 'audio 160', 'video 200', 'video 240']);
  });

  it('has its owner pause and seek, where the owner can', async () => {
    const asked: unknown[] = [];
    const { player, playback, received } = await playing({
      onPause: (paused, ms) => asked.push(['pause', paused, ms]),
      onSeek: (ms) => asked.push(['seek', ms]),
    });
    await player.pause(1500);
    await player.seek(9000);
    await player.resume(9000);
    expect(asked).toEqual([
      ['pause', true, 1500],
      ['seek', 9000],
      ['pause', false, 9000],
    ]);
    await playback.write(item(picture(9000, false)));
    playback.end();
    expect(await received).toEqual(['video 9000']);
  });

  it('is told that what is live cannot be sought in, and plays on', async () => {
    const { player, playback, received } = await playing();
    await expect(player.seek(5000)).rejects.toMatchObject({ code: 'call-failed' });
    await playback.write(item(sound(0)));
    playback.end();
    expect(await received).toEqual(['audio 0']);
  });

  it('may have only sound', async () => {
    const { player, playback, received } = await playing();
    await player.receiveVideo(false);
    await player.pause();
    await player.resume();
    await playback.writeAll([picture(0, true), sound(0)].map(item));
    playback.end();
    expect(await received).toEqual(['audio 0']);
  });
});

it('[CMD-23] several streams go over one connection, both ways', async () => {
  const hub = new LiveHub();
  const { address } = await serve(liveHandlers(hub));
  const connection = await connect({ address });
  const one = await connection.publish({ streamKey: 'one' });
  const two = await connection.publish({ streamKey: 'two' });
  const player = await connection.play({ streamName: 'two' });
  const first = player[Symbol.asyncIterator]().next();
  await one.write(sound(1));
  await two.write(sound(2));
  expect(lineOf((await first).value as FlvItem)).toBe('audio 2');
  await one.close();
  await until('one stream less', () => hub.list().length === 1);
  await two.write(sound(3));
  await connection.close();
  await until('nothing live', () => hub.list().length === 0);
});

describe('[ERTMP-17, ERTMP-22] requestReconnect', () => {
  it('asks those who can, and serves them on', async () => {
    const hub = new LiveHub();
    const { server, address, url } = await serve(liveHandlers(hub));
    const events: RtmpClientEvent[] = [];
    const able = await publish({
      ...{ address, streamKey: 'able', reconnect: 'ignore', capabilities: libraryCapabilities },
      onEvent: (event) => events.push(event),
    });
    const source = ['-re', '-f', 'lavfi', '-i', 'sine', '-t', '1', '-c:a', 'aac'];
    const ffmpeg = run('ffmpeg', ['-v', 'error', ...source, '-f', 'flv', `${url}/unable`]);
    await until('both', () => hub.list().length === 2);
    expect(server.requestReconnect({ tcUrl: 'rtmp://elsewhere/live' })).toBe(1);
    await able.ping();
    const request = events.find(({ type }) => type === 'reconnect-request');
    expect(request).toMatchObject({ tcUrl: 'rtmp://elsewhere/live' });
    await able.write(sound(0));
    expect(hub.list().length).toBe(2);
    expect((await ffmpeg).stderr).toBe('');
    await able.close();
  });
});

it('authenticates over TLS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'node-rtmp-client-'));
  try {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'],
      ...['-keyout', key, '-out', cert],
    ]);
    const tls = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
    const users: (string | undefined)[] = [];
    const { port } = await serve(
      {
        onPublish: (ingest) => {
          users.push(ingest.user);
          ingest.accept();
        },
      },
      { tls, authentication: { schemes: ['adobe', 'llnw'], password: () => 'ge heim' } },
    );
    const options = {
      address: parseRtmpUrl(`rtmps://localhost:${port}/live`, { withKey: false }),
      ...{ streamKey: 'one', tls: { ca: tls.cert } },
    };
    const credentials = { user: 'some one', password: 'ge heim' };
    const publisher = await publish({ ...options, credentials });
    await publisher.close();
    expect(users).toEqual(['some one']);
    const wrong = { ...credentials, password: 'geheim' };
    await expect(publish({ ...options, credentials: wrong })).rejects.toMatchObject({
      code: 'auth-failed',
    });
    await expect(publish(options)).rejects.toMatchObject({ code: 'auth-required' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
