import { expect, test } from 'vitest';
import { monitorFaults } from './monitor-faults.js';

test('what is black is not called still, too; silence is told beside either', () => {
  expect(monitorFaults({})).toEqual([]);
  expect(monitorFaults({ stillSince: 1, silentSince: 2 })).toEqual([
    { type: 'still', since: 1 },
    { type: 'silent', since: 2 },
  ]);
  expect(monitorFaults({ stillSince: 1, blackSince: 3 })).toEqual([{ type: 'black', since: 3 }]);
});
