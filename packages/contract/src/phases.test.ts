import { expect, it } from 'vitest';
import { capturePhases, destinationPhases, isDestinationPhase } from './phases.js';

it('tells the phases of a destination from all other names', () => {
  expect(destinationPhases.every(isDestinationPhase)).toBe(true);
  const others = [...capturePhases, 'proxy', 'play', 'streaming', 'close', '', 'toString'];
  expect(others.filter(isDestinationPhase)).toEqual([]);
});
