import { destinationsOf, type BroadcastSnapshot } from '@tallylight/contract';
import { withDeadline } from 'node-rtmp-client/async';
import { alertFromError, type AlertsStore } from '../state/alerts-store.js';
import { toAppErrorInfo } from '../state/app-error.js';
import type { BroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import type { ProfilesStore } from '../state/profiles-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import { goesOut, runningRecording } from '../state/stage.js';
import { engineSilent } from './engine-silent.js';
import { readyProfileIds } from './ready-profile-ids.js';
import { until } from './until.js';

interface Parts {
  readonly client: EngineClient;
  readonly alerts: AlertsStore;
  readonly broadcast: BroadcastStore;
  readonly profiles: ProfilesStore;
  readonly settings: SettingsStore;
}

/** Looking up a key may ask a person for a password. */
const joinDeadlineMs = 30_000;
const leaveDeadlineMs = 15_000;
/** How long a snapshot may take after the call whose effect it shows. */
const snapshotDeadlineMs = 3000;

/** A show within a recording: its destinations join the broadcast that runs, and leave it, while the encoder goes on. */
export class ShowDuringRecording {
  readonly #parts: Parts;
  #joining: AbortController | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.broadcast.subscribe(({ snapshot, pending }, { snapshot: before }) => {
      const isLost = goesOut(before.outputs) && !goesOut(snapshot.outputs);
      if (!isLost || pending === 'stop' || snapshot.startedAt !== before.startedAt) return;
      if (runningRecording(snapshot)) this.#tellFailure(snapshot);
    });
  }

  /** Goes to the ticked destinations, too. */
  async join(): Promise<void> {
    const { alerts, broadcast, client } = this.#parts;
    // It is only about to begin.
    if (!runningRecording(broadcast.getState().snapshot)) return;
    const joining = new AbortController();
    this.#joining = joining;
    alerts.getState().dismiss('broadcast');
    broadcast.getState().setPending('start');
    try {
      const profileIds = await readyProfileIds(this.#parts);
      if (!profileIds || joining.signal.aborted) return;
      const added = await Promise.allSettled(
        profileIds.map((profileId) =>
          withDeadline(
            client.broadcast.addOutput({ type: 'profile', profileId }),
            joinDeadlineMs,
            engineSilent,
          ),
        ),
      );
      // The cancelling may have overtaken some of them.
      if (isAborted(joining)) await client.broadcast.stop({ keepRecording: true });
      const refused = added.find((each) => each.status === 'rejected');
      if (refused) throw refused.reason;
    } catch (error) {
      if (isAborted(joining)) return;
      this.#tell('notLive', error);
    } finally {
      if (this.#joining === joining) {
        this.#joining = undefined;
        if (broadcast.getState().pending === 'start') broadcast.getState().setPending('none');
      }
    }
  }

  /** Ends the destinations, in order, whatever they have come to. */
  async leave(): Promise<void> {
    const { broadcast, client } = this.#parts;
    if (broadcast.getState().pending === 'stop') return;
    broadcast.getState().setPending('stop');
    this.#joining?.abort();
    try {
      await withDeadline(
        client.broadcast.stop({ keepRecording: true }),
        leaveDeadlineMs,
        engineSilent,
      );
      await until(
        broadcast,
        ({ snapshot }) => snapshot.state !== 'live' && !goesOut(snapshot.outputs),
        snapshotDeadlineMs,
      );
    } catch (error) {
      this.#tell('brokeOff', error);
    } finally {
      broadcast.getState().setPending('none');
    }
  }

  /** All of them have failed, which would be the end of a broadcast that is not recorded. */
  #tellFailure(snapshot: BroadcastSnapshot): void {
    const destinations = destinationsOf(snapshot);
    // One that was told to end has ended well, whatever became of the others.
    if (destinations.some(({ state }) => state === 'stopped')) return;
    const failed = destinations.find(({ state }) => state === 'failed');
    if (!failed?.lastError) return;
    const error = this.#parts.profiles.getState().withName(failed.lastError);
    const title = failed.goLiveMs === undefined ? 'notLive' : 'brokeOff';
    this.#parts.alerts.getState().show(alertFromError('broadcast', title, error));
  }

  #tell(title: 'notLive' | 'brokeOff', error: unknown): void {
    const info = this.#parts.profiles.getState().withName(toAppErrorInfo(error));
    this.#parts.alerts.getState().show(alertFromError('broadcast', title, info));
  }
}

const isAborted = ({ signal }: AbortController): boolean => signal.aborted;
