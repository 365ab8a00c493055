import { afterEach, describe, expect, it } from 'vitest';
import { parseRtmpUrl, publish, type PublishOptions, type RtmpClientEvent } from '../src/index.js';
import type { Message } from '../src/message/message.js';
import { audioConfig, delta, key, sound, videoConfig } from './support/live-items.js';
import {
  answerAsUsual,
  asked,
  hasHeard,
  sendElsewhere,
  startScriptedServer,
  type ScriptedPeer,
  type ScriptedServer,
} from './support/scripted-server.js';

const streamKey = 'hush-hush';
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

type Script = (peer: ScriptedPeer, message: Message) => boolean;
/** A server that does as usual unless `script` says that it did otherwise; it answers pings. */
async function scripted(script: Script = () => false): Promise<ScriptedServer> {
  const server = await startScriptedServer((peer, message) => {
    if (!script(peer, message)) answerAsUsual(peer, message);
  });
  stops.push(() => server.stop());
  return server;
}

const isCommand = (message: Message, name: string): boolean =>
  message.type === 'command' && message.name === name;

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A publisher of a stream that has begun. */
async function publisherTo(port: number, options: Partial<PublishOptions> = {}) {
  const events: RtmpClientEvent[] = [];
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
  const onEvent = (event: RtmpClientEvent): number => events.push(event);
  const publisher = await publish({ address, streamKey, onEvent, ...options });
  stops.push(() => publisher.close());
  const has = (type: RtmpClientEvent['type']): boolean => events.some((e) => e.type === type);
  for (const item of [videoConfig(0, 12), audioConfig(0), key(0, 30), delta(40_000, 20)]) {
    await publisher.writeItem(item);
  }
  return { publisher, events, has };
}

/** Waits until the stream can move, and has not. */
async function prepared(next: ScriptedServer, index = 0): Promise<void> {
  await until(() => asked(next.peers[index], 'connect').length === 1);
  await hasHeard(next.peers[index]);
}

const videoTimes = (peer: ScriptedPeer | undefined): number[] =>
  peer?.received.flatMap((message) => (message.type === 'video' ? [message.timestamp] : [])) ?? [];

const isBusy: Script = (peer, message) => {
  if (!isCommand(message, 'publish')) return false;
  if (message.type !== 'command') return false;
  peer.status(message.streamId, { level: 'error', code: 'NetStream.Publish.BadName' });
  return true;
};

describe('a publisher that is ready to go elsewhere, when the old connection ends,', () => {
  async function ready() {
    const [old, next] = [await scripted(), await scripted()];
    const started = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    await prepared(next);
    old.peers[0]?.destroy();
    const answers = (): Promise<boolean> =>
      started.publisher.ping().then(
        () => true,
        () => false,
      );
    while (await answers());
    return { ...started, next };
  }

  it('goes on from the next keyframe', async () => {
    const { publisher, events, next } = await ready();
    const written = [
      await publisher.write(delta(80_000, 20).packet),
      await publisher.write(sound(85_000).packet),
      await publisher.writeItem(sound(90_000)),
      await publisher.writeItem(audioConfig(95_000)),
      await publisher.writeMetadata({ width: 640 }),
    ];
    expect(written).toEqual(Array(5).fill('dropped'));
    expect(publisher.stats.framesDropped).toEqual({ video: 1, audio: 2 });
    expect(await publisher.write(key(120_000, 30).packet)).toBe('sent');
    expect(await publisher.write(delta(160_000, 20).packet)).toBe('sent');
    const shownUrl = `rtmp://127.0.0.1:${next.port}/live`;
    expect(events.filter(({ type }) => type !== 'status' && type !== 'acknowledged')).toMatchObject(
      [
        { type: 'reconnect-request' },
        { type: 'moving', shownUrl },
        { type: 'held', error: { phase: 'streaming' } },
        { type: 'moved', shownUrl },
        { type: 'resumed' },
      ],
    );
    expect(publisher.stats.framesDropped).toEqual({ video: 1, audio: 2 });
    await publisher.ping();
    // What was written is what was dropped and what has come, frame for frame.
    expect(videoTimes(next.peers[0])).toEqual([120, 120, 160]);
    await publisher.close();
    expect(await publisher.closed).toBeUndefined();
  });

  it('can be closed, or aborted', async () => {
    const first = await ready();
    await first.publisher.close();
    expect(await first.publisher.closed).toBeUndefined();
    const second = await ready();
    second.publisher.abort();
    expect(await second.publisher.closed).toMatchObject({ code: 'aborted' });
    await until(() => second.next.peers[0]?.isGone === true);
  });

  it('can be closed, too, where only the stream has ended', async () => {
    const [old, next] = [await scripted(), await scripted()];
    const { publisher } = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    await prepared(next);
    old.peers[0]?.status(1, { level: 'error', code: 'NetStream.Publish.BadName' });
    await hasHeard(old.peers[0]);
    await publisher.close();
    expect(await publisher.closed).toBeUndefined();
    await until(() => old.peers[0]?.isGone === true && next.peers[0]?.isGone === true);
  });

  it('is over when the new one ends, too', async () => {
    const { publisher, next } = await ready();
    await next.stop();
    expect(await publisher.closed).toMatchObject({ phase: 'streaming' });
    expect(publisher.stats.framesDropped).toEqual({ video: 0, audio: 0 });
    await expect(publisher.write(key(120_000, 30).packet)).rejects.toThrow();
  });
});

describe('a publisher that is asked to go by a server that hangs up at once', () => {
  it('goes on from the next keyframe', async () => {
    const next = await scripted();
    const old = await scripted();
    const { publisher, has } = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    old.peers[0]?.end();
    await prepared(next);
    expect(await publisher.write(delta(80_000, 20).packet)).toBe('dropped');
    expect(await publisher.write(key(120_000, 30).packet)).toBe('sent');
    expect(has('moved')).toBe(true);
    expect(has('held') && has('resumed')).toBe(true);
    await publisher.ping();
    expect(videoTimes(next.peers[0])).toEqual([120, 120]);
  });

  it('is over when it cannot get there, and says why it ended here', async () => {
    const next = await scripted();
    await next.stop();
    const old = await scripted();
    const { publisher } = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    old.peers[0]?.end();
    expect(await publisher.closed).toMatchObject({ code: 'closed', phase: 'streaming' });
  });
});

describe('a publisher whose new server', () => {
  it('does not answer publish stays, and does not wait for long', async () => {
    const old = await scripted();
    const next = await scripted((_, message) => isCommand(message, 'publish'));
    const { publisher, events } = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    await prepared(next);
    await publisher.write(key(120_000, 30).packet);
    expect(events.at(-1)).toMatchObject({ type: 'move-failed', error: { code: 'timeout' } });
    await publisher.ping();
    expect(videoTimes(old.peers[0])).toEqual([0, 0, 40, 120]);
  });

  it('has no room for the stream goes on where it was', async () => {
    const [old, next] = [await scripted(), await scripted(isBusy)];
    const { publisher, events } = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    await prepared(next);
    await publisher.write(key(120_000, 30).packet);
    expect(events.at(-1)).toMatchObject({ type: 'move-failed', error: { code: 'stream-busy' } });
    await publisher.ping();
    expect(asked(old.peers[0], 'publish').length).toBe(2);
    // The configuration is said again.
    expect(videoTimes(old.peers[0])).toEqual([0, 0, 40, 120, 120]);
    await publisher.close();
    expect(await publisher.closed).toBeUndefined();
  });

  it('has no room for the stream can be left while it is asked again', async () => {
    const [old, next] = [await scripted(), await scripted(isBusy)];
    const { publisher } = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    await prepared(next);
    const written = publisher.write(key(120_000, 30).packet);
    written.catch(() => undefined);
    await until(() => asked(next.peers[0], 'publish').length === 2);
    await publisher.close();
    expect(await publisher.closed).toBeUndefined();
    await expect(written).rejects.toMatchObject({ code: 'closed' });
  });

  it('has just taken the stream is left, too, by close', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const [old, next] = [await scripted(), await scripted()];
      const hooks: { onStart?: () => void } = {};
      const { publisher } = await publisherTo(old.port, {
        onEvent: (event) => {
          if (event.type === 'status' && event.status.code === 'NetStream.Publish.Start')
            hooks.onStart?.();
        },
      });
      let closed: Promise<void> | undefined;
      hooks.onStart = () => {
        let after = Promise.resolve();
        for (let i = 0; i < turns; i++) after = after.then(() => undefined);
        closed = after.then(() => publisher.close());
      };
      sendElsewhere(old.peers[0], next.port);
      await prepared(next);
      await publisher.write(key(120_000, 30).packet).catch(() => undefined);
      await closed;
      expect(await publisher.closed).toBeUndefined();
      await until(() => old.peers[0]?.isGone === true && next.peers[0]?.isGone === true);
    }
  });

  it('ends the prepared connection is connected to again, once', async () => {
    const [old, next] = [await scripted(), await scripted()];
    const { publisher, has } = await publisherTo(old.port);
    sendElsewhere(old.peers[0], next.port);
    await prepared(next);
    next.peers[0]?.destroy();
    await prepared(next, 1);
    expect(has('move-failed')).toBe(false);
    next.peers[1]?.destroy();
    await until(() => has('move-failed'));
    expect(next.peers).toHaveLength(2);
    await publisher.ping();
  });

  it('sends it on again and again is not obeyed without end', async () => {
    const server = await scripted((peer, message) => {
      if (!isCommand(message, 'publish')) return false;
      answerAsUsual(peer, message);
      sendElsewhere(peer, server.port);
      return true;
    });
    const { publisher, events, has } = await publisherTo(server.port);
    for (let i = 3; !has('move-failed'); i++) {
      await publisher.write(key(i * 40_000, 30).packet);
      await new Promise(setImmediate);
    }
    expect(events.filter(({ type }) => type === 'moved')).toHaveLength(3);
    await publisher.ping();
  });
});
