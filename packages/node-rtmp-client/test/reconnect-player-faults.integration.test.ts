import { afterEach, describe, expect, it } from 'vitest';
import { play, RtmpServer, type FlvItem } from '../src/index.js';
import { timeOf } from '../src/flv/item-time.js';
import { userControl } from '../src/message/user-control.js';
import { key } from './support/live-items.js';
import {
  addressOf,
  broadcast,
  expectWhole,
  origin,
  pictures,
  playing,
  scripted,
  seconds,
  stopAll,
  stopLater,
  streamKey,
  turn,
  until,
} from './support/played-streams.js';
import {
  answerAsUsual,
  asked,
  hasHeard,
  sendElsewhere,
  sendPicture,
  type ScriptedPeer,
} from './support/scripted-server.js';

afterEach(stopAll);

describe('a player that is asked to go where it cannot', () => {
  it('stays, and says so', async () => {
    const old = await origin();
    const gone = await origin();
    await gone.server.close();
    const stream = broadcast(pictures(), [{ feed: old.feed() }]);
    stream.some(40);
    const { items, events, has } = await playing(old.port);
    old.server.requestReconnect({ tcUrl: gone.tcUrl });
    await stream.until(() => has('move-failed'));
    expect(events.at(-1)).toMatchObject({ error: { code: 'refused', phase: 'tcp' } });
    const { length } = items;
    await stream.until(() => items.length > length + 20);
    expectWhole(items, stream.sent);
  });

  it('is over when the old server ends the stream, and says how', async () => {
    const old = await origin();
    const gone = await origin();
    await gone.server.close();
    const feed = old.feed();
    broadcast(pictures(), [{ feed }]).some(40);
    const { player, done } = await playing(old.port);
    old.server.requestReconnect({ tcUrl: gone.tcUrl });
    feed.close();
    await done;
    expect(await player.closed).toBeUndefined();
  });

  const isRecording: Parameters<typeof scripted>[0] = (peer, message) => {
    answerAsUsual(peer, message);
    if (message.type !== 'command' || message.name !== 'play') return;
    peer.send(userControl({ name: 'stream-is-recorded', streamId: 1 }));
  };

  it('[USER-08] stays where a recording is played', async () => {
    const next = await origin();
    const old = await scripted((peer, message) => {
      isRecording(peer, message);
      if (message.type !== 'command' || message.name !== 'play') return;
      sendElsewhere(peer, next.port);
    });
    const { events, has } = await playing(old.port);
    await until(() => has('move-failed'));
    expect(events.at(-1)).toMatchObject({ error: { code: 'unsupported', phase: 'play' } });
    expect(next.players()).toBe(0);
  });

  it('stays where the other server plays a recording', async () => {
    const old = await origin();
    broadcast(pictures(), [{ feed: old.feed() }]).some(40);
    const next = await scripted(isRecording);
    const { events, has } = await playing(old.port);
    old.server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${next.port}/live` });
    await until(() => has('move-failed'));
    expect(events.at(-1)).toMatchObject({ error: { code: 'unsupported', phase: 'play' } });
    await until(() => next.peers.every(({ isGone }) => isGone));
  });

  it('stays where it has gone to another place in the stream, also when it is on its way', async () => {
    const next = await origin();
    next.feed();
    const old = new RtmpServer({
      onPlay: (playback) => playback.accept({ onSeek: () => undefined }),
    });
    const { port } = await old.listen({ host: '127.0.0.1', port: 0 });
    stopLater(() => old.close());
    const { player, events, has } = await playing(port);
    expect(old.requestReconnect({ tcUrl: next.tcUrl })).toBe(1);
    await until(() => next.players() === 1);
    await player.seek(5_000);
    await until(() => has('move-failed'));
    expect(events.at(-1)).toMatchObject({ error: { code: 'unsupported', phase: 'play' } });
    await until(() => next.players() === 0);
  });
});

describe('a player that is on its way elsewhere', () => {
  /** It plays there, too, and has not found its place yet. */
  async function onItsWay() {
    const [old, next] = [await origin(), await origin()];
    const stream = broadcast(pictures(), [{ feed: old.feed() }]);
    const nextFeed = next.feed();
    stream.some(40);
    const started = await playing(old.port);
    await until(() => started.items.length > 0);
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await until(() => next.players() === 1);
    return { ...started, old, next, stream, nextFeed };
  }

  it('can be closed', async () => {
    const { player, old, next, done } = await onItsWay();
    await player.close();
    await done;
    expect(await player.closed).toBeUndefined();
    await until(() => old.players() === 0 && next.players() === 0);
  });

  it('can be aborted', async () => {
    const { player, old, next } = await onItsWay();
    player.abort();
    expect(await player.closed).toMatchObject({ code: 'aborted' });
    await until(() => old.players() === 0 && next.players() === 0);
  });

  it('stays when nobody reads it any more', async () => {
    const [old, next] = [await origin(), await origin()];
    const stream = broadcast(pictures(), [{ feed: old.feed() }]);
    next.feed();
    stream.some(40);
    const player = await play({ address: addressOf(old.port), streamKey });
    stopLater(() => player.close());
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await until(() => next.players() === 1);
    for await (const item of player) if (item.type === 'packet') break;
    await until(() => next.players() === 0);
    expect(old.players()).toBe(1);
  });

  it('goes on to leave out sound', async () => {
    const { player, items, has, stream, nextFeed } = await onItsWay();
    await player.receiveAudio(false);
    for (const item of stream.sent) nextFeed.push(item);
    await until(() => has('moved'));
    await turn();
    const { length } = items;
    const more = broadcast(pictures(), [{ feed: nextFeed, shift: 4_000_000 }]);
    await more.until(() => items.length > length + 20);
    expect(
      items
        .slice(length)
        .filter(
          (item) =>
            item.type === 'packet' && item.packet.track === 'audio' && item.packet.type === 'frame',
        ),
    ).toEqual([]);
  });
});

describe('a player whose new server', () => {
  async function onItsWay(script: Parameters<typeof scripted>[0]) {
    const old = await origin();
    const next = await scripted(script);
    const feed = old.feed();
    const stream = broadcast(pictures(), [{ feed }]);
    stream.some(40);
    const started = await playing(old.port);
    await until(() => started.items.length > 5);
    const plays = () => next.peers.flatMap((peer) => asked(peer, 'play')).length;
    old.server.requestReconnect({ tcUrl: `rtmp://127.0.0.1:${next.port}/live` });
    return { ...started, old, next, stream, feed, plays };
  }

  it('ends the stream is asked again, once', async () => {
    const { next, plays, has, events, stream, items } = await onItsWay((peer, message) => {
      answerAsUsual(peer, message);
      if (message.type !== 'command' || message.name !== 'play') return;
      const unpublished = { level: 'status', code: 'NetStream.Play.UnpublishNotify' };
      peer.status(message.streamId, unpublished);
    });
    await until(() => has('move-failed'));
    expect(plays()).toBe(2);
    expect(events.at(-1)).toMatchObject({ error: { code: 'closed', phase: 'streaming' } });
    await until(() => next.peers.every(({ isGone }) => isGone));
    const { length } = items;
    await stream.until(() => items.length > length + 20);
    expectWhole(items, stream.sent);
  });

  it('hangs up instead of an answer is not asked again', async () => {
    const { plays, has, events } = await onItsWay((peer, message) => {
      if (message.type === 'command' && message.name === 'play') peer.end();
      else answerAsUsual(peer, message);
    });
    await until(() => has('move-failed'));
    expect(plays()).toBe(1);
    expect(events.at(-1)).toMatchObject({ error: { code: 'play-rejected', phase: 'play' } });
  });

  it('refuses is not asked again', async () => {
    const { plays, has, events } = await onItsWay((peer, message) => {
      if (message.type === 'command' && message.name === 'play') {
        peer.status(message.streamId, { level: 'error', code: 'NetStream.Play.Failed' });
      } else answerAsUsual(peer, message);
    });
    await until(() => has('move-failed'));
    expect(plays()).toBe(1);
    expect(events.at(-1)).toMatchObject({ error: { phase: 'play' } });
  });

  it('has our place, but ends the stream at once, is not gone to', async () => {
    const { has, stream, items } = await onItsWay((peer, message) => {
      answerAsUsual(peer, message);
      if (message.type !== 'command' || message.name !== 'play') return;
      const keyframe = items.find(
        (item) => item.type === 'packet' && item.packet.type === 'frame' && item.packet.keyframe,
      );
      if (keyframe?.type !== 'packet') throw new Error('nothing has come');
      const { dts, payload } = keyframe.packet;
      const body = Uint8Array.of(0x17, 1, 0, 0, 0, ...payload);
      peer.send({ type: 'video', streamId: 1, timestamp: dts / 1000, body: [body] });
      const unpublished = { level: 'status', code: 'NetStream.Play.UnpublishNotify' };
      peer.status(message.streamId, unpublished);
    });
    await until(() => has('move-failed') || has('moved'));
    expect(has('moved')).toBe(false);
    const { length } = items;
    await stream.until(() => items.length > length + 20);
    expectWhole(items, stream.sent);
  });

  it('sends nothing is given up', async () => {
    const { plays, events, has, next, stream, items } = await onItsWay((peer, message) => {
      if (message.type !== 'command' || message.name !== 'play') answerAsUsual(peer, message);
    });
    await until(() => plays() === 1);
    const start = () => next.peers[0]?.status(1, { level: 'status', code: 'NetStream.Play.Start' });
    expect(await seconds(start, () => has('move-failed'))).toBeGreaterThanOrEqual(14);
    expect(events.at(-1)).toMatchObject({ error: { code: 'timeout', phase: 'play' } });
    await until(() => next.peers.every(({ isGone }) => isGone));
    const { length } = items;
    await stream.until(() => items.length > length + 20);
  });

  /** Its keyframes are others, and seem to lag. */
  const sendLagging = (peer: ScriptedPeer | undefined, count: number, bytes: number) => {
    for (let i = 0; i < count; i++) {
      sendPicture(peer, { bytes: bytes + i, timestamp: 40 * i, keyframe: true });
    }
  };

  it('sends something else is not left to pile up', async () => {
    const { plays, has, next } = await onItsWay((peer, message) => {
      if (message.type !== 'command' || message.name !== 'play') answerAsUsual(peer, message);
    });
    await until(() => plays() === 1);
    const [peer] = next.peers;
    let passed = 0;
    const start = () => peer?.status(1, { level: 'status', code: 'NetStream.Play.Start' });
    const isLate = () => ++passed > 40;
    await seconds(() => {
      start();
      sendLagging(peer, 1, 900);
    }, isLate);
    // More than may wait for a reader.
    sendLagging(peer, 8, 1_000_000);
    await hasHeard(peer);
    expect(has('moved') || has('move-failed')).toBe(false);
  });

  it('seems to lag is waited for, and gone to at last', async () => {
    const { plays, has, next, feed, items } = await onItsWay(answerAsUsual);
    await until(() => plays() === 1);
    sendLagging(next.peers[0], 3, 900);
    await hasHeard(next.peers[0]);
    expect(
      await seconds(
        () => feed.close(),
        () => has('moved'),
      ),
    ).toBeGreaterThanOrEqual(9);
    await until(() =>
      items.some((item) => item.type === 'packet' && item.packet.payload.length === 902),
    );
  });

  it('sends nothing is waited for, but not for ever once the old one has ended the stream', async () => {
    const { player, plays, feed, next, done } = await onItsWay(answerAsUsual);
    await until(() => plays() === 1);
    let isOver = false;
    void done.then(() => (isOver = true));
    const end = () => feed.close();
    expect(await seconds(end, () => isOver)).toBeGreaterThanOrEqual(9);
    expect(await player.closed).toBeUndefined();
    await until(() => next.peers.every(({ isGone }) => isGone));
  });
});

describe('a player that is read late', () => {
  it('gets everything of three servers, also where one has ended meanwhile', async () => {
    const [first, second, third] = [await origin(), await origin(), await origin()];
    const feed = second.feed();
    const stream = broadcast(pictures(), [
      ...[{ feed: first.feed() }, { feed }, { feed: third.feed() }],
    ]);
    stream.some(40);
    const player = await play({ address: addressOf(first.port), streamKey });
    stopLater(() => player.close());
    first.server.requestReconnect({ tcUrl: second.tcUrl });
    await stream.until(() => first.players() === 0 && second.players() === 1);
    second.server.requestReconnect({ tcUrl: third.tcUrl });
    await until(() => third.players() === 1);
    feed.close();
    await until(() => second.players() === 0);
    const items: FlvItem[] = [];
    const last = stream.sent.at(-1);
    for await (const item of player) {
      items.push(item);
      if (last !== undefined && timeOf(item) === timeOf(last)) break;
    }
    expectWhole(items, stream.sent);
  });
});

describe('a player that nobody reads any more', () => {
  it('does not hold up the new server while there is still something of the old one', async () => {
    const [old, next] = [await origin(), await origin()];
    const nextFeed = next.feed();
    const stream = broadcast(pictures(), [{ feed: old.feed() }, { feed: nextFeed }]);
    stream.some(40);
    const player = await play({ address: addressOf(old.port), streamKey });
    stopLater(() => player.close());
    old.server.requestReconnect({ tcUrl: next.tcUrl });
    await stream.until(() => old.players() === 0 && next.players() === 1);
    for await (const item of player) if (item.type === 'packet') break;
    for (let i = 0; i < 8; i++) {
      nextFeed.push(key(9_000_000 + i * 40_000, 1_000_000));
    }
    nextFeed.close();
    expect(await player.closed).toBeUndefined();
  });
});
