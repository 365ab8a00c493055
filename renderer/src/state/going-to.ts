import { destinationsOf, type BroadcastSnapshot } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { listOf } from './list-of.js';
import { destinationName } from './profile-text.js';
import { isRunning, type Stage } from './stage.js';
import { targetName, type Target } from './targets.js';

export interface GoingToInput {
  readonly stage: Stage;
  /** Of the broadcast that was asked for, see `currentSnapshot`. */
  readonly snapshot: BroadcastSnapshot;
  /** What this window has ticked for its next one. */
  readonly targets: readonly Target[];
}

/** Where the broadcast goes that runs, whoever has begun it; else where Go Live would go. */
export function goingTo(input: GoingToInput, messages: WindowMessages): string | undefined {
  const { stage, snapshot, targets } = input;
  // One that only records goes nowhere, whatever became of a show before.
  if (stage === 'recording' && snapshot.outputs.length > 0) return undefined;
  const destinations = isRunning(stage) ? destinationsOf(snapshot) : [];
  if (destinations.length > 0) {
    // Those that were ended alone are gone to no more; at the end of the broadcast all are.
    const goneTo = destinations.filter(({ state }) => state !== 'stopped');
    return listOf(
      (goneTo.length > 0 ? goneTo : destinations).map((destination) =>
        destinationName(destination, messages),
      ),
      messages,
    );
  }
  // One that only records goes nowhere.
  if (isRunning(stage) && snapshot.outputs.length > 0) return undefined;
  if (targets.length === 0) return undefined;
  return listOf(
    targets.map((target) => targetName(target, messages)),
    messages,
  );
}
