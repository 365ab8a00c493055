import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of all engines on this machine; containers that share a temporary folder are told apart by their names. */
const prefix = `tallylight-files-${hostname().replace(/[^\w.-]/g, '_')}-`;

/**
 * A temporary folder that others can find to be left behind, should this process not live to remove it.
 *
 * @param parent of the folders of all engines.
 */
export const makeOwnedFolder = (parent = tmpdir()): Promise<string> =>
  mkdtemp(join(parent, `${prefix}${process.pid}-`));

/** Removes the folders of processes that are gone. What belongs to somebody else stays. */
export async function removeLeftFolders(parent = tmpdir()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const left = names.filter((name) => {
    const owner = name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length)) : null;
    return owner !== null && !isRunning(Number(owner[0]));
  });
  await Promise.allSettled(
    left.map((name) => rm(join(parent, name), { recursive: true, force: true })),
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is one, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
