import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { ItemQueue } from './item-queue.js';
import { ReadGate } from './read-gate.js';

const large: FlvItem = {
  type: 'packet',
  packet: {
    ...{ track: 'audio', codec: 'aac', type: 'frame', keyframe: true, pts: 0, dts: 0 },
    payload: new Uint8Array(5 * 1024 * 1024),
  },
};

/** A socket whose peer reads when `read` is called. */
function socketOf(): { socket: Socket; read: () => void } {
  let taken: (() => void) | undefined;
  const duplex = new Duplex({
    read: () => undefined,
    write: (_bytes, _encoding, done) => {
      taken = done;
    },
  });
  return { socket: duplex.resume() as unknown as Socket, read: () => taken?.() };
}

it('holds a socket up until the last of two slow readers has caught up', async () => {
  const { socket } = socketOf();
  const gate = new ReadGate(socket);
  const [one, two] = [new ItemQueue(gate), new ItemQueue(gate)];
  one.push(large);
  two.push(large);
  expect(socket.isPaused()).toBe(true);
  await one[Symbol.asyncIterator]().next();
  expect(socket.isPaused()).toBe(true);
  two.end();
  expect(socket.isPaused()).toBe(false);
});

it('holds up a peer that does not read its answers, and a slow reader beyond that', async () => {
  const { socket, read } = socketOf();
  const gate = new ReadGate(socket);
  gate.holdWhileBehind();
  expect(socket.isPaused()).toBe(false);

  const items = new ItemQueue(gate);
  socket.write(new Uint8Array(5 * 1024 * 1024));
  gate.holdWhileBehind();
  gate.holdWhileBehind();
  items.push(large);
  const drained = new Promise((resolve) => socket.once('drain', resolve));
  read();
  await drained;
  expect(socket.isPaused()).toBe(true);
  await items[Symbol.asyncIterator]().next();
  expect(socket.isPaused()).toBe(false);
});

it('holds up a peer whose answers wait for their turn', async () => {
  const { socket } = socketOf();
  const gate = new ReadGate(socket);
  let paced = 5 * 1024 * 1024;
  gate.holdWhileBehind(() => paced);
  expect(socket.isPaused()).toBe(true);
  paced = 0;
  while (socket.isPaused()) await new Promise((resolve) => setTimeout(resolve, 1));
});
