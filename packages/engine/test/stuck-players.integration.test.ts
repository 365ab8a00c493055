import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseRtmpUrl, play, type RtmpPlayer } from 'node-rtmp-client';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../../test/support/until.js';
import { SessionWire } from '../../node-rtmp-client/test/support/session-wire.js';
import { request, ServerUnderAttack } from './support/hostile-server.js';

const mebibyte = 1024 * 1024;
const frameBytes = 64 * 1024;

let attacked: ServerUnderAttack;
const start = async (stallMs: number): Promise<void> => {
  attacked = await ServerUnderAttack.start({
    segments: { segmentSeconds: 1, maxBytes: 8 * mebibyte },
    limits: { rtmp: { stallMs }, http: { stallMs } },
  });
  await attacked.frame(frameBytes);
};
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

const ways = [
  { name: 'RTMP', side: 'rtmp', bytes: playing },
  { name: 'HTTP-FLV', side: 'http', bytes: () => request('/live/one.flv') },
  {
    name: 'WebSocket-FLV',
    side: 'http',
    bytes: () => request('/live/one.flv', socketHeaders).replace('Connection: close\r\n', ''),
  },
] as const;

/** A player that reads, and others that ask and read nothing. */
async function players(stuck: readonly (typeof ways)[number][]) {
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${attacked.addresses.rtmp.port}/live`, {
    withKey: false,
  });
  const player = await play({ address, streamKey: 'one' });
  const numbers: number[] = [];
  const reading = read(player, numbers);
  for (const { side, bytes } of stuck) (await attacked.open(side)).pause().write(bytes());
  await until('the players', () => playerCount() === stuck.length + 1);
  return {
    /** Publishes the next frame, as fast as the player reads. */
    frame: async (): Promise<void> => {
      await attacked.frame(frameBytes);
      if (attacked.frames - numbers.length > 100)
        await until('the player', () => attacked.frames - numbers.length < 20);
    },
    expectEveryFrame: async (): Promise<void> => {
      await attacked.publisher.close();
      await reading;
      expect(numbers).toEqual(Array.from({ length: attacked.frames }, (_, number) => number));
    },
  };
}

const playerCount = (): number => attacked.server.streams()[0]?.players ?? 0;

test.each(ways)(
  'players over $name that stop reading are disconnected, and another gets every frame',
  async (way) => {
    await start(1500);
    const { frame, expectEveryFrame } = await players(Array.from({ length: 10 }, () => way));
    const deadline = Date.now() + 60_000;
    while (playerCount() > 1 && Date.now() < deadline) await frame();
    expect(playerCount()).toBe(1);
    await expectEveryFrame();
  },
);

test('what waits for players that stop reading is bounded, however many they are', async () => {
  await start(600_000);
  const { frame, expectEveryFrame } = await players([...ways, ...ways]);
  const before = memory();
  let most = 0;
  while (attacked.frames * frameBytes < 192 * mebibyte) {
    await frame();
    if (attacked.frames % 200 === 0) most = Math.max(most, memory() - before);
  }
  expect(playerCount()).toBe(7);
  // 24 MiB for players, which they share, and what the group of pictures and the segments take beside it.
  expect(most).toBeLessThan(96 * mebibyte);
  await expectEveryFrame();
});

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
