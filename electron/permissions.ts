import { systemPreferences, type MediaAccessPermissionRequest, type Session } from 'electron';
import { isAppUrl } from './app-origin.js';

/** Copying by a button, which is never reading what was copied. */
const copying = 'clipboard-sanitized-write';

/** Camera, microphone and copying for our own page; nothing else, and nothing for anybody else. */
export function restrictPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const ours = isAppUrl(details.requestingUrl) && details.isMainFrame;
    if (permission !== 'media' || !ours) {
      callback(ours && permission === copying);
      return;
    }
    const { mediaTypes = [] } = details as MediaAccessPermissionRequest;
    systemAllows(mediaTypes).then(callback, () => callback(false));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin, details) =>
      (permission === 'media' || permission === copying) &&
      isAppUrl(details.securityOrigin ?? requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
}

/** macOS asks the user once for each program; elsewhere the system has no say here. */
async function systemAllows(mediaTypes: readonly ('video' | 'audio')[]): Promise<boolean> {
  if (process.platform !== 'darwin') return true;
  for (const type of mediaTypes) {
    const device = type === 'video' ? 'camera' : 'microphone';
    if (!(await systemPreferences.askForMediaAccess(device))) return false;
  }
  return true;
}
