import { afterEach, describe, expect, it } from 'vitest';
import {
  connect,
  play,
  publish,
  type FlvItem,
  type PlayOptions,
  type RtmpClientEvent,
} from '../src/index.js';
import { timeOf } from '../src/flv/item-time.js';
import { delta, key } from './support/live-items.js';
import {
  addressOf,
  avcConfig,
  broadcast,
  expectWhole,
  origin,
  pictures,
  playing,
  scripted,
  seconds,
  soundOnly,
  stopAll,
  stopLater,
  streamKey,
  turn,
  until,
} from './support/played-streams.js';
import { asked, sendElsewhere, sendPicture } from './support/scripted-server.js';

afterEach(stopAll);

type Origin = Awaited<ReturnType<typeof origin>>;

/** Plays, is asked to go, and goes. @param onAsked what else happens then. */
async function movedPlayer(
  stream: ReturnType<typeof broadcast>,
  [old, next]: readonly [Origin, Origin],
  onAsked?: () => void,
) {
  const played = await playing(old.port);
  const { items, has } = played;
  await stream.until(() => items.length > 10);
  expect(old.server.requestReconnect({ tcUrl: next.tcUrl })).toBe(1);
  onAsked?.();
  await stream.until(() => has('moved'));
  const { length } = items;
  await stream.until(() => items.length > length + 50);
  return played;
}

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
      const { bytesReceived } = player.stats;
      await stream.until(() => has('moved'));
      expect(player.stats.bytesReceived).toBeGreaterThan(bytesReceived);
      expect(events.find(({ type }) => type === 'moved')).toEqual({
        ...{ type: 'moved', shownUrl: next.tcUrl },
      });
      expect(events.find(({ type }) => type === 'moving')).toEqual({
        ...{ type: 'moving', shownUrl: next.tcUrl },
      });
      expect(has('held') || has('resumed')).toBe(false);
      await until(() => old.players() === 0);
      const { length } = items;
      await stream.until(() => items.length > length + 50);
      expectWhole(items, stream.sent);
      // Nothing begins anew: what a decoder needs it has been told.
      expect(items.filter(({ type }) => type === 'metadata')).toHaveLength(1);
      expect(
        items.filter((item) => item.type === 'packet' && item.packet.type === 'config'),
      ).toHaveLength(2);
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
    const { items } = await movedPlayer(stream, [old, next]);
    expectWhole(items, stream.sent);
  });

  it('goes on without a gap where there is only sound', async () => {
    const [old, next] = [await origin(), await origin()];
    const stream = broadcast(soundOnly(), [{ feed: old.feed() }, { feed: next.feed() }]);
    stream.some(20);
    const { items } = await movedPlayer(stream, [old, next]);
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
    const items: FlvItem[] = [];
    const read = async (): Promise<void> => {
      for await (const item of player) {
        items.push(item);
        await turn();
      }
    };
    stream.some(50);
    origins[0].server.requestReconnect({ tcUrl: origins[1].tcUrl });
    await stream.until(() => moves() === 1);
    stream.some(50);
    origins[1].server.requestReconnect({ tcUrl: origins[2].tcUrl });
    await until(() => origins[2].players() === 1);
    stream.some(50);
    // What waits for the reader is not to become more and more.
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(moves()).toBe(1);
    void read();
    await stream.until(() => moves() === 2);
    const { length } = stream.sent;
    await until(() =>
      items.some((item) => timeOf(item) === timeOf(stream.sent[length - 1] ?? item)),
    );
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
    const { items } = await movedPlayer(stream, [old, next], () => feed.close());
    // The frames between are lost or not, as it happens; none comes twice, and times go on.
    const times = items.flatMap((item) =>
      item.type === 'packet' && item.packet.type === 'frame' && item.packet.track === 'video'
        ? [item.packet.dts]
        : [],
    );
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('loses nothing where the old server hangs up at once, and the new one lags by another clock', async () => {
    const [old, next] = [await origin(), await origin()];
    const feed = old.feed();
    const stream = broadcast(pictures(), [
      { feed },
      { feed: next.feed(), late: 60, shift: 3_600_000_000 },
    ]);
    stream.some(200);
    const { items } = await movedPlayer(stream, [old, next], () => feed.close());
    expectWhole(items, stream.sent);
  });

  it('begins at once where nothing came before', async () => {
    const [old, next] = [await origin(), await origin()];
    old.feed();
    const stream = broadcast(pictures(), [{ feed: next.feed() }]);
    stream.some(40);
    const { items, has } = await playing(old.port);
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await until(() => has('moved') && items.length > 5);
    expectWhole(items, stream.sent);
  });

  it('finds its place behind a group of pictures that is too large to be kept', async () => {
    const [old, next] = [await scripted(), await scripted()];
    const { items, has } = await playing(old.port);
    sendPicture(old.peers[0], { bytes: 999, timestamp: 0, keyframe: true });
    sendElsewhere(old.peers[0], next.port);
    await until(() => items.length === 1 && asked(next.peers[0], 'play').length === 1);
    const send = (bytes: number, timestamp: number, keyframe: boolean) => {
      sendPicture(next.peers[0], { bytes, timestamp, keyframe });
      return sendPicture(old.peers[0], { bytes, timestamp, keyframe });
    };
    const sent = Array.from({ length: 8 }, (_, i) => send(1_000_000, 40 * (i + 1), false));
    sent.push(send(1_001, 360, true));
    await until(() => has('moved') && items.length === 10);
    const times = items.flatMap((item) => (item.type === 'packet' ? [item.packet.dts] : []));
    expect(times).toEqual([0, ...sent.map(({ dts }) => dts)]);
  });

  it('goes on at a keyframe, in time, where the other server sends something else', async () => {
    const [old, next] = [await origin(), await origin()];
    const feed = old.feed();
    const stream = broadcast(pictures(), [{ feed }]);
    stream.some(40);
    const { player, items, events, has } = await playing(old.port);
    await stream.until(() => items.length > 10);
    function* others(): Generator<FlvItem> {
      yield avcConfig(13);
      for (let i = 0; ; i++) {
        const dts = 3_600_000_000 + i * 40_000;
        yield i % 3 === 0 ? key(dts, 90) : delta(dts, 80);
      }
    }
    const other = broadcast(others(), [{ feed: next.feed() }]);
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await until(() => next.players() === 1);
    other.some(10);
    expect(has('moved')).toBe(false);
    const end = () => feed.close();
    expect(await seconds(end, () => has('moved'))).toBeGreaterThanOrEqual(2);
    const told = events.flatMap(({ type }) =>
      type === 'status' || type === 'acknowledged' ? [] : [type],
    );
    expect(told).toEqual(['reconnect-request', 'moving', 'held', 'moved', 'resumed']);
    const { length } = items;
    await other.until(() => items.length > length + 20);
    const video = items.flatMap((item) =>
      item.type === 'packet' && item.packet.track === 'video' ? [item.packet] : [],
    );
    const at = video.findIndex(({ payload }) => payload.length === 13);
    const [last, config, first, second] = video.slice(at - 1);
    expect(config).toMatchObject({ type: 'config', dts: first?.dts });
    expect(first).toMatchObject({ keyframe: true, dts: (last?.dts ?? 0) + 40_000 });
    expect(first?.payload).toHaveLength(90);
    expect(second?.dts).toBe((last?.dts ?? 0) + 80_000);
    await player.close();
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
