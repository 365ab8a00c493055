import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { run } from './steps.mjs';

/** @typedef {{ name: string, present: () => boolean, packages: string[], install: string, skips: string }} Part */

const answers = (/** @type {string} */ command, /** @type {string[]} */ args) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** @type {Part} */
const ffmpeg = {
  name: 'ffmpeg with ffprobe',
  present: () => answers('ffmpeg', ['-version']) && answers('ffprobe', ['-version']),
  packages: ['ffmpeg'],
  install: 'Debian: apt-get install ffmpeg',
  skips: 'every integration and end-to-end test',
};

/** @type {Part} */
const nginx = {
  name: 'nginx with the RTMP module',
  present: () =>
    answers('nginx', ['-v']) && existsSync('/usr/lib/nginx/modules/ngx_rtmp_module.so'),
  packages: ['nginx-light', 'libnginx-mod-rtmp'],
  install: 'Debian: apt-get install nginx-light libnginx-mod-rtmp',
  skips: 'everything that publishes into nginx-rtmp',
};

/** @type {Part} */
const openssl = {
  name: 'openssl',
  present: () => answers('openssl', ['version']),
  packages: ['openssl'],
  install: 'Debian: apt-get install openssl',
  skips: 'RTMPS',
};

/** The programs of other people that the tests are judged by. @type {Part[]} */
export const testParts = [
  ffmpeg,
  nginx,
  {
    name: 'Chromium',
    present: () => existsSync('/usr/bin/chromium'),
    packages: ['chromium'],
    install: 'Debian: apt-get install chromium',
    skips: 'every end-to-end test, and the integration tests of a browser',
  },
  openssl,
];

const gstreamer = [
  ...['tools', 'plugins-base', 'plugins-good', 'plugins-bad', 'plugins-ugly', 'libav'],
].map((name) => `gstreamer1.0-${name}`);

/** Those whose RTMP ours is tried against. @type {Part[]} */
export const interopParts = [
  { ...ffmpeg, skips: 'everything: nothing else judges' },
  nginx,
  openssl,
  {
    name: 'GStreamer',
    present: () =>
      ['rtmp2sink', 'rtmpsink', 'flvmux', 'h264parse', 'x264enc'].every((element) =>
        answers('gst-inspect-1.0', ['--exists', element]),
      ),
    packages: gstreamer,
    install: `Debian: apt-get install ${gstreamer.join(' ')}`,
    skips: 'rtmp2sink, rtmp2src, and publishing with librtmp',
  },
  {
    name: 'rtmpdump',
    present: () => existsSync('/usr/bin/rtmpdump'),
    packages: ['rtmpdump'],
    install: 'Debian: apt-get install rtmpdump',
    skips: 'playing with librtmp',
  },
  {
    name: 'OBS Studio',
    present: () => existsSync('/usr/bin/obs') && existsSync('/usr/bin/Xvfb'),
    packages: ['obs-studio', 'xvfb'],
    install: 'Debian: apt-get install obs-studio xvfb',
    skips: 'publishing with OBS Studio',
  },
];

/**
 * Installs what is missing where that is possible (Debian or Ubuntu, as root).
 *
 * @param {Part[]} parts
 * @returns {Promise<Part[]>} what is still missing
 */
async function installMissing(parts) {
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

/**
 * Installs what is missing where that is possible, and says what is still missing and what is skipped for it. With
 * `CI=true` that is a failure, and ends the process.
 *
 * @param {Part[]} parts
 * @returns {Promise<Part[]>} what is still missing
 */
export async function ensureParts(parts) {
  const missing = await installMissing(parts);
  for (const part of missing) {
    console.error(`test: ${part.name} is missing (${part.install}); skipped: ${part.skips}`);
  }
  if (missing.length > 0 && process.env.CI === 'true') {
    console.error('test: with CI=true a missing part is a failure');
    process.exit(1);
  }
  return missing;
}
