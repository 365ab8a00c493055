import { afterEach, describe, expect, it } from 'vitest';
import { play } from '../src/index.js';
import {
  addressOf,
  avcConfig,
  broadcast,
  origin,
  pictures,
  playing,
  scripted,
  stopAll,
  stopLater,
  streamKey,
  turn,
  until,
} from './support/played-streams.js';
import { asked, hasHeard, sendElsewhere, sendPicture } from './support/scripted-server.js';

afterEach(stopAll);

describe('a player that is asked to go while it has paused', () => {
  it('goes once it goes on', async () => {
    const [old, next] = [await origin(), await origin()];
    const stream = broadcast(pictures(), [{ feed: old.feed() }, { feed: next.feed() }]);
    stream.some(40);
    const { player, items, has } = await playing(old.port);
    await stream.until(() => items.length > 10);
    await player.pause();
    const { length } = items;
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await until(() => next.players() === 1);
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(has('moved')).toBe(false);
    expect(items).toHaveLength(length);
    await player.resume();
    await stream.until(() => has('moved') && items.length > length + 20);
    await until(() => old.players() === 0);
  });
});

describe('a player that moves', () => {
  it('tells the new server what it has told the old one', async () => {
    const old = await origin();
    broadcast(pictures(), [{ feed: old.feed() }]).some(40);
    const next = await scripted();
    const { player } = await playing(old.port);
    await player.receiveAudio(false);
    await player.pause();
    const commands = (name: string) => asked(next.peers[0], name).map(({ values }) => values[1]);
    old.server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${next.port}/live` });
    await until(() => commands('pause').length === 1);
    await player.resume();
    await until(() => commands('pause').length === 2);
    expect(commands('pause')).toEqual([true, false]);
    expect(commands('receiveAudio')).toEqual([false]);
  });

  it('does not wait for the old server, which may be held up, and leaves it', async () => {
    const old = await scripted();
    const next = await origin();
    const feed = next.feed();
    const player = await play({
      address: addressOf(old.port),
      streamKey,
      deadlines: { close: 60_000 },
    });
    stopLater(() => player.close({ deadlineMs: 0 }));
    const [peer] = old.peers;
    feed.push(avcConfig(12));
    sendElsewhere(peer, next.port);
    await until(() => next.players() === 1);
    // More than waits for a reader before the sender is held up.
    for (let i = 0; i < 8; i++) {
      const picture = { bytes: 1_000_000 + i, timestamp: 40 * i, keyframe: true };
      feed.push({ type: 'packet', packet: sendPicture(peer, picture) });
    }
    const times: number[] = [];
    for await (const item of player) {
      if (item.type === 'packet' && item.packet.type === 'frame')
        times.push(item.packet.dts / 40_000);
      if (times.length === 8) break;
    }
    expect(times).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await until(() => peer?.isGone === true);
  });
});

describe('a player that waits for an answer', () => {
  it('stays until it has come', async () => {
    const [old, next] = [await scripted(), await scripted()];
    const { player, has } = await playing(old.port);
    const picture = { bytes: 999, timestamp: 0, keyframe: true };
    sendPicture(old.peers[0], picture);
    sendElsewhere(old.peers[0], next.port);
    await until(() => asked(next.peers[0], 'play').length === 1);
    const paused = player.pause();
    sendPicture(next.peers[0], picture);
    await hasHeard(next.peers[0]);
    expect(has('moved')).toBe(false);
    old.peers[0]?.status(1, { level: 'status', code: 'NetStream.Pause.Notify' });
    await paused;
    const resumed = player.resume();
    await hasHeard(old.peers[0]);
    expect(has('moved')).toBe(false);
    old.peers[0]?.status(1, { level: 'status', code: 'NetStream.Unpause.Notify' });
    await resumed;
    await until(() => has('moved'));
    const pauses = () => asked(next.peers[0], 'pause').map(({ values }) => values[1]);
    await until(() => pauses().length === 2);
    expect(pauses()).toEqual([true, false]);
  });
});
