import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseRtmpUrl, play, type RtmpPlayer } from 'node-rtmp-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/support/until.js';
import { SessionWire } from '../../node-rtmp-client/test/support/session-wire.js';
import { request, ServerUnderAttack } from './support/hostile-server.js';

const mebibyte = 1024 * 1024;
const frameBytes = 64 * 1024;
const stallMs = 1500;

let attacked: ServerUnderAttack;
beforeEach(async () => {
  attacked = await ServerUnderAttack.start({
    segments: { segmentSeconds: 1, maxBytes: 8 * mebibyte },
    limits: { rtmp: { stallMs }, http: { stallMs, answerMs: stallMs } },
  });
});
afterEach(() => attacked.close());

/** What a player says until it plays; the names are those of the stream. */
function playing(): Buffer {
  const pieces: Uint8Array[] = [];
  const cutUp = (bytes: Uint8Array): Uint8Array[] => {
    pieces.push(bytes);
    return [bytes];
  };
  new SessionWire({ role: 'play', streamKey: 'one', cutUp }).run();
  return Buffer.concat(pieces);
}

const socketHeaders = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
];
const stuck = 10;

test.each([
  { name: 'RTMP', side: 'rtmp', bytes: playing },
  { name: 'HTTP-FLV', side: 'http', bytes: () => request('/live/one.flv') },
  {
    name: 'WebSocket-FLV',
    side: 'http',
    bytes: () => request('/live/one.flv', socketHeaders).replace('Connection: close\r\n', ''),
  },
] as const)(
  'players over $name that stop reading are shed, and another gets every frame',
  async ({ side, bytes }) => {
    await attacked.frame(frameBytes);
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${attacked.addresses.rtmp.port}/live`, {
      withKey: false,
    });
    const player = await play({ address, streamKey: 'one' });
    const numbers: number[] = [];
    const reading = read(player, numbers);
    const sockets: Socket[] = [];
    for (let count = 0; count < stuck; count += 1) {
      const socket = await attacked.open(side);
      socket.pause().write(bytes());
      sockets.push(socket);
    }
    await until('the players', () => attacked.server.streams()[0]?.players === stuck + 1);
    const before = memory();
    let most = 0;
    const deadline = Date.now() + 60_000;
    while ((attacked.server.streams()[0]?.players ?? 0) > 1 && Date.now() < deadline) {
      await attacked.frame(frameBytes);
      if (attacked.frames % 100 === 0) most = Math.max(most, memory() - before);
      // As fast as the player reads.
      await until('the player', () => attacked.frames - numbers.length < 20);
    }
    expect(attacked.server.streams()[0]?.players).toBe(1);
    await attacked.publisher.close();
    await reading;
    expect(numbers).toEqual(Array.from({ length: attacked.frames }, (_, number) => number));
    // What waits for a player is 24 MiB at most, the same for all; beside it the group and the segments.
    expect(most).toBeLessThan(96 * mebibyte);
    for (const socket of sockets) socket.destroy();
  },
);

async function read(player: RtmpPlayer, numbers: number[]): Promise<void> {
  for await (const item of player) {
    if (item.type !== 'packet' || item.packet.type !== 'frame') continue;
    numbers.push(Buffer.from(item.packet.payload).readUInt32BE(item.packet.payload.length - 4));
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function memory(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}
