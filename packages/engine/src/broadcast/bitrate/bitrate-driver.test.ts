import type { DestinationStatus, Encoding } from '@tallylight/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeSource } from '../../../test/support/fake-source.js';
import { createLogger } from '../../logger.js';
import type { Output, Pressure } from '../../outputs/output.js';
import { BitrateDriver } from './bitrate-driver.js';

const encoding: Encoding = {
  ...{ width: 640, height: 360, fps: 30, keyframeInterval: 2 },
  ...{ videoBitrate: 2_000_000, audioBitrate: 128_000 },
};
const logger = createLogger({ destination: { write: () => undefined } });

interface Conditions {
  readonly adaptation?: 'off' | 'drop-slowest';
  readonly canChange?: boolean;
}

let driver: BitrateDriver;
let asked: number[];
let answer: () => Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = () => Promise.resolve();
});
afterEach(() => {
  driver.stop();
  vi.useRealTimers();
});

/** A destination whose queue grows as time goes by. */
function slowDestination(change: Partial<DestinationStatus> = {}): Output {
  const begun = performance.now();
  const status = { type: 'rtmp', state: 'live', ...change } as DestinationStatus;
  return {
    id: 'a',
    status,
    get pressure(): Pressure {
      const delayMs = performance.now() - begun;
      const delivery = { delayMs, bitrate: 1_000_000, isOfQueue: true };
      return { queuedMs: 0, queuedBytes: 0, delivery };
    },
  } as Output;
}

function start(
  outputs: Output[],
  { adaptation = 'drop-slowest', canChange = true }: Conditions = {},
): void {
  const source = new FakeSource();
  const setVideoBitrate = (bitrate: number): Promise<void> => {
    asked.push(bitrate);
    return answer();
  };
  if (canChange) source.control = { setVideoBitrate };
  driver = new BitrateDriver({
    ...{ source, encoding, adaptation, logger, outputs: () => outputs },
    onTold: () => undefined,
  });
  driver.start();
}

test('an encoder is asked for less, and it is told for which destination', async () => {
  start([slowDestination()]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked[0]).toBeLessThan(1_000_000);
  expect(driver.status).toMatchObject({ asked: asked.at(-1), limit: 2_000_000, loweredFor: ['a'] });
});

test.each([
  ['is away', { state: 'reconnecting' as const }],
  ['is silent', { silentMs: 5_000 }],
])('a destination that %s has no say', async (_, change) => {
  start([slowDestination(change)]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
});

test('nothing is lowered by itself where that is switched off, but the user still decides', async () => {
  start([slowDestination()], { adaptation: 'off' });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
  await driver.setLimit(500_000);
  await driver.setLimit(3_000_000);
  expect(asked).toEqual([500_000, 3_000_000]);
  expect(driver.status).toMatchObject({ asked: 3_000_000, limit: 3_000_000, adaptation: 'off' });
});

test('an encoder that cannot be told is left alone, and whoever wants it is told so', async () => {
  start([slowDestination()], { canChange: false });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(driver.status).toBeUndefined();
  await expect(driver.setLimit(500_000)).rejects.toMatchObject({
    info: { code: 'CANNOT_CHANGE_BITRATE' },
  });
});

test('where another encoder does not start, the limit is as before, and it is not tried again at once', async () => {
  answer = () => Promise.reject(new Error('no encoder'));
  start([slowDestination()]);
  await expect(driver.setLimit(500_000)).rejects.toThrow('no encoder');
  expect(driver.status).toMatchObject({ asked: 2_000_000, limit: 2_000_000 });
  await vi.advanceTimersByTimeAsync(9_000);
  expect(asked).toHaveLength(2);
});
