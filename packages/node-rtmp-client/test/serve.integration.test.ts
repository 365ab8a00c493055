import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clip, countFrames, decodeErrors, probe } from '../../../test/support/media.js';
import {
  FlvDemuxer,
  FlvMuxer,
  parseRtmpUrl,
  play,
  publish,
  RtmpServer,
  type FlvItem,
  type RtmpIngest,
  type RtmpServerHandlers,
  type RtmpServerOptions,
} from '../src/index.js';

const run = promisify(execFile);

let folder: string;
let clipFlv: string;
let items: FlvItem[];
let certificate: { cert: string; key: string };
let server: RtmpServer | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-rtmp-client-'));
  clipFlv = join(folder, 'clip.flv');
  await run('ffmpeg', ['-v', 'error', '-t', '5', '-i', await clip(folder), '-c', 'copy', clipFlv]);
  const demuxer = new FlvDemuxer();
  items = demuxer.push(await readFile(clipFlv));
  demuxer.end();
  certificate = await makeCertificate();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function serve(
  handlers: RtmpServerHandlers,
  options?: RtmpServerOptions,
): Promise<{ port: number }> {
  server = new RtmpServer(handlers, options);
  return server.listen({ host: '127.0.0.1', port: 0 });
}

async function makeCertificate(): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'],
    ...['-keyout', key, '-out', cert],
  ]);
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}

/** Accepts every ingest and resolves with the first one's media once it has ended. */
function collecting(): {
  handlers: RtmpServerHandlers;
  collected: Promise<{ ingest: RtmpIngest; items: FlvItem[] }>;
} {
  let finish: (value: { ingest: RtmpIngest; items: FlvItem[] }) => void;
  const collected = new Promise<{ ingest: RtmpIngest; items: FlvItem[] }>((resolve) => {
    finish = resolve;
  });
  const onPublish = async (ingest: RtmpIngest): Promise<void> => {
    ingest.accept();
    const received: FlvItem[] = [];
    for await (const item of ingest.items) received.push(item);
    finish({ ingest, items: received });
  };
  return { handlers: { onPublish }, collected };
}

/** One line a packet: a failing comparison of bytes would fill pages. */
const linesOf = (list: readonly FlvItem[]): string[] =>
  packetsOf(list).map(
    ({ track, type, keyframe, pts, dts, payload }) =>
      `${track} ${type} ${keyframe} ${pts} ${dts} ${createHash('sha1').update(payload).digest('hex')}`,
  );

const packetsOf = (list: readonly FlvItem[]) =>
  list.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));

function later(item: FlvItem, byMs: number): FlvItem {
  if (item.type !== 'packet') return item;
  const { packet } = item;
  const [pts, dts] = [packet.pts + byMs * 1000, packet.dts + byMs * 1000];
  return { type: 'packet', packet: { ...packet, pts, dts } };
}

async function writeFlv(name: string, list: readonly FlvItem[]): Promise<string> {
  const muxer = new FlvMuxer();
  const file = join(folder, name);
  await writeFile(
    file,
    Buffer.concat([
      ...muxer.header(),
      ...packetsOf(list).flatMap((packet) => muxer.packet(packet)),
    ]),
  );
  return file;
}

describe('ffmpeg as the client', () => {
  it('publishes to us, every packet unharmed', async () => {
    const { handlers, collected } = collecting();
    const { port } = await serve(handlers);
    await run('ffmpeg', [
      ...['-v', 'error', '-i', clipFlv, '-c', 'copy'],
      ...['-f', 'flv', `rtmp://127.0.0.1:${port}/studio/ffmpeg-key?token=1`],
    ]);
    const { ingest, items: received } = await collected;
    expect(ingest.app).toBe('studio');
    expect(ingest.streamName).toBe('ffmpeg-key');
    expect(ingest.query).toBe('token=1');
    expect(await ingest.closed).toBeUndefined();
    expect(received.some((item) => item.type === 'metadata')).toBe(true);
    const file = await writeFlv('from-ffmpeg.flv', received);
    expect(await decodeErrors(file)).toBe('');
    expect(await countFrames(file)).toBe(await countFrames(clipFlv));
  });

  it.each([
    { name: 'from the start', startMs: 0 },
    { name: 'over the 24-bit mark of time stamps', startMs: 0xffffff - 2_500 },
  ])('plays from us $name, and stops when the stream ends', async ({ startMs }) => {
    const { port } = await serve({
      onPlay: async (playback) => {
        playback.accept();
        for (const item of items) await playback.write(later(item, startMs));
        playback.end();
      },
    });
    const file = join(folder, `played-${startMs}.flv`);
    await run('ffmpeg', [
      ...['-v', 'error', '-i', `rtmp://127.0.0.1:${port}/studio/any`, '-c', 'copy', file],
    ]);
    expect(await decodeErrors(file)).toBe('');
    expect((await probe(file)).map((s) => s.codec_name).sort()).toEqual(['aac', 'h264']);
    expect(await countFrames(file)).toBe(await countFrames(clipFlv));
  });

  it('publishes to us over TLS', async () => {
    const { handlers, collected } = collecting();
    const { port } = await serve(handlers, { tls: certificate });
    await run('ffmpeg', [
      ...['-v', 'error', '-i', clipFlv, '-c', 'copy'],
      ...['-f', 'flv', `rtmps://localhost:${port}/studio/key`],
    ]);
    const sent = packetsOf(items).filter((packet) => packet.type === 'frame');
    const received = packetsOf((await collected).items).filter((p) => p.type === 'frame');
    expect(received.length).toBe(sent.length);
  });
});

describe('our own client', () => {
  const addressOf = (port: number, protocol = 'rtmp') =>
    parseRtmpUrl(`${protocol}://localhost:${port}/studio`);

  it('brings every packet across as it was', async () => {
    const { handlers, collected } = collecting();
    const { port } = await serve(handlers);
    const publisher = await publish({ address: addressOf(port), streamKey: 'key' });
    for (const packet of packetsOf(items)) await publisher.write(packet);
    expect(await publisher.ping()).toBeGreaterThan(0);
    await publisher.close();
    expect(linesOf((await collected).items)).toEqual(linesOf(items));
  });

  it('[URI-02] publishes over TLS to a server whose certificate it trusts', async () => {
    const { handlers, collected } = collecting();
    const { port } = await serve(handlers, { tls: certificate });
    const phases: string[] = [];
    const publisher = await publish({
      address: addressOf(port, 'rtmps'),
      streamKey: 'key',
      tls: { ca: certificate.cert },
      onPhase: ({ phase, state }) => state === 'done' && phases.push(phase),
    });
    for (const packet of packetsOf(items)) await publisher.write(packet);
    await publisher.close();
    expect(phases).toEqual(['dns', 'tcp', 'tls', 'handshake', 'connect', 'publish']);
    expect(linesOf((await collected).items)).toEqual(linesOf(items));
  });

  it('plays what is published, through a relay of a few lines', async () => {
    let relay: ((item: FlvItem) => void) | undefined;
    const { port } = await serve({
      onPlay: (playback) => {
        relay = (item) => void playback.write(item);
        playback.accept();
        void playback.closed.then(() => (relay = undefined));
      },
      onPublish: async (ingest) => {
        ingest.accept();
        for await (const item of ingest.items) relay?.(item);
        await server?.close();
      },
    });
    const player = await play({ address: addressOf(port), streamKey: 'key' });
    const publisher = await publish({ address: addressOf(port), streamKey: 'key' });
    await publisher.writeMetadata({ width: 1280 });
    for (const packet of packetsOf(items)) await publisher.write(packet);
    await publisher.close();
    const received: FlvItem[] = [];
    for await (const item of player) received.push(item);
    expect(await player.closed).toBeUndefined();
    expect(received[0]).toEqual({ type: 'metadata', value: { width: 1280 } });
    expect(linesOf(received)).toEqual(linesOf(items));
  });
});
