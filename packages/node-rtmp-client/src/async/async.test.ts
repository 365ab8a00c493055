import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  aborted,
  AsyncQueue,
  Notifier,
  signalWithin,
  unlessAborted,
  wait,
  withDeadline,
  within,
  withinLimit,
  withResolvers,
} from './index.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const late = (): Error => new Error('late');

/** Undefined until `promise` has settled; then its value or its error. */
function outcomeOf(promise: Promise<unknown>): () => unknown {
  let outcome: unknown;
  promise.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  );
  return () => outcome;
}

/** A signal that tells how many listen to it. */
function countedSignal(): { readonly control: AbortController; readonly listeners: () => number } {
  const control = new AbortController();
  let count = 0;
  const { signal } = control;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1;
    remove(...args);
  };
  return { control, listeners: () => count };
}

describe('wait', () => {
  it('resolves with true when the time is over, and no sooner', async () => {
    const outcome = outcomeOf(wait(100));
    await vi.advanceTimersByTimeAsync(99);
    expect(outcome()).toBe(undefined);
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome()).toBe(true);
  });

  it('resolves with false when it is aborted, also before', async () => {
    const control = new AbortController();
    const outcome = outcomeOf(wait(100, control.signal));
    control.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(outcome()).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
    expect(await wait(100, control.signal)).toBe(false);
  });

  it('leaves nothing behind on the signal', async () => {
    const { control, listeners } = countedSignal();
    const waiting = wait(100, control.signal);
    expect(listeners()).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    await waiting;
    expect(listeners()).toBe(0);
  });
});

describe('within', () => {
  it('has the value, or late', async () => {
    expect(await within(Promise.resolve('value'), 100)).toBe('value');
    expect(vi.getTimerCount()).toBe(0);
    const { promise, reject } = withResolvers<string>();
    const outcome = outcomeOf(within(promise, 100));
    await vi.advanceTimersByTimeAsync(100);
    expect(outcome()).toBe('late');
    // Nobody is there to handle it: an unhandled rejection would fail the run.
    reject(new Error('too late'));
  });

  it('rejects with the error that came in time', async () => {
    await expect(within(Promise.reject(new Error('no')), 100)).rejects.toThrow('no');
  });
});

describe('withDeadline', () => {
  it('settles as the promise does', async () => {
    expect(await withDeadline(Promise.resolve(1), 100, late)).toBe(1);
    await expect(withDeadline(Promise.reject(new Error('no')), 100, late)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects when it is late, and hands over what comes then', async () => {
    const { promise, resolve } = withResolvers<string>();
    const discard = vi.fn();
    const outcome = outcomeOf(withDeadline(promise, 100, late, discard));
    await vi.advanceTimersByTimeAsync(100);
    expect(outcome()).toEqual(new Error('late'));
    expect(discard).not.toHaveBeenCalled();
    resolve('value');
    await vi.advanceTimersByTimeAsync(0);
    expect(discard).toHaveBeenCalledExactlyOnceWith('value');
  });

  it('does not hand over what came in time', async () => {
    const discard = vi.fn();
    await withDeadline(Promise.resolve('value'), 100, late, discard);
    await vi.advanceTimersByTimeAsync(200);
    expect(discard).not.toHaveBeenCalled();
  });
});

describe('withinLimit', () => {
  const untilAborted = (signal: AbortSignal): Promise<never> =>
    unlessAborted(new Promise<never>(() => undefined), signal, () => new Error('aborted'));

  it('has the value of the work', async () => {
    expect(await withinLimit({ limitMs: 100 }, () => Promise.resolve(1), late)).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends the work when it is late, and says so', async () => {
    const outcome = outcomeOf(withinLimit({ limitMs: 100 }, untilAborted, late));
    await vi.advanceTimersByTimeAsync(100);
    expect(outcome()).toEqual(new Error('late'));
  });

  it('ends the work with the signal, whose error it keeps', async () => {
    const control = new AbortController();
    const limit = { limitMs: 100, signal: control.signal };
    const outcome = outcomeOf(withinLimit(limit, untilAborted, late));
    control.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(outcome()).toEqual(new Error('aborted'));
  });
});

describe('aborted and unlessAborted', () => {
  it('resolves when the signal is aborted, also before', async () => {
    const control = new AbortController();
    const outcome = outcomeOf(aborted(control.signal).then(() => 'aborted'));
    await vi.advanceTimersByTimeAsync(0);
    expect(outcome()).toBe(undefined);
    control.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(outcome()).toBe('aborted');
    await aborted(control.signal);
  });

  it('settles as the promise does, and leaves nothing behind', async () => {
    const { control, listeners } = countedSignal();
    expect(await unlessAborted(Promise.resolve(1), undefined, late)).toBe(1);
    expect(await unlessAborted(Promise.resolve(1), control.signal, late)).toBe(1);
    expect(listeners()).toBe(0);
  });

  it('rejects with the reason once the signal is aborted, whatever the promise is', async () => {
    const control = new AbortController();
    const outcome = outcomeOf(
      unlessAborted(new Promise<never>(() => undefined), control.signal, late),
    );
    control.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(outcome()).toEqual(new Error('late'));
    await expect(unlessAborted(Promise.resolve(1), control.signal, late)).rejects.toThrow('late');
  });
});

describe('signalWithin', () => {
  beforeEach(() => void vi.useRealTimers());

  it('is aborted in time, whatever garbage is collected, and by each of its signals', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const other = new AbortController();
    const ends = [
      signalWithin(60),
      signalWithin(60, other.signal),
      signalWithin(60_000, other.signal),
    ].map((signal) => aborted(signal));
    collectGarbage();
    await ends[0];
    await ends[1];
    expect(other.signal.aborted).toBe(false);
    other.abort();
    await ends[2];
  });
});

describe('Notifier', () => {
  it('wakes everybody who waits, once', async () => {
    const notifier = new Notifier();
    notifier.notify();
    const outcomes = [1, 2].map((n) => outcomeOf(notifier.wait().then(() => n)));
    await vi.advanceTimersByTimeAsync(0);
    expect(outcomes.map((outcome) => outcome())).toEqual([undefined, undefined]);
    notifier.notify();
    await vi.advanceTimersByTimeAsync(0);
    expect(outcomes.map((outcome) => outcome())).toEqual([1, 2]);
    const next = outcomeOf(notifier.wait().then(() => 3));
    await vi.advanceTimersByTimeAsync(0);
    expect(next()).toBe(undefined);
  });

  it('wakes who is aborted, and leaves nothing behind', async () => {
    const notifier = new Notifier();
    const { control, listeners } = countedSignal();
    const woken = notifier.wait(control.signal);
    notifier.notify();
    await woken;
    expect(listeners()).toBe(0);
    const waiting = notifier.wait(control.signal);
    control.abort();
    await waiting;
    await notifier.wait(control.signal);
  });
});

describe('AsyncQueue', () => {
  it('delivers in order what was pushed before and after it was waited for', async () => {
    const queue = new AsyncQueue<number>({ maxItems: 1000 });
    const read = (async () => {
      const values = [];
      for await (const value of queue) values.push(value);
      return values;
    })();
    const values = Array.from({ length: 300 }, (_, i) => i);
    for (const value of values) {
      queue.push(value);
      if (value % 7 === 0) await vi.advanceTimersByTimeAsync(0);
    }
    queue.end();
    expect(await read).toEqual(values);
    expect(queue.length).toBe(0);
  });

  it('refuses what is too much, and what comes after its end', async () => {
    const queue = new AsyncQueue<string>({ maxItems: 2 });
    expect(['a', 'b', 'c'].map((value) => queue.push(value))).toEqual([true, true, false]);
    expect(await queue.next()).toBe('a');
    expect(queue.push('d')).toBe(true);
    queue.end();
    expect(queue.isEnded).toBe(true);
    expect(queue.push('e')).toBe(false);
    expect([await queue.next(), await queue.next(), await queue.next()]).toEqual([
      'b',
      'd',
      undefined,
    ]);
  });

  it('keeps what a reader that was aborted did not get', async () => {
    const queue = new AsyncQueue<string>({ maxItems: 2 });
    const control = new AbortController();
    const reading = queue.next(control.signal);
    control.abort();
    expect(await reading).toBe(undefined);
    queue.push('a');
    expect(await queue.next(control.signal)).toBe(undefined);
    expect(await queue.next()).toBe('a');
  });

  it('gives each value to one of several readers', async () => {
    const queue = new AsyncQueue<string>({ maxItems: 2 });
    const reading = [queue.next(), queue.next()];
    queue.push('a');
    queue.push('b');
    expect((await Promise.all(reading)).sort()).toEqual(['a', 'b']);
  });

  it('forgets what waits when it is cleared', async () => {
    const queue = new AsyncQueue<string>({ maxItems: 2 });
    queue.push('a');
    queue.clear();
    queue.push('b');
    expect(await queue.next()).toBe('b');
  });
});
