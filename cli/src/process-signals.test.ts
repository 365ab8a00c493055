import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { interruptSignal } from './process-signals.js';

class FakeProcess extends EventEmitter {
  readonly exit = vi.fn();
}

let fake: FakeProcess;
let onFirst: ReturnType<typeof vi.fn<(signal: NodeJS.Signals) => void>>;
let interrupted: AbortSignal;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  fake = new FakeProcess();
  onFirst = vi.fn<(signal: NodeJS.Signals) => void>();
  interrupted = interruptSignal(fake as unknown as NodeJS.Process, onFirst);
});

afterEach(() => vi.useRealTimers());

it('aborts at the first signal', () => {
  expect(interrupted.aborted).toBe(false);
  fake.emit('SIGTERM', 'SIGTERM');
  expect(interrupted.aborted).toBe(true);
  expect(onFirst).toHaveBeenCalledExactlyOnceWith('SIGTERM');
  expect(fake.exit).not.toHaveBeenCalled();
});

it('takes the same Ctrl+C from the terminal and from npm for one', () => {
  fake.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(50);
  fake.emit('SIGINT', 'SIGINT');
  expect(onFirst).toHaveBeenCalledOnce();
  expect(fake.exit).not.toHaveBeenCalled();
});

it('takes what waited behind a busy event loop for one, too', () => {
  fake.emit('SIGINT', 'SIGINT');
  // Timers that are due come first, then what came meanwhile.
  vi.advanceTimersByTime(5000);
  fake.emit('SIGINT', 'SIGINT');
  expect(fake.exit).not.toHaveBeenCalled();
});

it('ends at once at a second wish', async () => {
  fake.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(1000);
  await new Promise((resolve) => setImmediate(resolve));
  fake.emit('SIGINT', 'SIGINT');
  expect(fake.exit).toHaveBeenCalledWith(130);
});
