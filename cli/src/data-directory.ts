import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where profiles and settings are: `TALLYLIGHT_DATA_DIR`, or the platform's place for them. The desktop application has
 * a folder of its own, since its keys are encrypted by another secret store.
 */
export function dataDirectory(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (environment['TALLYLIGHT_DATA_DIR']) return environment['TALLYLIGHT_DATA_DIR'];
  const name = 'tallylight-cli';
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name);
  if (platform === 'win32') {
    return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), name);
  }
  return join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), name);
}
