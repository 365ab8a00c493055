import { once } from 'node:events';
import { connect } from 'node:net';
import {
  FlvDemuxer,
  parseRtmpUrl,
  publish,
  type FlvItem,
  type RtmpPublisher,
} from 'node-rtmp-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../../test/support/until.js';
import { createLogger } from '../src/logger.js';
import { BuiltInServer } from '../src/server/built-in-server.js';

const any = { host: '127.0.0.1', port: 0 };
let server: BuiltInServer;
let publisher: RtmpPublisher;
let port = 0;

beforeEach(async () => {
  server = new BuiltInServer({ logger: createLogger({ level: 'silent' }) });
  const { rtmp, http } = await server.start({ rtmp: any, http: any });
  ({ port } = http);
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${rtmp.port}/live`, { withKey: false });
  publisher = await publish({ address, streamKey: 'one' });
  await until('the stream', () => server.streams().length === 1);
});
afterEach(async () => {
  await publisher.close().catch(() => undefined);
  await server.close();
});

const open = (path: string, origin = 'http://localhost:3000'): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin });

const frame = async (number: number, bytes = 2000): Promise<void> => {
  const time = number * 40_000;
  const payload = Buffer.alloc(bytes);
  payload.writeUInt32BE(number);
  await publisher.write({
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: number % 10 === 0 },
    ...{ pts: time, dts: time, payload },
  });
};

test('a player on another page of this machine gets the FLV in binary messages, counts as a player, and is told of the end', async () => {
  const player = open('/live/one.flv?since=now');
  const demuxer = new FlvDemuxer();
  const items: FlvItem[] = [];
  player.on('message', (data, isBinary) => {
    expect(isBinary).toBe(true);
    items.push(...demuxer.push(data as Buffer));
  });
  await once(player, 'open');
  await until('the player', () => server.streams()[0]?.players === 1);
  for (let number = 0; number < 30; number += 1) await frame(number);
  await until('the frames', () => items.length >= 30);
  const numbers = items.flatMap((item) =>
    item.type === 'packet' ? [Buffer.from(item.packet.payload).readUInt32BE()] : [],
  );
  expect(numbers).toEqual(Array.from({ length: 30 }, (_, number) => number));
  const closed = once(player, 'close');
  await publisher.close();
  expect((await closed)[0]).toBe(1000);
});

test('a stream that is not there, and a path that is none, are refused in words', async () => {
  for (const path of ['/live/two.flv', '/nothing']) {
    const [, response] = (await once(open(path), 'unexpected-response')) as [
      unknown,
      { statusCode: number } & AsyncIterable<Buffer>,
    ];
    let text = '';
    for await (const chunk of response) text += chunk.toString();
    expect(response.statusCode).toBe(404);
    expect(text).toMatch(/^(Nobody publishes|The list of streams)/);
  }
});

/** What a raw connection is answered. */
async function answerTo(lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write([...lines, '', ''].join('\r\n'));
  let text = '';
  for await (const chunk of socket as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}

test('another protocol is answered as if it had not been asked for, another host name not at all', async () => {
  const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
  const list = await answerTo(['GET /api/streams HTTP/1.1', 'Host: localhost', ...h2c]);
  expect(list).toMatch(/^HTTP\/1\.1 200 /);
  expect(list).toContain('"name":"one"');
  const socket = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  const other = ['GET /live/one.flv HTTP/1.1', 'Host: elsewhere.example', ...socket, key];
  expect(await answerTo(other)).toMatch(/^HTTP\/1\.1 403 /);
});

test('a player that offers another protocol gets all frames, however fast they come', async () => {
  const socket = connect(port, '127.0.0.1');
  let received = 0;
  socket.on('data', (data: Buffer) => (received += data.byteLength));
  const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
  socket.write(['GET /live/one.flv HTTP/1.1', 'Host: localhost', ...h2c, '', ''].join('\r\n'));
  await until('the player', () => server.streams()[0]?.players === 1);
  const [frames, bytes] = [20, 200_000];
  for (let number = 0; number < frames; number += 1) await frame(number, bytes);
  await until('all frames', () => received > frames * bytes);
  socket.destroy();
});

test('a player that sends much is ended, one that sends a little is not heard', async () => {
  const player = open('/live/one.flv');
  await once(player, 'open');
  player.send('anything');
  const pong = once(player, 'pong');
  player.ping('are you there');
  expect(String((await pong)[0])).toBe('are you there');
  const closed = once(player, 'close');
  player.send(Buffer.alloc(2000));
  expect((await closed)[0]).toBe(1009);

  const talker = open('/live/one.flv');
  await once(talker, 'open');
  const ended = once(talker, 'close');
  for (let count = 0; count < 1000; count += 1) talker.send('x');
  expect((await ended)[0]).toBe(1008);
  await until('both to have left', () => server.streams()[0]?.players === 0);
});

test('a server that closes ends them', async () => {
  const player = open('/live/one.flv');
  await once(player, 'open');
  const closed = once(player, 'close');
  await server.close();
  await closed;
});
