import { afterEach, describe, expect, it } from 'vitest';
import {
  connect,
  fourCcInfo,
  LiveHub,
  liveHandlers,
  parseRtmpUrl,
  play,
  publish,
  RtmpServer,
  type FlvItem,
  type RtmpConnection,
  type RtmpPlayer,
} from '../src/index.js';
import type { CommandMessage } from '../src/message/command.js';
import type { Message } from '../src/message/message.js';
import { startCollectingServer } from './support/collecting-server.js';
import { delta, key, videoConfig } from './support/live-items.js';
import {
  answerAsUsual,
  startScriptedServer,
  type ScriptedPeer,
} from './support/scripted-server.js';

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function connected(port: number, options = {}): Promise<RtmpConnection> {
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
  const connection = await connect({ address, ...options });
  stops.push(() => connection.close());
  return connection;
}

async function scripted(script: (peer: ScriptedPeer, message: Message) => void): Promise<number> {
  const server = await startScriptedServer(script);
  stops.push(() => server.stop());
  return server.port;
}

const dts = (items: readonly FlvItem[]): number[] =>
  items.flatMap((item) =>
    item.type === 'packet' && item.packet.type === 'frame' ? [item.packet.dts / 1000] : [],
  );

describe('one connection', () => {
  it('publishes several streams, each to its own end', async () => {
    const { server, port, collected, ended } = await startCollectingServer();
    stops.push(() => server.close());
    const connection = await connected(port);
    const modes = ['live', 'record', 'append'] as const;
    const publishers = await Promise.all(
      modes.map((mode) => connection.publish({ streamKey: `${mode}-key?a=1`, mode })),
    );
    for (let i = 0; i < 10; i++) {
      for (const [n, publisher] of publishers.entries()) {
        await publisher.writeItem(key((i * 10 + n) * 1000));
      }
    }
    await publishers[0]?.close();
    expect(await publishers[0]?.closed).toBeUndefined();
    await expect(publishers[0]?.writeItem(key(0))).rejects.toMatchObject({ code: 'closed' });
    await ended(0);
    await publishers[1]?.writeItem(key(1_000_000));
    await connection.close();
    await Promise.all([ended(1), ended(2)]);
    const byMode = modes.map((mode) => collected.find((each) => each.mode === mode));
    expect(byMode.map((each) => each?.streamName)).toEqual([
      ...['live-key', 'record-key', 'append-key'],
    ]);
    expect(byMode.map((each) => each?.items.length)).toEqual([10, 11, 10]);
    expect(dts(byMode[2]?.items ?? [])[1]).toBe(12);
    expect(await publishers[2]?.closed).toBeUndefined();
    expect(await connection.closed).toBeUndefined();
  });

  it('publishes and plays at a time, and one refusal leaves the rest alone', async () => {
    const hub = new LiveHub({});
    const server = new RtmpServer(liveHandlers(hub));
    stops.push(() => server.close());
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const connection = await connected(port);
    const publisher = await connection.publish({ streamKey: 'one' });
    await publisher.writeItem(videoConfig(0));
    await publisher.writeItem(key(0));
    await expect(connection.publish({ streamKey: 'one' })).rejects.toMatchObject({
      ...{ code: 'stream-busy', phase: 'publish' },
      data: { host: '127.0.0.1', port },
    });
    const player = await connection.play({ streamName: 'one' });
    const writing = (async () => {
      for (let i = 1; i < 20; i++) await publisher.writeItem(delta(i * 40_000));
    })();
    const items: FlvItem[] = [];
    for await (const item of player) {
      items.push(item);
      if (dts(items).length === 20) break;
    }
    await writing;
    expect(dts(items)).toEqual(Array.from({ length: 20 }, (_, i) => i * 40));
    await player.close();
    expect(await player.closed).toBeUndefined();
    expect(await publisher.ping()).toBeGreaterThan(0);
  });

  it('[ERTMP-09, ERTMP-11] knows what the server can do', async () => {
    const { server, port } = await startCollectingServer();
    stops.push(() => server.close());
    const { peer } = await connected(port);
    expect(peer.capsEx.multitrack).toBe(true);
    expect((peer.videoFourCcInfoMap['hvc1'] ?? 0) & fourCcInfo.canForward).not.toBe(0);
  });

  it('[CMD-04] calls what the server has, and tells what it has not', async () => {
    const port = await scripted((peer, message) => {
      if (answerAsUsual(peer, message) || message.type !== 'command') return;
      if (message.name === 'add') {
        const [, a, b] = message.values as [null, number, number];
        peer.answer(message, '_result', null, a + b);
      } else if (message.name === 'gone') {
        peer.destroy();
      } else if (message.name !== 'silence') {
        peer.answer(message, '_error', null, {
          ...{ level: 'error', code: 'NetConnection.Call.Failed', description: 'No method.' },
        });
      }
    });
    const connection = await connected(port, { deadlines: { call: 100 } });
    expect(await connection.call('add', [1, 2])).toEqual([null, 3]);
    await expect(connection.call('nothing')).rejects.toMatchObject({
      code: 'call-failed',
      data: { reason: 'No method.', serverCode: 'NetConnection.Call.Failed' },
    });
    await expect(connection.call('silence')).rejects.toMatchObject({ code: 'timeout' });
    const signal = AbortSignal.timeout(10);
    await expect(connection.call('silence', [], { signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    await expect(connection.call('gone')).rejects.toMatchObject({ code: 'closed' });
    await expect(connection.call('add', [1, 2])).rejects.toMatchObject({ code: 'closed' });
  });

  it('can be aborted while a stream is asked for, and goes on', async () => {
    const port = await scripted((peer, message) => {
      if (message.type === 'command' && message.name === 'publish') return;
      answerAsUsual(peer, message);
    });
    const connection = await connected(port, { deadlines: { publish: 100 } });
    const signal = AbortSignal.timeout(10);
    await expect(connection.publish({ streamKey: 'x', signal })).rejects.toMatchObject({
      ...{ code: 'aborted', phase: 'publish' },
    });
    await expect(connection.publish({ streamKey: 'x' })).rejects.toMatchObject({
      ...{ code: 'timeout', phase: 'publish' },
    });
    const player = await connection.play({ streamName: 'y' });
    await player.close();
  });
});

describe('a player', () => {
  /** A server that answers to what a player asks for, and one of that. */
  async function player(
    answer: (peer: ScriptedPeer, command: CommandMessage) => void,
    options: { start?: number; duration?: number; reset?: boolean } = {},
  ) {
    const commands: string[] = [];
    const port = await scripted((peer, message) => {
      if (message.type !== 'command') return;
      const { name, transactionId, values } = message;
      if (/play|pause|seek|receive/.test(name)) {
        commands.push(JSON.stringify([name, transactionId === 0, ...values.slice(1)]));
      }
      if (!answerAsUsual(peer, message)) answer(peer, message);
    });
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/vod`);
    const deadlines = { call: 100 };
    const opened: RtmpPlayer = await play({ address, streamKey: 'film', deadlines, ...options });
    stops.push(() => opened.close());
    return { player: opened, commands };
  }

  const status = (peer: ScriptedPeer, { streamId }: CommandMessage, code: string): void =>
    peer.status(streamId, { level: 'status', code, description: '' });

  it('[CMD-50, CMD-52] pauses, goes on and seeks; says what it wants to have', async () => {
    const { player: opened, commands } = await player(
      (peer, command) => {
        const [, first] = command.values;
        if (command.name === 'pause') {
          // Adobe's server says so when it pauses; the stream is not over.
          if (first === true) {
            peer.send({ type: 'user-control', event: { name: 'stream-eof', streamId: 1 } });
          }
          status(peer, command, `NetStream.${first === true ? 'Pause' : 'Unpause'}.Notify`);
        }
        if (command.name === 'seek') status(peer, command, 'NetStream.Seek.Notify');
      },
      { start: 10, duration: 60, reset: true },
    );
    await opened.pause(1500);
    await opened.resume(1500);
    await opened.seek(30_000);
    await opened.receiveAudio(false);
    await opened.receiveVideo(true);
    // Behind it, so that all has arrived.
    await opened.pause();
    expect(commands).toEqual([
      '["play",false,"film",10,60,true]',
      '["pause",true,true,1500]',
      '["pause",true,false,1500]',
      '["seek",true,30000]',
      '["receiveAudio",true,false]',
      '["receiveVideo",true,true]',
      '["pause",true,true,0]',
    ]);
  });

  it('is told when it cannot, and plays on', async () => {
    const { player: opened } = await player((peer, command) => {
      if (command.name === 'seek') {
        peer.status(command.streamId, {
          ...{ level: 'error', code: 'NetStream.Seek.InvalidTime', description: 'Too far.' },
        });
      } else if (command.name === 'pause') {
        const { streamId } = command;
        const information = { level: 'error', code: 'NetStream.Pause.Failed' };
        peer.send({
          ...{ type: 'command', streamId, name: '_error', transactionId: 0 },
          values: [null, information],
        });
      }
    });
    await expect(opened.seek(1e9)).rejects.toMatchObject({
      ...{ code: 'call-failed', data: { reason: 'Too far.' } },
    });
    await expect(opened.pause()).rejects.toMatchObject({ code: 'call-failed' });
    await opened.receiveAudio(true);
  });

  it('does not wait without end, nor after the stream', async () => {
    const { player: opened } = await player((peer, command) => {
      if (command.name === 'seek') status(peer, command, 'NetStream.Play.Stop');
    });
    await expect(opened.pause()).rejects.toMatchObject({ code: 'timeout' });
    const signal = AbortSignal.timeout(10);
    await expect(opened.resume(0, { signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(opened.seek(1)).rejects.toMatchObject({ code: 'closed' });
    expect(await opened.closed).toBeUndefined();
    await expect(opened.receiveVideo(false)).rejects.toMatchObject({ code: 'closed' });
  });

  it.each([
    { options: {}, values: '["play",false,"film"]' },
    { options: { start: -1 }, values: '["play",false,"film",-1]' },
    { options: { duration: 5 }, values: '["play",false,"film",-2,5]' },
    { options: { reset: false }, values: '["play",false,"film",-2,-1,false]' },
  ])('[CMD-35] asks for $values', async ({ options, values }) => {
    const { commands } = await player(() => undefined, options);
    expect(commands).toEqual([values]);
  });
});

describe('pacing', () => {
  it('lets a big frame out bit by bit, complete, and in a hurry at the end', async () => {
    const { server, port, ended } = await startCollectingServer();
    stops.push(() => server.close());
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
      streamKey: 'paced',
      pacing: { bitsPerSecond: 8_000_000 },
    });
    const { bytesSent } = publisher.stats;
    const writing = publisher.writeItem(key(0, 300_000));
    expect(publisher.stats.bytesSent - bytesSent).toBeLessThan(100_000);
    expect(publisher.stats.bytesQueued).toBeGreaterThan(200_000);
    await writing;
    // A writer is let go when little is left; so here little was.
    expect(publisher.stats.bytesQueued).toBeLessThanOrEqual(64 * 1024);
    void publisher.writeItem(key(40_000, 3_000_000));
    await publisher.close();
    const { items, end } = await ended(0);
    expect(end).toEqual({ inOrder: true });
    const lengths = items.map((item) => item.type === 'packet' && item.packet.payload.length);
    expect(lengths).toEqual([300_000, 3_000_000]);
  });
});

describe('the address to connect from', () => {
  it('is the one that is asked for, and must be of the family of the server', async () => {
    const server = await startScriptedServer(answerAsUsual);
    stops.push(() => server.stop());
    const connection = await connected(server.port, { localAddress: '127.0.0.7' });
    await connection.close();
    expect(server.peers[0]?.remoteAddress).toBe('127.0.0.7');
    await expect(connected(server.port, { localAddress: '::1' })).rejects.toMatchObject({
      ...{ code: 'unreachable', phase: 'dns' },
    });
    await expect(connected(server.port, { localAddress: '192.0.2.1' })).rejects.toMatchObject({
      ...{ code: 'unreachable', phase: 'tcp' },
    });
  });
});
