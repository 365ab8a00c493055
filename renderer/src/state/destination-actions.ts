import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Profile,
} from '@tallylight/contract';
import type { Stage } from './stage.js';

/**
 * What can be done with one destination while the others go on. `leave-out`: nothing is sent to one that has failed, and it
 * counts for nothing any more.
 */
export type DestinationAction = 'start' | 'stop' | 'leave-out';

/** Of which destinations something was asked that is not answered yet, and what. */
export type AskedDestinations = ReadonlyMap<string, DestinationAction | 'retry'>;

/** Stages in which destinations can be begun and ended. */
const changeable: readonly Stage[] = ['connecting', 'live', 'reconnecting'];

const isServed = ({ state }: DestinationStatus): boolean =>
  state !== 'failed' && state !== 'stopped';

/** From the click on Go Live until the broadcast tells of some, there is none that could be changed. */
export const canChangeDestinations = (stage: Stage, snapshot: BroadcastSnapshot): boolean =>
  changeable.includes(stage) && destinationsOf(snapshot).length > 0;

/** Whether the broadcast would go nowhere without it, once what was asked for is done. */
export const isLastOnAir = (
  output: DestinationStatus,
  snapshot: Pick<BroadcastSnapshot, 'outputs'>,
  asked: AskedDestinations,
): boolean =>
  isServed(output) &&
  !destinationsOf(snapshot).some(
    (other) => other.id !== output.id && isServed(other) && asked.get(other.id) !== 'stop',
  );

/** What can be done with a destination of a broadcast whose destinations can be changed, whether it is the last or not. */
export function actionOn({ state }: DestinationStatus): DestinationAction {
  if (state === 'stopped') return 'start';
  return state === 'failed' ? 'leave-out' : 'stop';
}

/**
 * In the order of the list of profiles, so that one that is begun again keeps its place; those without a profile are last.
 */
export function inListOrder(
  destinations: readonly DestinationStatus[],
  profiles: readonly Profile[],
): readonly DestinationStatus[] {
  const places = new Map(profiles.map(({ id }, index) => [id, index]));
  const placeOf = ({ id }: DestinationStatus): number => places.get(id) ?? profiles.length;
  return destinations.toSorted((a, b) => placeOf(a) - placeOf(b));
}
