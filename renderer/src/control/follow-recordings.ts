import { recordingsOf, type BroadcastSnapshot } from '@tallylight/contract';
import type { AlertsStore } from '../state/alerts-store.js';
import type { BroadcastStore } from '../state/broadcast-store.js';

interface Parts {
  readonly alerts: AlertsStore;
  readonly broadcast: BroadcastStore;
}

/** A recording that fails is said at once: the broadcast goes on, and what is not recorded is lost for good. */
export function followRecordings({ alerts, broadcast }: Parts): void {
  broadcast.subscribe(({ snapshot }, { snapshot: before }) => {
    if (snapshot === before) return;
    const now = failures(snapshot);
    for (const id of failures(before).keys()) {
      if (!now.has(id)) alerts.getState().dismiss(`recording-${id}`);
    }
    for (const [id, error] of now) {
      if (failures(before).has(id)) continue;
      alerts.getState().show({
        topic: `recording-${id}`,
        title: 'recordingFailed',
        error,
        cause: `${snapshot.startedAt} ${id}`,
      });
    }
  });
}

const failures = (snapshot: BroadcastSnapshot) =>
  new Map(
    recordingsOf(snapshot).flatMap(({ id, state, lastError }) =>
      state === 'failed' && lastError ? [[id, lastError] as const] : [],
    ),
  );
