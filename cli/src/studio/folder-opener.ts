import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { appError, reason, type Wording } from '@tallylight/contract';
import { within } from 'node-rtmp-client/async';

export interface FolderOpenerOptions {
  readonly platform?: NodeJS.Platform;
  readonly environment?: NodeJS.ProcessEnv;
}

/** What does not fail within this has shown it. On some desktops it is the file manager itself, which stays. Milliseconds. */
const failsWithinMs = 2000;

/** What shows a file in its folder on this machine; `undefined` where nothing does. */
export function findFolderOpener({
  platform = process.platform,
  environment = process.env,
}: FolderOpenerOptions = {}): ((path: string) => Promise<void>) | undefined {
  switch (platform) {
    case 'win32':
      // Its exit code says nothing.
      return (path) => show(path, 'explorer.exe', [`/select,${path}`], 'any');
    case 'darwin':
      return (path) => show(path, '/usr/bin/open', ['-R', path], 0);
    default: {
      if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return undefined;
      const opener = (environment['PATH'] ?? '')
        .split(delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => join(folder, 'xdg-open'))
        .find(isProgram);
      if (opener === undefined) return undefined;
      return (path) => show(path, opener, [dirname(path)], 0);
    }
  }
}

async function show(
  file: string,
  program: string,
  parameters: readonly string[],
  wanted: number | 'any',
): Promise<void> {
  const refuse = (why: Wording): never => {
    throw appError('FOLDER_NOT_SHOWN', { file, reason: why });
  };
  const child = spawn(program, parameters, { stdio: 'ignore', detached: true });
  const ended = (once(child, 'exit') as Promise<[number | null]>).catch((error: unknown) =>
    String(error),
  );
  const outcome = await within(ended, failsWithinMs);
  // It is the user's from here on, who closes it.
  child.unref();
  if (outcome === 'late') return;
  if (typeof outcome === 'string') refuse(outcome);
  const [code] = outcome;
  if (wanted !== 'any' && code !== wanted)
    refuse(reason('system-refuses', { code: `${program}: ${code}` }));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
