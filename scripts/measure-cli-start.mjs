// What it costs to start the command line, in seconds of processor time (user and system): `--version` and `--help` from
// start to exit, and `publish` until its first attempt to connect arrives, beside a Node that does nothing, in turns in
// one run. docs/measurements/cli-start.md holds the figures.
//
//   node scripts/measure-cli-start.mjs [--runs 10] [--bin cli/bin/tallylight.js]
//
// Linux with bash only. What a command starts itself, such as ffmpeg, is not counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    bin: { type: 'string', default: 'cli/bin/tallylight.js' },
  },
});
const bin = resolve(values.bin);

/** A command that takes this long is broken. */
const deadlineMs = 60_000;

const folder = await mkdtemp(join(tmpdir(), 'tallylight-start-'));
const env = { ...process.env, TALLYLIGHT_DATA_DIR: folder, TALLYLIGHT_SECRETS: 'key-file' };

/** Of a Node process from its start to its exit, as the system accounts for it. */
async function untilExit(/** @type {string[]} */ ...args) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1';
  const child = spawn('bash', ['-c', script, '-', process.execPath, ...args], {
    env: { ...env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: deadlineMs,
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ more) => (text += more));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${text}`);
  const [user, system] = text.trim().split(' ').map(Number);
  return (user ?? NaN) + (system ?? NaN);
}

/** Of `publish` until its connection arrives at a server that only listens. */
async function untilDial() {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const to = `rtmp://127.0.0.1:${port}/app/key`;
  const child = spawn(process.execPath, [bin, 'publish', '--source', 'test', '--to', to], {
    env,
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  try {
    await once(server, 'connection', { signal: AbortSignal.timeout(deadlineMs) });
    return await timeSoFar(child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
    await exit;
    server.close();
  }
}

/** Of all threads of a process that runs. /proc/PID/stat would tell the same in steps of 10 ms. */
async function timeSoFar(/** @type {number} */ pid) {
  const threads = await readdir(`/proc/${pid}/task`);
  const nanoseconds = await Promise.all(
    threads.map(async (thread) =>
      Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')).split(' ')[0]),
    ),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
}

const median = (/** @type {number[]} */ numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
};

const subjects = [
  { name: 'node -e 0', measure: () => untilExit('-e', '0') },
  { name: '--version', measure: () => untilExit(bin, '--version') },
  { name: '--help', measure: () => untilExit(bin, '--help') },
  { name: 'publish, to its first dial', measure: untilDial },
];

try {
  const times = subjects.map(() => /** @type {number[]} */ ([]));
  for (let run = 0; run < Number(values.runs); run += 1) {
    for (const [index, { measure }] of subjects.entries()) times[index]?.push(await measure());
  }
  const bare = median(times[0] ?? []);
  console.log('| what | processor time, median | least | beside bare Node |');
  console.log('| --- | ---: | ---: | ---: |');
  for (const [index, { name }] of subjects.entries()) {
    const own = times[index] ?? [];
    const seconds = median(own);
    const figures = [`${seconds.toFixed(3)} s`, `${Math.min(...own).toFixed(3)} s`];
    console.log(`| ${name} | ${figures.join(' | ')} | ${(seconds / bare).toFixed(1)} × |`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
