import type { BroadcastSnapshot } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from './engine-client.js';
import { nextHealth, type Health } from './health.js';
import type { PendingCommand } from './stage.js';

interface BroadcastState {
  readonly snapshot: BroadcastSnapshot;
  readonly pending: PendingCommand;
  /** Only while live. */
  readonly health: Health | undefined;
  /** Bits per second at each snapshot of the last five minutes of being live, oldest first. */
  readonly bitrates: readonly number[];
  readonly setPending: (pending: PendingCommand) => void;
  readonly receive: (snapshot: BroadcastSnapshot, wantedFps: number, now: number) => void;
}

export type BroadcastStore = StoreApi<BroadcastState>;

/** What there is to tell of the broadcast that was asked for: until it begins, nothing, and not how the last one went. */
export function currentSnapshot({
  snapshot,
  pending,
}: Pick<BroadcastState, 'snapshot' | 'pending'>): BroadcastSnapshot {
  return snapshot.state === 'ended' && pending !== 'none' ? idle : snapshot;
}

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
  if (pending === 'start' && (!over || after.startedAt !== before.startedAt)) return 'none';
  if (pending === 'stop' && over && !(before.state === 'idle' || before.state === 'ended')) {
    return 'none';
  }
  return pending;
}

export function createBroadcastStore(): BroadcastStore {
  return createStore<BroadcastState>()((set) => ({
    snapshot: idle,
    pending: 'none',
    health: undefined,
    bitrates: [],
    setPending: (pending) => set({ pending }),
    receive: (snapshot, wantedFps, now) =>
      set((state) => ({
        snapshot,
        pending: settle(state.pending, state.snapshot, snapshot),
        health:
          snapshot.state === 'live'
            ? nextHealth(state.health, snapshot, wantedFps, now)
            : undefined,
        bitrates:
          snapshot.state === 'live'
            ? [...state.bitrates, snapshot.statistics?.bitrate ?? 0].slice(-historyLength)
            : [],
      })),
  }));
}

/** Resolves with true when `condition` holds, with false when it does not within `milliseconds`. */
export function until<T>(
  store: StoreApi<T>,
  condition: (state: T) => boolean,
  milliseconds: number,
): Promise<boolean> {
  if (condition(store.getState())) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (held: boolean): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(held);
    };
    const timer = setTimeout(() => finish(false), milliseconds);
    const unsubscribe = store.subscribe((state) => {
      if (condition(state)) finish(true);
    });
  });
}

const firstRetryMs = 250;
const lastRetryMs = 4000;

/** Feeds every snapshot to `receive` until `signal` is aborted; a subscription that breaks is made again. */
export async function watchBroadcast(
  client: EngineClient,
  receive: (snapshot: BroadcastSnapshot) => void,
  signal: AbortSignal,
): Promise<void> {
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    try {
      // Whoever looks last is shown what ffmpeg captures.
      await client.broadcast.showPreview();
      for await (const snapshot of await client.broadcast.watch(undefined, { signal })) {
        receive(snapshot);
        retryMs = firstRetryMs;
      }
    } catch {
      // The connection's own listener says when the engine is gone; anything else is worth another try.
    }
    await pause(retryMs, signal);
    retryMs = Math.min(lastRetryMs, retryMs * 2);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish, { once: true });
  });
}
