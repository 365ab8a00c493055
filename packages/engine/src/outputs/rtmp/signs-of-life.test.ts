import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignsOfLife, type SignsOfLifeOptions } from './signs-of-life.js';
import { defaultTiming } from './reconnect-deadlines.js';

const { pingEveryMs: everyMs, silentMs: goneMs } = defaultTiming;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Watched {
  readonly signs: SignsOfLife;
  /** Milliseconds from the start. */
  readonly goneAt: () => number | undefined;
  readonly pings: () => number;
  readonly stop: () => Promise<void>;
}

/** @param answerAt when a ping that leaves at `at` is answered, in milliseconds from the start; undefined: never. */
function watch(answerAt: (at: number) => number | undefined): Watched {
  const begun = performance.now();
  const now = (): number => performance.now() - begun;
  let pings = 0;
  const publisher: SignsOfLifeOptions['publisher'] = {
    stats: {
      ...{ bytesSent: 0, bytesAcknowledged: 0, bytesQueued: 0 },
      framesDropped: { video: 0, audio: 0 },
    },
    ping: (signal, limitMs = Infinity) =>
      new Promise((resolve, reject) => {
        pings += 1;
        const waitMs = (answerAt(now()) ?? Infinity) - now();
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        if (waitMs <= limitMs) setTimeout(() => resolve(waitMs), waitMs);
      }),
  };
  const over = new AbortController();
  const ignore = (): void => undefined;
  const signs = new SignsOfLife({ publisher, everyMs, goneMs, onRtt: ignore });
  let goneAt: number | undefined;
  const watching = signs.watch(over.signal).then((isGone) => {
    if (isGone) goneAt = now();
  });
  return {
    signs,
    goneAt: () => goneAt,
    pings: () => pings,
    stop: async () => {
      over.abort();
      await watching;
    },
  };
}

describe('signs of life', () => {
  test('that end are noticed within ten seconds of the last, and told before', async () => {
    const server = watch((at) => (at < 3_500 ? at + 30 : undefined));
    await vi.advanceTimersByTimeAsync(3_000 + 30 + 4 * everyMs + 10);
    expect(server.signs.silentMs).toBeGreaterThan(4 * everyMs);
    expect(server.goneAt()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.goneAt()).toBeGreaterThanOrEqual(3_030 + goneMs);
    expect(server.goneAt()).toBeLessThan(3_030 + goneMs + 10);
    expect(goneMs).toBeLessThan(10_000);
    await server.stop();
  });

  test('that come ever later are signs: a line that passes a sixth of the stream is slow, not broken', async () => {
    // What leaves at a moment arrives when all before it has passed.
    const server = watch((at) => 6 * at);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.goneAt()).toBeUndefined();
    await server.stop();
  });

  test('that come steadily, but later than a server may be silent, are signs', async () => {
    // Half a minute of stream lies in buffers, which were filled while everything was answered.
    const server = watch((at) => Math.max(at + 30, Math.min(6 * at, at + 30_000)));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.goneAt()).toBeUndefined();
    expect(server.signs.silentMs).toBeUndefined();
    await server.stop();
  });
});
