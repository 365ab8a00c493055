import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const sources = [
  'packages',
  'cli/src',
  'electron',
  'renderer',
  'electron.vite.config.ts',
  'package-lock.json',
];
// The build always writes these anew, after everything else; the compiler leaves alone what did not change.
const results = ['out/main/main.js', 'out/renderer/index.html'];
const notSources = new Set(['node_modules', 'dist', 'test']);

/**
 * Whether a source is newer than the build, or there is no build.
 *
 * @param {string} root
 */
export async function needsBuild(root) {
  if (!existsSync(join(root, 'cli/dist/main.js'))) return true;
  const built = await Promise.all(results.map((path) => modified(join(root, path))));
  const newest = await Promise.all(sources.map((path) => newestIn(join(root, path))));
  return Math.max(...newest) > Math.min(...built);
}

/** @param {string} path @returns {Promise<number>} 0 for what is not there */
const modified = (path) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

/** @param {string} path @returns {Promise<number>} */
async function newestIn(path) {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return modified(path);
  const times = entries.map((entry) => {
    if (notSources.has(entry.name) || entry.name.endsWith('.test.ts')) return 0;
    const child = join(path, entry.name);
    return entry.isDirectory() ? newestIn(child) : modified(child);
  });
  return Math.max(0, ...(await Promise.all(times)));
}
