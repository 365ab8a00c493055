import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Profile,
} from '@tallylight/contract';
import {
  actionOn,
  canChangeDestinations,
  isLastOnAir,
  type AskedDestinations,
  type DestinationAction,
} from './destination-actions.js';
import { isRunning, type Stage } from './stage.js';

/** A profile, whether it is ticked, and how it does in the broadcast that runs. */
export interface DestinationRow {
  readonly profile: Profile;
  readonly isTicked: boolean;
  /** Absent where the broadcast does not go there and never did, or none runs. */
  readonly output: DestinationStatus | undefined;
  /** What can be done there now. Nobody is taken off the air, or put on it, by a tick alone. */
  readonly action: DestinationAction | undefined;
  /**
   * What a tick that is not as it is on air comes to. `ticked`: it is not on air; `ticked-stopped`: nor any more;
   * `unticked`: it is on air; `unticked-last`: and without it the broadcast would go nowhere.
   */
  readonly difference: 'ticked' | 'ticked-stopped' | 'unticked' | 'unticked-last' | undefined;
}

export interface DestinationRowsInput {
  readonly profiles: readonly Profile[];
  readonly ticked: readonly Profile[];
  readonly stage: Stage;
  readonly snapshot: BroadcastSnapshot;
  readonly asked: AskedDestinations;
}

export function destinationRows(input: DestinationRowsInput): DestinationRow[] {
  const { profiles, ticked, stage, snapshot, asked } = input;
  const outputs = isRunning(stage) ? destinationsOf(snapshot) : [];
  const canChange = canChangeDestinations(stage, snapshot);
  return profiles.map((profile) => {
    const output = outputs.find(({ id }) => id === profile.id);
    const isTicked = ticked.includes(profile);
    const isLast = output !== undefined && isLastOnAir(output, snapshot, asked);
    const isOff = output === undefined || output.state === 'stopped';
    const action = ((): DestinationRow['action'] => {
      // One that nobody wants has no button; its tick brings one.
      if (!canChange || isLast || (isOff && !isTicked)) return undefined;
      return output ? actionOn(output) : 'start';
    })();
    const difference = ((): DestinationRow['difference'] => {
      // Of one that has failed its state says enough.
      if (!canChange || isTicked !== isOff || output?.state === 'failed') return undefined;
      if (isOff) return output ? 'ticked-stopped' : 'ticked';
      return isLast ? 'unticked-last' : 'unticked';
    })();
    return { profile, isTicked, output, action, difference };
  });
}
