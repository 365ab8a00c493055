import { describe, expect, it } from 'vitest';
import { latest } from './latest.js';

/** A value that can be watched. */
function observable(start: number) {
  let value = start;
  const listeners = new Set<() => void>();
  return {
    listeners,
    get: () => value,
    set: (next: number) => {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

describe('latest', () => {
  it('skips what a slow reader missed', async () => {
    const source = observable(1);
    const values = latest(source.get, source.subscribe, new AbortController().signal);
    expect((await values.next()).value).toBe(1);
    for (let value = 2; value <= 1000; value++) source.set(value);
    expect((await values.next()).value).toBe(1000);
    const next = values.next();
    source.set(1001);
    expect((await next).value).toBe(1001);
  });

  it('ends while it waits, and unsubscribes', async () => {
    const source = observable(1);
    const cancel = new AbortController();
    const values = latest(source.get, source.subscribe, cancel.signal);
    await values.next();
    const next = values.next();
    cancel.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(source.listeners.size).toBe(0);
  });

  it('tells the last change before it ends', async () => {
    const source = observable(1);
    const cancel = new AbortController();
    const values = latest(source.get, source.subscribe, cancel.signal);
    await values.next();
    source.set(2);
    cancel.abort();
    expect((await values.next()).value).toBe(2);
    expect(await values.next()).toEqual({ done: true, value: undefined });
  });

  it('unsubscribes when its reader returns', async () => {
    const source = observable(1);
    for await (const value of latest(source.get, source.subscribe, new AbortController().signal)) {
      expect(source.listeners.size).toBe(1);
      if (value === 1) break;
    }
    expect(source.listeners.size).toBe(0);
  });

  it('yields nothing when it is over before it begins', async () => {
    const source = observable(1);
    const values = latest(source.get, source.subscribe, AbortSignal.abort());
    expect(await values.next()).toEqual({ done: true, value: undefined });
  });
});
