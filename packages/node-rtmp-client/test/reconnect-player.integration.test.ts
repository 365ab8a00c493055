import { afterEach, describe, expect, it } from 'vitest';
import {
  connect,
  play,
  publish,
  type FlvItem,
  type PlayOptions,
  type RtmpClientEvent,
} from '../src/index.js';
import { delta, key } from './support/live-items.js';
import {
  addressOf,
  avcConfig,
  broadcast,
  expectWhole,
  origin,
  pictures,
  playing,
  soundOnly,
  stopAll,
  stopLater,
  streamKey,
  until,
} from './support/played-streams.js';

afterEach(stopAll);

describe('a player that is asked to go elsewhere', () => {
  it.each([
    { where: 'where all is the same', late: 0, shift: 0 },
    { where: 'where all comes later', late: 23, shift: 0 },
    { where: 'where time began later', late: 0, shift: -3_000_000 },
    { where: 'where all comes later, and time began earlier', late: 31, shift: 3_600_000_000 },
  ])(
    '[ERTMP-18, ERTMP-21] loses nothing, and hears nothing twice, $where',
    async ({ late, shift }) => {
      const [old, next] = [await origin(), await origin()];
      const stream = broadcast(pictures(), [
        { feed: old.feed() },
        { feed: next.feed(), late, shift },
      ]);
      stream.some(200);
      const { player, items, events, has, done } = await playing(old.port);
      await stream.until(() => items.length > 30);
      expect(old.server.requestReconnect({ tcUrl: next.tcUrl })).toBe(1);
      await stream.until(() => has('moved'));
      expect(events.find(({ type }) => type === 'moved')).toEqual({
        ...{ type: 'moved', serverUrl: next.tcUrl },
      });
      await until(() => old.players() === 0);
      const { length } = items;
      await stream.until(() => items.length > length + 50);
      expectWhole(items, stream.sent);
      // Nothing begins anew: what a decoder needs it has been told.
      expect(items.filter(({ type }) => type === 'metadata')).toHaveLength(1);
      expect(
        items.filter((item) => item.type === 'packet' && item.packet.type === 'config'),
      ).toHaveLength(2);
      const { bytesReceived } = player.stats;
      expect(bytesReceived).toBeGreaterThan(items.length * 2);
      await player.close();
      await done;
      expect(await player.closed).toBeUndefined();
      await until(() => next.players() === 0);
    },
  );

  it('goes on without a gap where the new server is ahead', async () => {
    const [old, next] = [await origin(), await origin()];
    const stream = broadcast(pictures(), [{ feed: old.feed(), late: 17 }, { feed: next.feed() }]);
    stream.some(200);
    const { items, has } = await playing(old.port);
    await stream.until(() => items.length > 30);
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await stream.until(() => has('moved'));
    const { length } = items;
    await stream.until(() => items.length > length + 50);
    expectWhole(items, stream.sent);
  });

  it('goes on without a gap where there is only sound', async () => {
    const [old, next] = [await origin(), await origin()];
    const stream = broadcast(soundOnly(), [{ feed: old.feed() }, { feed: next.feed() }]);
    stream.some(20);
    const { items, has } = await playing(old.port);
    await stream.until(() => items.length > 10);
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await stream.until(() => has('moved'));
    const { length } = items;
    await stream.until(() => items.length > length + 50);
    expectWhole(items, stream.sent);
  });

  it('loses nothing where it reads slowly, and goes again', async () => {
    const origins = [await origin(), await origin(), await origin()] as const;
    const stream = broadcast(
      pictures(),
      origins.map((each, i) => ({ feed: each.feed(), shift: i * 7_000 })),
    );
    stream.some(50);
    const events: RtmpClientEvent[] = [];
    const player = await play({
      address: addressOf(origins[0].port),
      streamKey,
      onEvent: (event) => events.push(event),
    });
    const moves = () => events.filter(({ type }) => type === 'moved').length;
    for (const [i, { tcUrl }] of origins.slice(1).entries()) {
      stream.some(50);
      origins[i]?.server.requestReconnect({ tcUrl });
      await stream.until(() => moves() === i + 1);
    }
    const items: FlvItem[] = [];
    for await (const item of player) {
      items.push(item);
      if (items.length === stream.sent.length - 100) break;
    }
    expectWhole(items, stream.sent);
    await player.close();
  });

  it('follows together with the publisher, who gets there later', async () => {
    const [old, next] = [await origin(), await origin()];
    const publisher = await publish({ address: addressOf(old.port), streamKey });
    stopLater(() => publisher.close());
    const sent: FlvItem[] = [];
    // Longer than the player waits before it asks again: it is the group that is kept which makes up for that.
    const items = pictures(300);
    const write = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const { value } = items.next() as { value: FlvItem };
        sent.push(value);
        await publisher.writeItem(value);
      }
    };
    await write(30);
    await publisher.ping();
    const played = await playing(old.port);
    await until(() => played.items.length > 0);
    await write(3);
    expect(old.server.requestReconnect({ tcUrl: next.tcUrl })).toBe(2);
    await until(
      () => played.has('moved'),
      () => write(2),
    );
    const { length } = played.items;
    await until(
      () => played.items.length > length + 20,
      () => write(2),
    );
    expectWhole(played.items, sent);
  });

  it('goes on where the old server hangs up at once', async () => {
    const [old, next] = [await origin(), await origin()];
    const feed = old.feed();
    const stream = broadcast(pictures(), [{ feed }, { feed: next.feed() }]);
    stream.some(40);
    const { items, has } = await playing(old.port);
    await stream.until(() => items.length > 10);
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    feed.close();
    await stream.until(() => has('moved'));
    const { length } = items;
    await stream.until(() => items.length > length + 50);
    // The frames between are lost or not, as it happens; none comes twice, and times go on.
    const times = items.flatMap((item) =>
      item.type === 'packet' && item.packet.type === 'frame' && item.packet.track === 'video'
        ? [item.packet.dts]
        : [],
    );
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('goes on at a keyframe, in time, where the other server sends something else', async () => {
    const [old, next] = [await origin(), await origin()];
    const feed = old.feed();
    const stream = broadcast(pictures(), [{ feed }]);
    stream.some(40);
    const { player, items, has } = await playing(old.port);
    await stream.until(() => items.length > 10);
    function* others(): Generator<FlvItem> {
      yield avcConfig(13);
      for (let i = 0; ; i++) yield i % 3 === 0 ? key(i * 40_000, 90) : delta(i * 40_000, 80);
    }
    const other = broadcast(others(), [{ feed: next.feed() }]);
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await until(() => next.players() === 1);
    other.some(10);
    expect(has('moved')).toBe(false);
    feed.close();
    await other.until(() => has('moved'));
    const { length } = items;
    await other.until(() => items.length > length + 20);
    const video = items.flatMap((item) =>
      item.type === 'packet' && item.packet.track === 'video' ? [item.packet] : [],
    );
    const at = video.findIndex(({ payload }) => payload.length === 13);
    const [last, config, first, second] = video.slice(at - 1);
    expect(config).toMatchObject({ type: 'config', dts: last?.dts });
    expect(first).toMatchObject({ keyframe: true, dts: (last?.dts ?? 0) + 40_000 });
    expect(first?.payload).toHaveLength(90);
    expect(second?.dts).toBe((last?.dts ?? 0) + 80_000);
    await player.close();
  });
});

describe('a player that is asked to go while it has paused', () => {
  it('goes once it goes on', async () => {
    const [old, next] = [await origin(), await origin()];
    const stream = broadcast(pictures(), [{ feed: old.feed() }, { feed: next.feed() }]);
    stream.some(40);
    const { player, items, has } = await playing(old.port);
    await stream.until(() => items.length > 10);
    await player.pause();
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await stream.until(() => next.players() === 1);
    const { length } = items;
    stream.some(50);
    await player.resume();
    expect(items).toHaveLength(length);
    expect(has('moved')).toBe(false);
    await stream.until(() => has('moved') && items.length > length + 20);
    await until(() => old.players() === 0);
  });
});

describe('[ERTMP-22] a player says that it cannot go elsewhere', () => {
  it.each<{ which: string; options: Partial<PlayOptions> }>([
    { which: 'when it is told to ignore it', options: { reconnect: 'ignore' } },
    { which: 'when it plays a part of a recording', options: { start: 0 } },
    { which: 'when it plays for a while', options: { duration: 10 } },
  ])('$which', async ({ options }) => {
    const { server, port, feed, tcUrl } = await origin();
    broadcast(pictures(), [{ feed: feed() }]).some(10);
    const { items } = await playing(port, options);
    await until(() => items.length > 0);
    expect(server.requestReconnect({ tcUrl })).toBe(0);
  });

  it('when it shares its connection', async () => {
    const { server, port, feed, tcUrl } = await origin();
    broadcast(pictures(), [{ feed: feed() }]).some(10);
    const connection = await connect({ address: addressOf(port) });
    stopLater(() => connection.close());
    const player = await connection.play({ streamName: streamKey });
    for await (const item of player) if (item.type === 'packet') break;
    expect(server.requestReconnect({ tcUrl })).toBe(0);
  });
});
