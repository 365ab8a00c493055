import { windowMessages } from './messages-store.js';
import type { BroadcastSnapshot } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { isOnAir, isRunning, stageOf } from './stage.js';
import { statusText } from './status-text.js';

it.each([
  ['idle', 'none', 'off-air'],
  ['ended', 'none', 'off-air'],
  ['idle', 'start', 'connecting'],
  ['ended', 'stop', 'cancelling'],
  ['connecting', 'none', 'connecting'],
  ['connecting', 'stop', 'cancelling'],
  ['live', 'none', 'live'],
  ['live', 'stop', 'stopping'],
] as const)('%s with %s pending is %s', (state, pending, stage) => {
  expect(stageOf({ state }, pending)).toBe(stage);
});

it('is stopping after live, and cancelling before', () => {
  expect(stageOf({ state: 'stopping', liveAt: 1 }, 'none')).toBe('stopping');
  expect(stageOf({ state: 'stopping' }, 'none')).toBe('cancelling');
});

it('is on air exactly where the status says LIVE, and running from the first click', () => {
  const snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
  const stages = ['off-air', 'connecting', 'live', 'cancelling', 'stopping'] as const;
  for (const stage of stages) {
    expect(isOnAir(stage)).toBe(
      statusText(stage, snapshot, windowMessages('en')).startsWith('LIVE'),
    );
    expect(isOnAir(stage)).toBe(
      !statusText(stage, snapshot, windowMessages('en')).includes('OFF AIR'),
    );
  }
  expect(stages.filter((stage) => !isRunning(stage))).toEqual(['off-air']);
});
