import { withDeadline } from 'node-rtmp-client/async';
import { alertFromError, type AlertsStore } from '../state/alerts-store.js';
import { toAppErrorInfo } from '../state/app-error.js';
import type { BroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import type { SettingsStore } from '../state/settings-store.js';
import { engineSilent } from './engine-silent.js';
import { until } from './until.js';

interface Parts {
  readonly client: EngineClient;
  readonly alerts: AlertsStore;
  readonly broadcast: BroadcastStore;
  readonly settings: SettingsStore;
}

/** Another encoder may have to begin for it. */
const deadlineMs = 15_000;
/** How long a snapshot may take after the call whose effect it shows. */
const snapshotDeadlineMs = 3_000;

/** Moves the limit of the picture's bitrate while live, which is the bitrate that is chosen for the next broadcast, too. */
export class LiveBitrate {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the snapshot shows it, or when what keeps it from being so has been said.
   *
   * @param bitrate bits per second.
   */
  async setLimit(bitrate: number): Promise<void> {
    const { client, alerts, broadcast, settings } = this.#parts;
    try {
      const asked = client.broadcast.setVideoBitrate({ videoBitrate: bitrate });
      await withDeadline(asked, deadlineMs, engineSilent);
      alerts.getState().dismiss('bitrate');
    } catch (error) {
      const info = toAppErrorInfo(error);
      alerts.getState().show(alertFromError('bitrate', 'bitrateNotChanged', info));
      return;
    }
    settings.getState().update({ videoBitrate: bitrate });
    await until(
      broadcast,
      ({ snapshot }) => snapshot.videoBitrate?.limit === bitrate,
      snapshotDeadlineMs,
    );
  }
}
