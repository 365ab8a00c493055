import { afterEach, expect, test, vi } from 'vitest';
import { LiveHub, type LiveFeed, type LiveHubEvent } from './live-hub.js';
import { key } from '../../test/support/live-items.js';

const nobody = (): void => undefined;

afterEach(() => void vi.useRealTimers());

function publish(hub: LiveHub, name: string, onReplaced = nobody): LiveFeed {
  const feed = hub.publish('live', name, onReplaced);
  if (typeof feed === 'string') throw new Error(feed);
  return feed;
}

test('a name has one publisher, and is free again when that one leaves', () => {
  const hub = new LiveHub();
  const events: LiveHubEvent['type'][] = [];
  const stop = hub.watch(({ type }) => events.push(type));
  const feed = publish(hub, 'one');
  expect(hub.find('live', 'one')).toBe(feed.stream);
  expect(hub.publish('live', 'one', nobody)).toBe('busy');
  expect(hub.list()).toMatchObject([{ app: 'live', name: 'one', players: 0 }]);
  feed.close();
  feed.close();
  expect(hub.find('live', 'one')).toBeUndefined();
  publish(hub, 'one');
  stop();
  hub.closeAll();
  expect(events).toEqual(['published', 'ended', 'published']);
});

test('takes no more streams than it may', () => {
  const hub = new LiveHub({ maxStreams: 2 });
  publish(hub, 'one');
  const two = publish(hub, 'two');
  expect(hub.publish('live', 'three', nobody)).toBe('full');
  two.close();
  publish(hub, 'three');
});

test('application and name together make a stream', () => {
  const hub = new LiveHub();
  hub.publish('a/b', 'c', nobody);
  expect(hub.publish('a', 'b/c', nobody)).not.toBe('busy');
});

test('a publisher can be replaced by another, and the players stay', () => {
  const hub = new LiveHub({ duplicatePublisher: 'replace' });
  const replaced: string[] = [];
  const first = publish(hub, 'one', () => replaced.push('first'));
  first.push(key(0));
  const player = first.stream.join();
  player.shift();
  const second = publish(hub, 'one', () => replaced.push('second'));
  expect(replaced).toEqual(['first']);
  first.push(key(10));
  first.close();
  second.push(key(0));
  expect(player.shift()).toEqual(key(40_000));
  expect(player.shift()).toBeUndefined();
  expect(hub.list().length).toBe(1);
  second.close();
  expect(hub.list()).toEqual([]);
});

test('only a publisher that has gone silent gives way, where that is wanted', () => {
  vi.useFakeTimers();
  const hub = new LiveHub({ duplicatePublisher: 'replace-silent', silentMs: 3_000 });
  const replaced: string[] = [];
  const first = publish(hub, 'one', () => replaced.push('first'));
  vi.advanceTimersByTime(2_900);
  first.push(key(0));
  vi.advanceTimersByTime(2_900);
  expect(hub.publish('live', 'one', nobody)).toBe('busy');
  vi.advanceTimersByTime(200);
  publish(hub, 'one', () => replaced.push('second'));
  expect(replaced).toEqual(['first']);
  // It has just come.
  expect(hub.publish('live', 'one', nobody)).toBe('busy');
  vi.advanceTimersByTime(3_001);
  publish(hub, 'one');
  expect(replaced).toEqual(['first', 'second']);
});
