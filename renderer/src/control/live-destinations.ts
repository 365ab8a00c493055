import { destinationsOf } from '@tallylight/contract';
import { withDeadline } from 'node-rtmp-client/async';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertsStore, type AlertTitle } from '../state/alerts-store.js';
import { toAppErrorInfo } from '../state/app-error.js';
import type { BroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import type { ProfilesStore } from '../state/profiles-store.js';
import { engineSilent } from './engine-silent.js';

interface Parts {
  readonly client: EngineClient;
  readonly alerts: AlertsStore;
  readonly broadcast: BroadcastStore;
  readonly profiles: ProfilesStore;
}

/** Looking up a key may ask a person for a password; an end waits for what is on its way. */
const deadlineMs = 15_000;

/** Adds, ends and tries again the destinations of a broadcast that runs, while the others go on. */
export class LiveDestinations {
  readonly #parts: Parts;
  /** Those of which something was asked that is not answered yet. */
  readonly busy: StoreApi<ReadonlySet<string>> = createStore(() => new Set<string>());

  constructor(parts: Parts) {
    this.#parts = parts;
    const { alerts, broadcast, profiles } = parts;
    broadcast.subscribe(({ snapshot }, { snapshot: before }) => {
      // What is said of the one before is over.
      const isOver = snapshot.state === 'ended' && before.state !== 'ended';
      if (isOver || snapshot.startedAt !== before.startedAt)
        alerts.getState().dismiss('destinations');
    });
    profiles.subscribe(({ saved, draft }, before) => {
      if (!saved || before.saved || draft?.id === undefined) return;
      const output = destinationsOf(broadcast.getState().snapshot).find(
        ({ id }) => id === draft.id,
      );
      // One that waits for its next try would go on with what was wrong.
      if (output?.state === 'reconnecting') void this.retry(output.id);
    });
  }

  /** Goes to a profile, too, from the next keyframe on. */
  add(profileId: string): Promise<void> {
    return this.#ask(profileId, 'notAdded', () =>
      this.#parts.client.broadcast.addOutput({ type: 'profile', profileId }),
    );
  }

  /** Ends one in order. */
  remove(id: string): Promise<void> {
    return this.#ask(id, 'notRemoved', () => this.#parts.client.broadcast.removeOutput({ id }));
  }

  /** Has one connect now, with what is saved of it by now, that waits for its next try or has failed. */
  retry(id: string): Promise<void> {
    return this.#ask(id, 'notRetried', () => this.#parts.client.broadcast.retryOutput({ id }));
  }

  async #ask(id: string, title: AlertTitle, call: () => Promise<unknown>): Promise<void> {
    const { alerts, profiles } = this.#parts;
    if (this.busy.getState().has(id)) return;
    this.busy.setState((busy) => new Set([...busy, id]), true);
    try {
      await withDeadline(call(), deadlineMs, engineSilent);
      alerts.getState().dismiss('destinations');
    } catch (error) {
      const info = profiles.getState().withName(toAppErrorInfo(error));
      alerts.getState().show(alertFromError('destinations', title, info));
    } finally {
      this.busy.setState((busy) => new Set([...busy].filter((other) => other !== id)), true);
    }
  }
}
