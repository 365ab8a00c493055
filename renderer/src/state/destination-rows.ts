import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Profile,
} from '@tallylight/contract';
import { isRunning, type Stage } from './stage.js';

/** A profile, whether it is ticked, and how it does in the broadcast that runs. */
export interface DestinationRow {
  readonly profile: Profile;
  readonly isTicked: boolean;
  /** Absent where the broadcast does not go there, or none runs. */
  readonly output: DestinationStatus | undefined;
  /** What makes the broadcast do as the tick says. Nobody is taken off the air by a tick alone. */
  readonly action: 'add' | 'stop' | undefined;
  /** It is not ticked, and without it the broadcast would go nowhere. */
  readonly isLast: boolean;
}

export interface DestinationRowsInput {
  readonly profiles: readonly Profile[];
  readonly ticked: readonly Profile[];
  readonly stage: Stage;
  readonly snapshot: BroadcastSnapshot;
}

/** Stages in which destinations can be added and ended. */
const changeable: readonly Stage[] = ['connecting', 'live', 'reconnecting'];

const isServed = ({ state }: DestinationStatus): boolean =>
  state !== 'failed' && state !== 'stopped';

export function destinationRows(input: DestinationRowsInput): DestinationRow[] {
  const { profiles, ticked, stage, snapshot } = input;
  const outputs = isRunning(stage) ? destinationsOf(snapshot) : [];
  // From the click on until the broadcast tells there is none that could be changed.
  const canChange = changeable.includes(stage) && outputs.length > 0;
  return profiles.map((profile) => {
    const output = outputs.find(({ id, state }) => id === profile.id && state !== 'stopped');
    const isTicked = ticked.includes(profile);
    const isLast =
      output !== undefined && !outputs.some((other) => other !== output && isServed(other));
    const action = ((): DestinationRow['action'] => {
      if (!canChange) return undefined;
      if (!output) return isTicked ? 'add' : undefined;
      return isTicked || isLast ? undefined : 'stop';
    })();
    return { profile, isTicked, output, action, isLast: isLast && !isTicked && canChange };
  });
}
