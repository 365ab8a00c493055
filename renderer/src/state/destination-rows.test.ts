import type { DestinationStatus, OutputState, Profile } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { destination, snapshot } from '../../test/snapshots.js';
import { inListOrder, type AskedDestinations } from './destination-actions.js';
import { destinationRows } from './destination-rows.js';
import type { Stage } from './stage.js';

const profile = (id: string): Profile => ({
  ...{ id, name: id, serverUrl: `rtmp://${id}/live`, shownUrl: `rtmp://${id}/live` },
  ...{ hasKey: true, hasPassword: false, kind: 'rtmp' },
});
const [a, b] = [profile('a'), profile('b')];
const outputs = (states: Record<string, OutputState>): DestinationStatus[] =>
  Object.entries(states).map(([id, state]) => destination({ id, state }));
const nothingAsked: AskedDestinations = new Map();

interface Told {
  readonly ticked: readonly Profile[];
  readonly states: Record<string, OutputState>;
  readonly stage?: Stage;
  readonly asked?: AskedDestinations;
}

/** What can be done with each, and what its tick says that is not so. */
function told({ ticked, states, stage = 'live', asked = nothingAsked }: Told) {
  const on = snapshot({ outputs: outputs(states) });
  return destinationRows({ profiles: [a, b], ticked, stage, snapshot: on, asked }).map(
    ({ action = '-', difference = '-' }) => `${action} ${difference}`,
  );
}

describe('the rows of the destinations', () => {
  it.each([
    ['is ticked and on air', [a, b], { a: 'live', b: 'live' }, ['stop -', 'stop -']],
    ['is ticked and not on air', [a, b], { a: 'live' }, ['- -', 'start ticked']],
    ['is not ticked and on air', [a], { a: 'live', b: 'live' }, ['stop -', 'stop unticked']],
    ['is neither', [a], { a: 'live' }, ['- -', '- -']],
    ['is the last on air, and ticked', [a], { a: 'live', b: 'stopped' }, ['- -', '- -']],
    ['is not ticked and the last', [b], { a: 'live' }, ['- unticked-last', 'start ticked']],
    [
      'is not ticked and the last but for one that failed',
      [b],
      { a: 'live', b: 'failed' },
      ['- unticked-last', 'leave-out -'],
    ],
    ['has failed, not ticked', [a], { a: 'live', b: 'failed' }, ['- -', 'leave-out -']],
    ['is away, not ticked', [a], { a: 'live', b: 'reconnecting' }, ['stop -', 'stop unticked']],
    [
      'was ended, and is ticked',
      [a, b],
      { a: 'live', b: 'stopped' },
      ['- -', 'start ticked-stopped'],
    ],
  ] as const)('one that %s', (_, ticked, states, wanted) => {
    expect(told({ ticked, states })).toEqual(wanted);
  });

  it('while one is being stopped the other is the last', () => {
    const asked: AskedDestinations = new Map([['a', 'stop']]);
    const states = { a: 'live', b: 'live' } as const;
    expect(told({ ticked: [a, b], states, asked })).toEqual(['stop -', '- -']);
    const retried: AskedDestinations = new Map([['a', 'retry']]);
    expect(told({ ticked: [a, b], states, asked: retried })).toEqual(['stop -', 'stop -']);
  });

  it('change nothing off air, and while it ends', () => {
    for (const stage of ['off-air', 'cancelling', 'stopping', 'ending'] as const) {
      expect(told({ ticked: [], states: { a: 'live', b: 'live' }, stage })).toEqual(['- -', '- -']);
    }
    const rows = destinationRows({
      ...{ profiles: [a], ticked: [a], stage: 'connecting', asked: nothingAsked },
      snapshot: snapshot({ state: 'idle' }),
    });
    expect(rows[0]).toMatchObject({ action: undefined, difference: undefined });
  });

  it('keep their place in the broadcast, too, whenever they were begun', () => {
    const begunAnew = outputs({ gone: 'stopped', b: 'live', a: 'live' });
    expect(inListOrder(begunAnew, [a, b]).map(({ id }) => id)).toEqual(['a', 'b', 'gone']);
  });
});
