import { connectToBrowserShell } from './browser-connection.js';
import { connectToElectron } from './electron-connection.js';
import type { Connection } from './engine-connection.js';

export type { Connection } from './engine-connection.js';

/**
 * Connects the window to its engine, whichever shell it runs in.
 *
 * @throws ConnectionError when no engine answers, or when it refuses this window.
 */
export async function connect(): Promise<Connection> {
  const { tallylight } = window;
  return tallylight?.shell === 'electron'
    ? connectToElectron(tallylight)
    : connectToBrowserShell(window.location);
}
