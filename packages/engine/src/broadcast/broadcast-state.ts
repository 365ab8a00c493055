import type { BroadcastSnapshot, OutputStatus } from '@tallylight/contract';
import { isOver } from '../outputs/output.js';

export type BroadcastState = BroadcastSnapshot['state'];

const transitions: Record<BroadcastState, readonly BroadcastState[]> = {
  idle: ['connecting'],
  connecting: ['live', 'recording', 'stopping'],
  recording: ['live', 'stopping'],
  live: ['reconnecting', 'recording', 'stopping'],
  reconnecting: ['live', 'recording', 'stopping'],
  stopping: ['ended'],
  ended: [],
};

/** Whether one may follow on the other. */
export const mayFollow = (before: BroadcastState, next: BroadcastState): boolean =>
  transitions[before].includes(next);

/**
 * What the outputs make of a broadcast that runs; undefined where that is to be seen. Live is what reaches viewers. A
 * broadcast that has nobody to go to, but is kept, goes on as a recording.
 *
 * @param statuses of the outputs that nobody has ended.
 */
export function stateOfOutputs(
  statuses: readonly OutputStatus[],
  {
    isCaptured,
    wasPublic,
  }: {
    /** Whether the source gives media. */
    readonly isCaptured: boolean;
    /** Whether a server took it since there was one to go to. */
    readonly wasPublic: boolean;
  },
): 'live' | 'reconnecting' | 'recording' | undefined {
  const forViewers = statuses.filter((status) => status.reach === 'public' && !isOver(status));
  if (forViewers.length === 0) return isCaptured ? 'recording' : undefined;
  if (forViewers.some(({ state }) => state === 'live')) return 'live';
  return wasPublic ? 'reconnecting' : undefined;
}

/**
 * Those that have all failed, so that a broadcast has nobody to go to any more; undefined where one is left. While it is
 * what was started, viewers decide: without a hope of them there is no broadcast, though a recording may go on writing.
 * Once somebody has added or ended an output, only the failure of all that are left ends it: what was added by mistake
 * must not take along what was well.
 *
 * @param statuses of the outputs that nobody has ended.
 */
export function allFailed(
  statuses: readonly OutputStatus[],
  { isChanged }: { readonly isChanged: boolean },
): readonly OutputStatus[] | undefined {
  const kept = statuses.filter(({ reach }) => reach !== 'memory');
  const forViewers = kept.filter(({ reach }) => reach === 'public');
  const decisive = forViewers.length > 0 && !isChanged ? forViewers : kept;
  const isEnd = decisive.length > 0 && decisive.every(({ state }) => state === 'failed');
  return isEnd ? decisive : undefined;
}
