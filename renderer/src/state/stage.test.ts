import { expect, it } from 'vitest';
import { stageOf } from './stage.js';

it.each([
  ['idle', 'none', 'off-air'],
  ['ended', 'none', 'off-air'],
  ['idle', 'start', 'connecting'],
  ['ended', 'stop', 'cancelling'],
  ['connecting', 'none', 'connecting'],
  ['connecting', 'stop', 'cancelling'],
  ['live', 'none', 'live'],
  ['live', 'stop', 'stopping'],
  ['stopping', 'none', 'stopping'],
] as const)('%s with %s pending is %s', (state, pending, stage) => {
  expect(stageOf(state, pending)).toBe(stage);
});
