import type { DestinationStatus, OutputState, Profile } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { destination, snapshot } from '../../test/snapshots.js';
import { destinationRows } from './destination-rows.js';
import type { Stage } from './stage.js';

const profile = (id: string): Profile => ({
  ...{ id, name: id, serverUrl: `rtmp://${id}/live`, shownUrl: `rtmp://${id}/live` },
  ...{ hasKey: true, hasPassword: false, kind: 'rtmp' },
});
const [a, b] = [profile('a'), profile('b')];
const outputs = (states: Record<string, OutputState>): DestinationStatus[] =>
  Object.entries(states).map(([id, state]) => destination({ id, state }));

/** What can be done with each, and which is said to be the last. */
function told(ticked: readonly Profile[], states: Record<string, OutputState>, stage: Stage) {
  const on = snapshot({ outputs: outputs(states) });
  return destinationRows({ profiles: [a, b], ticked, stage, snapshot: on }).map(
    ({ action = '-', isLast }) => (isLast ? 'last' : action),
  );
}

describe('the rows of the destinations', () => {
  it.each([
    ['is ticked and on air: nothing is to be done', [a, b], { a: 'live', b: 'live' }, ['-', '-']],
    ['is ticked and not on air', [a, b], { a: 'live' }, ['-', 'add']],
    ['is not ticked and on air', [a], { a: 'live', b: 'live' }, ['-', 'stop']],
    ['is neither', [a], { a: 'live' }, ['-', '-']],
    ['is not ticked and the last on air', [b], { a: 'live' }, ['last', 'add']],
    [
      'is not ticked and the last but for one that failed',
      [b],
      { a: 'live', b: 'failed' },
      ['last', '-'],
    ],
    ['is not ticked and has failed', [a], { a: 'live', b: 'failed' }, ['-', 'stop']],
    ['is away, not ticked', [a], { a: 'live', b: 'reconnecting' }, ['-', 'stop']],
    ['was ended, and is ticked', [a, b], { a: 'live', b: 'stopped' }, ['-', 'add']],
  ] as const)('one that %s', (_, ticked, states, wanted) => {
    expect(told(ticked, states, 'live')).toEqual(wanted);
  });

  it('change nothing off air, and while it ends', () => {
    for (const stage of ['off-air', 'cancelling', 'stopping', 'ending'] as const) {
      expect(told([], { a: 'live', b: 'live' }, stage)).toEqual(['-', '-']);
    }
    const idle = snapshot({ state: 'idle' });
    const rows = destinationRows({
      profiles: [a],
      ticked: [a],
      stage: 'connecting',
      snapshot: idle,
    });
    expect(rows[0]?.action).toBeUndefined();
  });
});
