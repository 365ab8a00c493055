import { afterEach, describe, expect, it } from 'vitest';
import {
  parseRtmpUrl,
  publish,
  type FlvItem,
  type PublishOptions,
  type RtmpClientEvent,
  type RtmpPublisher,
  type WriteResult,
} from '../src/index.js';
import { startCollectingServer, type CollectingServer } from './support/collecting-server.js';
import { audioConfig, delta, key, sound, videoConfig } from './support/live-items.js';
import { answerAsUsual, startScriptedServer } from './support/scripted-server.js';

const streamKey = 'hush-hush';
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function collecting(
  ...args: Parameters<typeof startCollectingServer>
): Promise<CollectingServer> {
  const started = await startCollectingServer(...args);
  stops.push(() => started.server.close());
  return started;
}

/** A publisher whose events can be waited for. */
async function publisherTo(port: number, options: Partial<PublishOptions> = {}) {
  const events: RtmpClientEvent[] = [];
  const waiting: (() => void)[] = [];
  const publisher = await publish({
    address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
    streamKey,
    onEvent: (event) => {
      events.push(event);
      for (const wake of waiting.splice(0)) wake();
    },
    ...options,
  });
  stops.push(() => publisher.close());
  const heard = async <T extends RtmpClientEvent['type']>(type: T) => {
    for (;;) {
      const found = events.find((event) => event.type === type);
      if (found !== undefined) return found as Extract<RtmpClientEvent, { type: T }>;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { publisher, events, heard };
}

/** Ten groups of a keyframe, four other frames and sound; 40 ms each. */
function* live(): Generator<FlvItem> {
  yield { type: 'metadata', value: { width: 640 } };
  yield videoConfig(0, 12);
  yield audioConfig(0);
  for (let i = 0; ; i++) {
    yield i % 5 === 0 ? key(i * 40_000, 30) : delta(i * 40_000, 20);
    yield sound(i * 40_000);
  }
}

async function write(publisher: RtmpPublisher, items: Generator<FlvItem>, count: number) {
  for (let i = 0; i < count; i++) {
    const { value } = items.next() as { value: FlvItem };
    await publisher.writeItem(value);
  }
}

const frames = (items: readonly FlvItem[]) =>
  items.flatMap((item) =>
    item.type === 'packet' && item.packet.type === 'frame'
      ? [
          `${item.packet.track} ${item.packet.dts / 1000}${item.packet.track === 'video' && item.packet.keyframe ? ' key' : ''}`,
        ]
      : [],
  );

const expectedFrames = (count: number): string[] => {
  const items: FlvItem[] = [];
  for (const item of live()) {
    items.push(item);
    if (items.length === count) return frames(items);
  }
  return [];
};

/** Writes group after group until the stream has moved. @returns how many items were written. */
async function writeUntil(
  publisher: RtmpPublisher,
  items: Generator<FlvItem>,
  done: () => boolean,
): Promise<number> {
  let written = 0;
  while (!done()) {
    await write(publisher, items, 10);
    written += 10;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return written;
}

describe('a publisher that is asked to go elsewhere', () => {
  it.each([
    { how: 'absolute', tcUrl: (port: number) => `rtmp://127.0.0.1:${port}/other` },
    { how: 'relative to the scheme', tcUrl: (port: number) => `//127.0.0.1:${port}/other` },
  ])(
    '[ERTMP-18, ERTMP-21] goes at a keyframe, and no packet is lost or doubled ($how)',
    async ({ tcUrl }) => {
      const old = await collecting();
      const next = await collecting();
      const { publisher, events, heard } = await publisherTo(old.port);
      const items = live();
      await write(publisher, items, 3 + 7);
      expect(old.server.requestReconnect({ tcUrl: tcUrl(next.port) })).toBe(1);
      const isMoved = (): boolean => events.some(({ type }) => type === 'moved');
      // In the middle of a group, so that it is not the place where it stands that decides.
      const written = 10 + (await writeUntil(publisher, items, isMoved));
      const shownUrl = `rtmp://127.0.0.1:${next.port}/other`;
      expect(await heard('moved')).toEqual({ type: 'moved', shownUrl });
      const told = events.filter(({ type }) => type !== 'status' && type !== 'acknowledged');
      expect(told).toMatchObject([
        { type: 'reconnect-request' },
        { type: 'moving', shownUrl },
        { type: 'moved', shownUrl },
      ]);
      await write(publisher, items, 10);
      await publisher.close();
      const before = await old.ended(0);
      const after = await next.ended(0);
      expect([before.end, after.end]).toEqual([{ inOrder: true }, { inOrder: true }]);
      expect([...frames(before.items), ...frames(after.items)]).toEqual(
        expectedFrames(written + 10),
      );
      // What a decoder needs comes first, as of the keyframe.
      const [metadata, video, audio] = after.items;
      expect(metadata).toMatchObject({ type: 'metadata', value: { width: 640 } });
      expect([video, audio]).toMatchObject([
        { packet: { track: 'video', type: 'config' } },
        { packet: { track: 'audio', type: 'config' } },
      ]);
      expect(frames(after.items.slice(3, 4))[0]).toMatch(/^video \d+ key$/);
      expect(after.streamName).toBe(streamKey);
      expect(await publisher.closed).toBeUndefined();
    },
  );

  it('goes at a keyframe, too, with pictures that it does not understand', async () => {
    const old = await collecting();
    const next = await collecting();
    const { publisher, events } = await publisherTo(old.port);
    const pictures = function* (): Generator<FlvItem> {
      const vp6 = { track: 'video', codec: 'VP6', codecId: 4, type: 'frame' } as const;
      for (let i = 0; ; i++) {
        const keyframe = i % 5 === 0;
        const payload = Uint8Array.of(keyframe ? 0x14 : 0x24, i, i);
        const times = { pts: i * 40_000, dts: i * 40_000 };
        yield { type: 'opaque', packet: { ...vp6, keyframe, ...times, payload } };
      }
    };
    const items = pictures();
    await write(publisher, items, 7);
    old.server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${next.port}/other` });
    const isMoved = (): boolean => events.some(({ type }) => type === 'moved');
    const written = 7 + (await writeUntil(publisher, items, isMoved));
    await publisher.close();
    const opaque = ({ items }: { readonly items: readonly FlvItem[] }) =>
      items.flatMap((item) => (item.type === 'opaque' ? [item.packet] : []));
    const [before, after] = [opaque(await old.ended(0)), opaque(await next.ended(0))];
    expect(after[0]?.keyframe).toBe(true);
    expect([...before, ...after].map(({ dts }) => dts / 40_000)).toEqual(
      Array.from({ length: written }, (_, index) => index),
    );
  });

  it('goes again, and again; statistics go on', async () => {
    const servers = await Promise.all([collecting(), collecting(), collecting()]);
    const { publisher, events } = await publisherTo(servers[0].port);
    const items = live();
    let written = 0;
    for (const [i, { port }] of servers.slice(1).entries()) {
      await write(publisher, items, 10);
      const { bytesSent } = publisher.stats;
      servers[i]?.server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${port}/live` });
      const moves = (): number => events.filter(({ type }) => type === 'moved').length;
      written += 10 + (await writeUntil(publisher, items, () => moves() === i + 1));
      expect(publisher.stats.bytesSent).toBeGreaterThan(bytesSent);
    }
    await publisher.close();
    const all = await Promise.all(servers.map((server) => server.ended(0)));
    expect(all.flatMap((each) => frames(each.items))).toEqual(expectedFrames(written));
  });

  it('[ERTMP-18] goes to the same server where none is named, which takes the stream only once', async () => {
    let publishing = 0;
    const collected: FlvItem[][] = [];
    const { server, port } = await collecting(
      {},
      {
        onPublish: (ingest) => {
          if (publishing > 0) {
            ingest.reject('NetStream.Publish.BadName', 'Already publishing.');
            return;
          }
          publishing++;
          void ingest.closed.then(() => publishing--);
          const items: FlvItem[] = [];
          collected.push(items);
          ingest.accept((item) => items.push(item));
        },
      },
    );
    const { publisher, events } = await publisherTo(port);
    const items = live();
    await write(publisher, items, 10);
    server.requestReconnect();
    const isMoved = (): boolean => events.some(({ type }) => type === 'moved');
    const written = 10 + (await writeUntil(publisher, items, isMoved));
    await publisher.ping();
    await publisher.close();
    expect(collected).toHaveLength(2);
    expect(collected.flatMap(frames)).toEqual(expectedFrames(written));
  });

  it('does not wait for the writer: packets written meanwhile keep their order', async () => {
    const old = await collecting();
    const next = await collecting();
    const { publisher, events } = await publisherTo(old.port);
    const items = live();
    await write(publisher, items, 10);
    old.server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${next.port}/live` });
    let written = 10;
    while (!events.some(({ type }) => type === 'moved')) {
      const batch: Promise<WriteResult>[] = [];
      for (let i = 0; i < 20; i++) {
        const { value } = items.next() as { value: FlvItem };
        batch.push(publisher.writeItem(value));
      }
      written += 20;
      expect(new Set(await Promise.all(batch))).toEqual(new Set(['sent']));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await publisher.close();
    const [before, after] = [await old.ended(0), await next.ended(0)];
    expect(frames(before.items).concat(frames(after.items))).toEqual(expectedFrames(written));
  });

  it('stays when the new server is not there, or is less protected, and says so', async () => {
    const { server, port, ended } = await collecting();
    const { publisher, events, heard } = await publisherTo(port);
    const items = live();
    await write(publisher, items, 10);
    server.requestReconnect({ tcUrl: `rtmp://no-such-host.invalid/${streamKey}` });
    expect(await heard('moving')).toEqual({
      ...{ type: 'moving', shownUrl: 'rtmp://no-such-host.invalid/***' },
    });
    const { error } = await heard('move-failed');
    expect(error).toMatchObject({ code: 'dns-not-found' });
    expect(JSON.stringify([error.message, error])).not.toContain(streamKey);
    events.length = 0;
    server.requestReconnect({ tcUrl: 'rtmpe://127.0.0.1/live' });
    expect(await heard('move-failed')).toMatchObject({ error: { code: 'unsupported' } });
    await write(publisher, items, 20);
    await publisher.close();
    expect(frames((await ended(0)).items)).toEqual(expectedFrames(30));
  });

  it('stays when the new server does not take the stream', async () => {
    const old = await collecting();
    const next = await collecting(
      {},
      { onPublish: (ingest) => ingest.reject('NetStream.Publish.Denied', 'No.') },
    );
    const { publisher, events, heard } = await publisherTo(old.port);
    const items = live();
    await write(publisher, items, 10);
    old.server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${next.port}/live` });
    const isRefused = (): boolean => events.some(({ type }) => type === 'move-failed');
    const written = 10 + (await writeUntil(publisher, items, isRefused));
    expect(await heard('move-failed')).toMatchObject({ error: { code: 'publish-rejected' } });
    await publisher.close();
    expect(frames((await old.ended(0)).items)).toEqual(expectedFrames(written));
  });

  it('[ERTMP-22] says that it cannot, and is not asked, when it is told to ignore it', async () => {
    const { server, port } = await collecting();
    const { publisher } = await publisherTo(port, { reconnect: 'ignore' });
    expect(server.requestReconnect({ tcUrl: 'rtmp://127.0.0.1/live' })).toBe(0);
    await publisher.close();
  });

  it('can be closed while it is on its way', async () => {
    const { server, port } = await collecting();
    // Takes the connection, and says nothing.
    const silent = await startScriptedServer(() => undefined);
    stops.push(() => silent.stop());
    const { publisher } = await publisherTo(port);
    const items = live();
    await write(publisher, items, 10);
    server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${silent.port}/live` });
    await publisher.ping();
    await publisher.close();
    expect(await publisher.closed).toBeUndefined();
  });

  it('hears of it also when it comes together with the start', async () => {
    const next = await collecting();
    const old = await startScriptedServer((peer, message) => {
      answerAsUsual(peer, message);
      if (message.type !== 'command' || message.name !== 'publish') return;
      peer.status(0, {
        ...{ level: 'status', code: 'NetConnection.Connect.ReconnectRequest' },
        tcUrl: `rtmp://127.0.0.1:${next.port}/live`,
      });
    });
    stops.push(() => old.stop());
    const { publisher, events } = await publisherTo(old.port);
    const items = live();
    await writeUntil(publisher, items, () => events.some(({ type }) => type === 'moved'));
    await publisher.close();
    expect(frames((await next.ended(0)).items).length).toBeGreaterThan(0);
  });
});
