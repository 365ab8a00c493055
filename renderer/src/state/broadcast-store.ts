import type { BroadcastEvent, BroadcastSnapshot } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BroadcastHistory } from './broadcast-history.js';
import { goesOut, isRunning, stageOf, type PendingCommand } from './stage.js';

interface BroadcastState {
  readonly snapshot: BroadcastSnapshot;
  readonly pending: PendingCommand;
  /** The broadcast that runs was started in this window. */
  readonly startedHere: boolean;
  /** When the broadcast began of which nothing is to be shown any more. */
  readonly hidden: number | undefined;
  /** The figures of the newest broadcast's last ten minutes; it is changed with each snapshot, before that is here. */
  readonly history: BroadcastHistory;
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

export function createBroadcastStore(history = new BroadcastHistory()): BroadcastStore {
  return createStore<BroadcastState>()((set) => ({
    snapshot: idle,
    pending: 'none',
    startedHere: false,
    hidden: undefined,
    history,
    log: [],
    hide: () => set(({ snapshot }) => ({ hidden: snapshot.startedAt })),
    setPending: (pending) => set({ pending }),
    receive: (snapshot) => {
      history.receive(snapshot);
      set((state) => ({ snapshot, pending: settle(state.pending, state.snapshot, snapshot) }));
    },
    receiveLog: (log) => set({ log }),
  }));
}
