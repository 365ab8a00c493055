const prefix = 'tallylight.closed ';

/** What was closed in this page, kept by the browser over reloads; over nothing where it keeps nothing. */
export const closedAlerts = {
  has(cause: string): boolean {
    try {
      return sessionStorage.getItem(prefix + cause) !== null;
    } catch {
      return false;
    }
  },
  add(cause: string): void {
    try {
      sessionStorage.setItem(prefix + cause, '');
    } catch {
      // It is shown again after a reload, and can be closed again.
    }
  },
};
