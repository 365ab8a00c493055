/* global fetch */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Whether the host that has the binary answers at all shows within this time. */
const reachableMs = 8000;
/** About 110 MB, once. */
const downloadMs = 300_000;

const mirrors = [
  'ELECTRON_MIRROR',
  'npm_config_electron_mirror',
  'npm_package_config_electron_mirror',
];
const proxies = [
  'ELECTRON_GET_USE_PROXY',
  'HTTPS_PROXY',
  'https_proxy',
  'GLOBAL_AGENT_HTTPS_PROXY',
];

/**
 * The path of an Electron that can be started here, fetched first if need be, or why there is none, as `studio --without-electron` takes it.
 *
 * @returns {Promise<{ path?: string, reason?: string }>}
 */
export async function electronOrReason() {
  const env = process.env;
  if (env.TALLYLIGHT_SHELL === 'browser') return { reason: 'asked' };
  if (process.platform === 'linux') {
    if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return { reason: 'no-display' };
    if (process.getuid?.() === 0) return { reason: 'root' };
  }
  const module = electronModule();
  if (!module) return { reason: 'not-installed' };
  const path = binaryIn(module.folder);
  if (path) return { path };
  if (!(await isReachable(module.version))) {
    return { reason: 'unreachable' };
  }
  console.error('Fetching Electron, once (about 110 MB) …');
  await install(module.folder);
  const fetched = binaryIn(module.folder);
  return fetched ? { path: fetched } : { reason: 'not-fetched' };
}

function electronModule() {
  try {
    const manifest = createRequire(import.meta.url).resolve('electron/package.json');
    return {
      folder: dirname(manifest),
      version: JSON.parse(readFileSync(manifest, 'utf8')).version,
    };
  } catch {
    return undefined;
  }
}

/** Where electron/index.js would find it; that file itself would fetch it, without an end. */
function binaryIn(/** @type {string} */ folder) {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const name = readFileSync(pathFile, 'utf8');
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
  return existsSync(path) ? path : undefined;
}

/** Tells a machine without a way to the download from a slow one. */
async function isReachable(/** @type {string} */ version) {
  // Where a mirror or a proxy is set, only the downloader knows the way.
  if ([...mirrors, ...proxies].some((name) => process.env[name])) return true;
  const release = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`;
  try {
    const signal = AbortSignal.timeout(reachableMs);
    return (await fetch(release, { method: 'HEAD', signal })).ok;
  } catch {
    return false;
  }
}

function install(/** @type {string} */ folder) {
  const child = spawn(process.execPath, [join(folder, 'install.js')], {
    stdio: 'ignore',
    timeout: downloadMs,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
}
