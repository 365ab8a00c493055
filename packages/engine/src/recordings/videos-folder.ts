import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface VideosFolderOptions {
  readonly platform?: NodeJS.Platform;
  readonly environment?: NodeJS.ProcessEnv;
  readonly home?: string;
}

/** Where the user's videos are: on Linux its name is in the user's language. It may not be there yet. */
export function videosFolder(options: VideosFolderOptions = {}): string {
  const { platform = process.platform, environment = process.env, home = homedir() } = options;
  if (platform === 'darwin') return join(home, 'Movies');
  if (platform !== 'win32') {
    // An empty one counts as none.
    const wanted = environment['XDG_CONFIG_HOME'] ?? '';
    const config = wanted === '' ? join(home, '.config') : wanted;
    const named = namedIn(join(config, 'user-dirs.dirs'), home);
    if (named !== undefined) return named;
  }
  return join(home, 'Videos');
}

/** What xdg-user-dirs writes: shell assignments of whole paths, or of paths from `$HOME` on. */
function namedIn(file: string, home: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const path = /^\s*XDG_VIDEOS_DIR="(\$HOME|)(\/[^"]+)"/m.exec(text);
    if (!path) return undefined;
    const [, fromHome, rest = ''] = path;
    return fromHome ? join(home, rest) : rest;
  } catch {
    return undefined;
  }
}
