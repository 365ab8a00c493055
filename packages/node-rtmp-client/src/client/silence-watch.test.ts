import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RtmpError } from '../session/rtmp-error.js';
import { watchSilence } from './silence-watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function connectionOf() {
  const errors: (RtmpError | undefined)[] = [];
  const connection = {
    bytesReceived: 0,
    isReadingHeld: false,
    ping: vi.fn(() => Promise.resolve(1)),
    abort: (error?: RtmpError) => void errors.push(error),
  };
  return { connection, errors };
}

it('asks a silent server for a sign of life, and gives it up', () => {
  const { connection, errors } = connectionOf();
  watchSilence(connection);
  vi.advanceTimersByTime(15_000);
  expect(connection.ping).not.toHaveBeenCalled();
  vi.advanceTimersByTime(40_000);
  expect(connection.ping).toHaveBeenCalledTimes(1);
  expect(errors).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(errors).toMatchObject([{ code: 'timeout', phase: 'streaming' }]);
});

it('waits as long as the server answers', () => {
  const { connection, errors } = connectionOf();
  connection.ping.mockImplementation(() => Promise.resolve(++connection.bytesReceived));
  watchSilence(connection);
  vi.advanceTimersByTime(200_000);
  expect(connection.ping.mock.calls.length).toBeGreaterThan(5);
  expect(errors).toEqual([]);
});

it('knows nothing of a server that is not read from, and nothing when it is over', () => {
  const { connection, errors } = connectionOf();
  connection.isReadingHeld = true;
  const stop = watchSilence(connection);
  vi.advanceTimersByTime(200_000);
  connection.isReadingHeld = false;
  stop();
  vi.advanceTimersByTime(200_000);
  expect(connection.ping).not.toHaveBeenCalled();
  expect(errors).toEqual([]);
});
