import { destinationsOf } from '@tallylight/contract';
import { withDeadline } from 'node-rtmp-client/async';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertsStore, type AlertTitle } from '../state/alerts-store.js';
import { toAppErrorInfo } from '../state/app-error.js';
import type { BroadcastStore } from '../state/broadcast-store.js';
import {
  canChangeDestinations,
  isLastOnAir,
  type AskedDestinations,
  type DestinationAction,
} from '../state/destination-actions.js';
import type { EngineClient } from '../state/engine-client.js';
import type { ProfilesStore } from '../state/profiles-store.js';
import type { QuestionsStore } from '../state/questions-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import { stageOf } from '../state/stage.js';
import { engineSilent } from './engine-silent.js';

interface Parts {
  readonly client: EngineClient;
  readonly alerts: AlertsStore;
  readonly broadcast: BroadcastStore;
  readonly profiles: ProfilesStore;
  readonly questions: QuestionsStore;
  readonly settings: SettingsStore;
}

/** Looking up a key may ask a person for a password; an end waits for what is on its way. */
const deadlineMs = 15_000;

/** Begins, ends and tries again the destinations of a broadcast that runs, while the others go on. */
export class LiveDestinations {
  readonly #parts: Parts;
  /** Those of which something was asked that is not answered yet. */
  readonly asked: StoreApi<AskedDestinations> = createStore((): AskedDestinations => new Map());

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

  /** Goes to a profile, too, from the next keyframe on; again, where it had been ended. */
  start(profileId: string): Promise<void> {
    return this.#ask(profileId, 'start', 'notAdded', () =>
      this.#parts.client.broadcast.addOutput({ type: 'profile', profileId }),
    );
  }

  /**
   * Ends one in order; its figures stay. Asks first where the whole broadcast is not stopped by a mere click either. Does
   * nothing where the broadcast would go nowhere without it.
   *
   * @param name what people call it.
   */
  async stop(id: string, name: string): Promise<void> {
    const { client, questions, settings } = this.#parts;
    if (!this.#canStop(id)) return;
    if (settings.getState().settings.holdToStop) {
      const answer = await questions.getState().ask({ type: 'stopOne', name });
      // Others may have failed meanwhile.
      if (answer !== 'stop' || !this.#canStop(id)) return;
    }
    await this.#ask(id, 'stop', 'notRemoved', () => client.broadcast.finishOutput({ id }));
  }

  /** Takes one that has failed out of the broadcast. */
  leaveOut(id: string): Promise<void> {
    return this.#ask(id, 'leave-out', 'notRemoved', () =>
      this.#parts.client.broadcast.removeOutput({ id }),
    );
  }

  /** Has one connect now, with what is saved of it by now, that waits for its next try or has failed. */
  retry(id: string): Promise<void> {
    return this.#ask(id, 'retry', 'notRetried', () =>
      this.#parts.client.broadcast.retryOutput({ id }),
    );
  }

  #canStop(id: string): boolean {
    const { snapshot, pending } = this.#parts.broadcast.getState();
    if (!canChangeDestinations(stageOf(snapshot, pending), snapshot)) return false;
    const output = destinationsOf(snapshot).find((each) => each.id === id);
    return output !== undefined && !isLastOnAir(output, snapshot, this.asked.getState());
  }

  async #ask(
    id: string,
    what: DestinationAction | 'retry',
    title: AlertTitle,
    call: () => Promise<unknown>,
  ): Promise<void> {
    const { alerts, profiles } = this.#parts;
    if (this.asked.getState().has(id)) return;
    this.asked.setState((asked) => new Map([...asked, [id, what]]), true);
    try {
      await withDeadline(call(), deadlineMs, engineSilent);
      alerts.getState().dismiss('destinations');
    } catch (error) {
      const info = profiles.getState().withName(toAppErrorInfo(error));
      alerts.getState().show(alertFromError('destinations', title, info));
    } finally {
      const others = [...this.asked.getState()].filter(([other]) => other !== id);
      this.asked.setState(new Map(others), true);
    }
  }
}
