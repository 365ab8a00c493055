import { windowMessages } from './messages-store.js';
import type { BroadcastSnapshot } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { isOnAir, isRunning, stageOf } from './stage.js';
import { statusText } from './status-text.js';
import { destination } from '../../test/snapshots.js';

it.each([
  ['idle', 'none', 'off-air'],
  ['ended', 'none', 'off-air'],
  ['idle', 'start', 'connecting'],
  ['idle', 'record', 'recording'],
  ['recording', 'none', 'recording'],
  ['recording', 'start', 'connecting'],
  ['recording', 'stop', 'ending'],
  ['ended', 'stop', 'cancelling'],
  ['connecting', 'none', 'connecting'],
  ['connecting', 'stop', 'cancelling'],
  ['live', 'none', 'live'],
  ['live', 'stop', 'stopping'],
  ['reconnecting', 'none', 'reconnecting'],
  ['reconnecting', 'stop', 'ending'],
] as const)('%s with %s pending is %s', (state, pending, stage) => {
  expect(stageOf({ state, outputs: [] }, pending)).toBe(stage);
});

it('is cancelling before it was live, stopping while a server has it, and ending after that', () => {
  const taken = destination({ state: 'live' });
  const away = destination({ state: 'reconnecting' });
  expect(stageOf({ state: 'stopping', outputs: [taken] }, 'none')).toBe('cancelling');
  expect(stageOf({ state: 'stopping', liveAt: 1, outputs: [away, taken] }, 'none')).toBe(
    'stopping',
  );
  expect(stageOf({ state: 'stopping', liveAt: 1, outputs: [away] }, 'none')).toBe('ending');
});

it('is on air exactly where the status says LIVE, and running from the first click', () => {
  const snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
  const stages = [
    ...(['off-air', 'recording', 'connecting', 'live', 'reconnecting'] as const),
    ...(['cancelling', 'stopping', 'ending'] as const),
  ];
  for (const stage of stages) {
    expect(isOnAir(stage)).toBe(
      statusText(stage, snapshot, true, windowMessages('en')).startsWith('LIVE'),
    );
    const words = statusText(stage, snapshot, true, windowMessages('en')).match(
      /OFF AIR|GOING LIVE|LIVE|RECONNECTING/g,
    );
    expect(words).toHaveLength(1);
  }
  expect(stages.filter((stage) => !isRunning(stage))).toEqual(['off-air']);
});
