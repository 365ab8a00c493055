import type { BroadcastEvent } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { destination, snapshot } from '../../../test/snapshots.js';
import { BroadcastHistory } from '../../state/broadcast-history.js';
import { markedEvents } from './graph-marks.js';

const epoch = Date.UTC(2026, 0, 1, 20, 0, 0);

/** A minute of figures, and what is marked of those events, a second after each other. */
function marksOf(...events: readonly (readonly [BroadcastEvent['event'], string?])[]): string[] {
  let time = 0;
  const history = new BroadcastHistory({ monotonic: () => time, wall: () => epoch + time });
  for (; time <= 59_000; time += 500) {
    history.receive(snapshot({ startedAt: 1, outputs: [destination({ state: 'live' })] }));
  }
  const log = events.map(([event, outputId], index) => ({
    ...{ at: epoch + 1_000 * (index + 1), event },
    ...(outputId !== undefined && { outputId }),
  }));
  return markedEvents(history, log).map(
    ({ entry, mark }) => `${entry.outputId ?? ''} ${mark.kind} ${mark.time}`,
  );
}

it('marks that one is on air that had failed at the start, and not that others begin', () => {
  expect(
    marksOf(
      ['began'],
      ['destination-live', 'a'],
      ['destination-failed', 'b'],
      ['destination-retried', 'b'],
      ['destination-live', 'b'],
    ),
  ).toEqual(['b down 3000', 'b up 5000']);
});

it('marks that one is ended and begun again, each time', () => {
  expect(
    marksOf(
      ['destination-live', 'a'],
      ['destination-ended', 'a'],
      ['destination-restarted', 'a'],
      ['destination-live', 'a'],
      ['destination-lost', 'a'],
      ['destination-back', 'a'],
      // Nothing was lost in between.
      ['destination-live', 'a'],
    ),
  ).toEqual(['a down 2000', 'a up 4000', 'a down 5000', 'a up 6000']);
});
