import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { run } from './steps.mjs';

/** @typedef {{ name: string, present: () => boolean, packages: string[], install: string, skips: string }} Part */

const answers = (/** @type {string} */ command, /** @type {string[]} */ args) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The programs of other people that the tests are judged by. @type {Part[]} */
const parts = [
  {
    name: 'ffmpeg with ffprobe',
    present: () => answers('ffmpeg', ['-version']) && answers('ffprobe', ['-version']),
    packages: ['ffmpeg'],
    install: 'Debian: apt-get install ffmpeg',
    skips: 'every integration and end-to-end test',
  },
  {
    name: 'nginx with the RTMP module',
    present: () =>
      answers('nginx', ['-v']) && existsSync('/usr/lib/nginx/modules/ngx_rtmp_module.so'),
    packages: ['nginx-light', 'libnginx-mod-rtmp'],
    install: 'Debian: apt-get install nginx-light libnginx-mod-rtmp',
    skips: 'everything that publishes into nginx-rtmp',
  },
  {
    name: 'Chromium',
    present: () => existsSync('/usr/bin/chromium'),
    packages: ['chromium'],
    install: 'Debian: apt-get install chromium',
    skips: 'every end-to-end test, and the integration tests of a browser',
  },
  {
    name: 'openssl',
    present: () => answers('openssl', ['version']),
    packages: ['openssl'],
    install: 'Debian: apt-get install openssl',
    skips: 'RTMPS',
  },
];

/**
 * Installs what is missing where that is possible (Debian or Ubuntu, as root).
 *
 * @returns {Promise<Part[]>} what is still missing
 */
export async function ensureParts() {
  const missing = parts.filter((part) => !part.present());
  const canInstall = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  if (missing.length === 0 || !canInstall) return missing;
  const packages = missing.flatMap((part) => part.packages);
  console.log(`test: installing ${packages.join(' ')}`);
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
  return parts.filter((part) => !part.present());
}
