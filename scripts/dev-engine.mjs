/* global fetch */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clearTimeout, setTimeout } from 'node:timers';
import { run } from './steps.mjs';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {{ pid: number, port: number, cookie: string }} EngineAddress where a window finds the engine */

const startDeadlineMs = 30_000;
const stopDeadlineMs = 10_000;

/** Runs first in the engine's process: when we are gone, whatever the reason, it ends in order. */
const endWithOwner = `data:text/javascript,
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel.unref();`;

/** The browser shell's process, bundled anew from the sources before each start. */
export class DevEngine {
  #root;
  #args;
  /** @type {ChildProcess | undefined} */
  #child;
  /** @type {EngineAddress | undefined} */
  #address;
  #digest = '';

  /**
   * @param {string} root
   * @param {string[]} args more arguments of `tallylight studio`
   */
  constructor(root, args) {
    this.#root = root;
    this.#args = args;
  }

  /** Where it listens; `undefined` while it does not run. */
  get address() {
    return this.#address;
  }

  /**
   * Bundles, and starts again if that changed anything.
   *
   * @returns {Promise<'started' | 'same' | 'broken'>} `broken`: it does not compile or start, and what ran before goes on
   *   if it did not compile; the reason is on stderr.
   */
  async update() {
    if ((await run(process.execPath, [join(this.#root, 'scripts/build-cli.mjs')])) !== 0) {
      return 'broken';
    }
    const inputs = await readFile(join(this.#root, 'cli/dist/inputs.json'), 'utf8');
    const { digest } = JSON.parse(inputs);
    if (digest === this.#digest && this.#address) return 'same';
    this.#digest = digest;
    await this.stop();
    return (await this.#start()) ? 'started' : 'broken';
  }

  async #start() {
    const child = spawn(
      process.execPath,
      [
        ...['--import', endWithOwner, join(this.#root, 'cli/bin/tallylight.js')],
        ...['studio', '--no-open', '--json', '--window', join(this.#root, 'renderer')],
        ...this.#args,
      ],
      // In a group of its own: a Ctrl+C is for us, and we stop it.
      { cwd: this.#root, stdio: ['ignore', 'pipe', 'inherit', 'ipc'], detached: true },
    );
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#address = undefined;
    });
    const url = await readyUrl(child);
    if (!url) {
      await this.stop();
      return false;
    }
    const { headers } = await fetch(url, { redirect: 'manual' });
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
    this.#address = { pid: child.pid ?? 0, port: Number(new URL(url).port), cookie };
    return true;
  }

  async stop() {
    const child = this.#child;
    this.#child = undefined;
    this.#address = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    await exit;
    clearTimeout(force);
  }
}

/** @param {ChildProcess} child @returns {Promise<string | undefined>} the link; `undefined` where it ended instead */
async function readyUrl(child) {
  if (!child.stdout) return undefined;
  const lines = createInterface({ input: child.stdout });
  const deadline = setTimeout(() => child.kill('SIGKILL'), startDeadlineMs);
  try {
    // The lines end with the process.
    for await (const line of lines) {
      const { type, url } = JSON.parse(line);
      if (type === 'ready') return url;
    }
    return undefined;
  } finally {
    clearTimeout(deadline);
    child.stdout.resume();
  }
}
