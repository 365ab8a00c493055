import type { AlertsStore } from '../state/alerts-store.js';
import type { BroadcastStore } from '../state/broadcast-store.js';
import type { ProfilesStore } from '../state/profiles-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import type { CaptureController } from './capture-controller.js';

interface Parts {
  readonly alerts: AlertsStore;
  readonly broadcast: BroadcastStore;
  readonly capture: CaptureController;
  readonly profiles: ProfilesStore;
  readonly settings: SettingsStore;
}

/** An attempt to go live that failed is no news any more once what it failed for is another, or is mended. */
export function followMends({ alerts, broadcast, capture, profiles, settings }: Parts): void {
  const mended = (what: 'capture' | 'destination'): void => {
    const alert = alerts.getState().alerts.find(({ topic }) => topic === 'broadcast');
    const { snapshot, hide } = broadcast.getState();
    // What broke off has happened, whatever is mended since.
    const failed = snapshot.state === 'ended' && snapshot.liveAt === undefined;
    const told = alert?.title === 'notLive' ? alert.error : undefined;
    const error = told ?? (failed && !alert ? snapshot.error : undefined);
    if (!error) return;
    const { phase, code } = error;
    const isCapture = phase === 'camera' || phase === 'encoder' || code === 'FFMPEG_MISSING';
    if (isCapture !== (what === 'capture')) return;
    alerts.getState().dismiss('broadcast');
    if (failed) hide();
  };
  let hasFailed = false;
  capture.store.subscribe(({ type }) => {
    if (type === 'failed') hasFailed = true;
    if (type !== 'open' || !hasFailed) return;
    hasFailed = false;
    mended('capture');
  });
  settings.subscribe(({ settings: now }, { settings: before }) => {
    if (now.engine !== before.engine || now.cameraId !== before.cameraId) mended('capture');
    if (now.profileIds !== before.profileIds) mended('destination');
  });
  profiles.subscribe(({ saved }, before) => {
    if (saved && !before.saved) mended('destination');
  });
}
