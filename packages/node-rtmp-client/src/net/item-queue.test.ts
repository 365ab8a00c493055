import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import {
  audioConfig,
  backingBytes,
  delta,
  key,
  offSocket,
  sound,
  videoConfig,
} from '../../test/support/live-items.js';
import { ItemQueue } from './item-queue.js';
import { ReadGate } from './read-gate.js';

const idleSocket = (): Socket => new Duplex({ read: () => undefined }) as unknown as Socket;

it('keeps of small payloads no more than themselves', () => {
  const queue = new ItemQueue(new ReadGate(idleSocket()));
  for (let dts = 0; dts < 1000; dts += 1) queue.push(offSocket(sound(dts)));
  expect(backingBytes(queue.drain())).toBe(1000 * 2);
});

it('does not copy large payloads', () => {
  const queue = new ItemQueue(new ReadGate(idleSocket()));
  const frame = offSocket(key(0, 20_000));
  queue.push(frame);
  expect(queue.drain()[0]).toBe(frame);
});

it('holds the sender up for metadata by the memory that it takes', () => {
  const socket = idleSocket().resume();
  const queue = new ItemQueue(new ReadGate(socket));
  const value = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [String(i), {}]));
  for (let i = 0; i < 15; i++) queue.push({ type: 'metadata', value });
  expect(socket.isPaused()).toBe(false);
  for (let i = 0; i < 15; i++) queue.push({ type: 'metadata', value });
  expect(socket.isPaused()).toBe(true);
});

it('forgets what is older, but for what a decoder has to know, and lets the sender go on', () => {
  const socket = idleSocket().resume();
  const queue = new ItemQueue(new ReadGate(socket));
  const metadata = { type: 'metadata' as const, value: {} };
  const items = [metadata, videoConfig(0, 9), audioConfig(0), key(0, 3e6), videoConfig(5, 8)];
  for (const item of [...items, delta(40, 3e6), sound(50)]) queue.push(item);
  expect(socket.isPaused()).toBe(true);
  queue.dropOlder();
  expect(socket.isPaused()).toBe(false);
  expect(queue.drain()).toEqual([metadata, videoConfig(5, 8), audioConfig(0), sound(50)]);
  for (const item of [...items, key(80)]) queue.push(item);
  queue.dropOlder();
  queue.dropOlder();
  expect(queue.drain()).toEqual([metadata, videoConfig(5, 8), audioConfig(0), key(80)]);
  queue.push(videoConfig(90, 7));
  queue.dropOlder();
  expect(queue.drain()).toEqual([videoConfig(90, 7)]);
});
