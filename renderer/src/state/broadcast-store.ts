import { leavingRates, type BroadcastEvent, type BroadcastSnapshot } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { goesOut, isRunning, stageOf, type PendingCommand } from './stage.js';

interface BroadcastState {
  readonly snapshot: BroadcastSnapshot;
  readonly pending: PendingCommand;
  /** The broadcast that runs was started in this window. */
  readonly startedHere: boolean;
  /** When the broadcast began of which nothing is to be shown any more. */
  readonly hidden: number | undefined;
  /** Bits per second that left, at each snapshot of the newest broadcast's last five minutes, oldest first. */
  readonly bitrates: readonly number[];
  /** What has happened in the newest broadcast, oldest first. */
  readonly log: readonly BroadcastEvent[];
  /** Shows nothing of the last broadcast any more. */
  readonly hide: () => void;
  readonly setPending: (pending: PendingCommand) => void;
  readonly receive: (snapshot: BroadcastSnapshot) => void;
  readonly receiveLog: (log: readonly BroadcastEvent[]) => void;
}

export type BroadcastStore = StoreApi<BroadcastState>;

/** What there is to tell of the broadcast that was asked for: until it begins, nothing, and not how the last one went. */
export function currentSnapshot({
  snapshot,
  pending,
}: Pick<BroadcastState, 'snapshot' | 'pending'>): BroadcastSnapshot {
  return snapshot.state === 'ended' && pending !== 'none' ? idle : snapshot;
}

/** Whether what a window has open itself is not what goes out, because another one sends. */
export const isSentElsewhere = ({
  snapshot,
  pending,
  startedHere,
}: Pick<BroadcastState, 'snapshot' | 'pending' | 'startedHere'>): boolean =>
  isRunning(stageOf(snapshot, pending)) &&
  pending === 'none' &&
  !startedHere &&
  snapshot.capturedBy !== 'ffmpeg';

/** Five minutes of two snapshots a second. */
export const historyLength = 600;

const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };

/** A command is no longer pending once a snapshot shows what came of it. */
function settle(
  pending: PendingCommand,
  before: BroadcastSnapshot,
  after: BroadcastSnapshot,
): PendingCommand {
  const over = after.state === 'idle' || after.state === 'ended';
  const isAnother = after.startedAt !== before.startedAt;
  // What is recorded goes on as it was until it has somewhere to go.
  if (pending === 'start' && after.state === 'recording' && !isAnother)
    return goesOut(after.outputs) ? 'none' : pending;
  const begins = pending === 'start' || pending === 'record';
  if (begins && (!over || isAnother)) return 'none';
  const isShowOver = after.state === 'recording' && before.state !== 'recording';
  if (pending === 'stop' && isShowOver) return 'none';
  if (pending === 'stop' && over && !(before.state === 'idle' || before.state === 'ended')) {
    return 'none';
  }
  return pending;
}

/** What left; it stays after the end, until the next broadcast begins. */
function nextBitrates(
  { bitrates, snapshot: before }: Pick<BroadcastState, 'bitrates' | 'snapshot'>,
  snapshot: BroadcastSnapshot,
): readonly number[] {
  const known = snapshot.startedAt === before.startedAt ? bitrates : [];
  if (snapshot.state !== 'live' && snapshot.state !== 'reconnecting') return known;
  const { bitrate } = leavingRates(snapshot);
  // Of its first second nothing is known.
  if (bitrate === undefined && known.length === 0) return known;
  return [...known, bitrate ?? 0].slice(-historyLength);
}

export function createBroadcastStore(): BroadcastStore {
  return createStore<BroadcastState>()((set) => ({
    snapshot: idle,
    pending: 'none',
    startedHere: false,
    hidden: undefined,
    bitrates: [],
    log: [],
    hide: () => set(({ snapshot }) => ({ hidden: snapshot.startedAt })),
    setPending: (pending) => set({ pending }),
    receive: (snapshot) =>
      set((state) => ({
        snapshot,
        pending: settle(state.pending, state.snapshot, snapshot),
        bitrates: nextBitrates(state, snapshot),
      })),
    receiveLog: (log) => set({ log }),
  }));
}
