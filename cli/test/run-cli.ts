import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  parseLines,
  withDataFolder,
  type CliResult,
  type JsonLine,
  type Summary,
} from './cli-result.js';

export type { CliResult, JsonLine, Summary } from './cli-result.js';
export { runCli } from './run-in-process.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const command = join(root, 'cli', 'bin', 'tallylight.js');

let built: Promise<unknown> | undefined;

/** Bundles the command line as a user runs it; next to nothing when it is bundled already from the same sources. */
export function buildCli(): Promise<unknown> {
  built ??= promisify(execFile)(process.execPath, [join(root, 'scripts', 'build-cli.mjs')]);
  return built;
}

const running = new Set<ChildProcess>();

/** For `afterEach`: what a failed test could no longer stop. */
export function killLeftovers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Accepts the first statistics line by which a server has taken frames. */
export function sendsFrames({ type, destinations }: JsonLine): boolean {
  if (type !== 'stats' || !Array.isArray(destinations)) return false;
  return (destinations as { framesSent: number }[]).some(({ framesSent }) => framesSent > 0);
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has written so far. */
  readonly output: () => { stdout: string; stderr: string };
  /** Resolves to the first JSON line that `accept` takes; fails when the command ends without it. */
  line(accept: (line: JsonLine) => boolean): Promise<JsonLine>;
  readonly done: Promise<CliResult>;
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** Whether more will be written to its stdin. */
  readonly keepsStdin?: boolean;
  /** The descriptor that it writes to, in place of a pipe that is read. */
  readonly stdout?: number;
  /** The account that it runs as; only the superuser may choose another. */
  readonly uid?: number;
  /** Killed after this long, so that a test that fails leaves nothing behind. */
  readonly killAfterMs?: number;
}

/** Starts `tallylight` with a data folder of its own, which goes with it, unless `env` names one. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const startedAt = Date.now();
  const { env, removeFolder } = withDataFolder(options.env);
  const child = spawn(process.execPath, [command, ...args], {
    env,
    stdio: ['pipe', options.stdout ?? 'pipe', 'pipe'],
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  });
  running.add(child);
  let [stdout, stderr] = ['', ''];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const wake of waiting) wake();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    changed();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  if (options.keepsStdin !== true) child.stdin?.end(options.stdin ?? '');
  const force = setTimeout(() => child.kill('SIGKILL'), options.killAfterMs ?? 150_000);

  // Whatever is not JSON on a stdout that was promised to be is an error here. Each line is read once: a command with
  // many destinations writes megabytes, and the servers that it talks to often live in this process.
  const read: JsonLine[] = [];
  let readTo = 0;
  const lines = (): readonly JsonLine[] => {
    const end = stdout.lastIndexOf('\n') + 1;
    if (!args.includes('--json') || end <= readTo) return read;
    read.push(...parseLines(stdout.slice(readTo, end)));
    readTo = end;
    return read;
  };
  let ended = false;
  const done = new Promise<CliResult>((resolve) => {
    child.once('close', (code) => {
      clearTimeout(force);
      running.delete(child);
      removeFolder();
      ended = true;
      const all = lines();
      resolve({
        ...{ code, stdout, stderr, lines: all, elapsedMs: Date.now() - startedAt },
        summary: all.at(-1) as unknown as Summary,
      });
      changed();
    });
  });
  const line = (accept: (line: JsonLine) => boolean): Promise<JsonLine> =>
    new Promise((resolve, reject) => {
      let lookedAt = 0;
      const look = (): void => {
        const all = lines();
        const found = all.slice(lookedAt).find(accept);
        lookedAt = all.length;
        if (!found && !ended) return;
        waiting.delete(look);
        if (found) resolve(found);
        else
          reject(
            new Error(`the command ended without that line:\n${tail(stdout)}\n${tail(stderr)}`),
          );
      };
      waiting.add(look);
      look();
    });
  return { child, pid: child.pid ?? 0, output: () => ({ stdout, stderr }), line, done };
}

/** The same in a process of its own as `runCli` is in this one. */
export const runProcess = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  startCli(args, options).done;

/** A command with many destinations writes megabytes. */
const tail = (text: string): string => text.slice(-4_000);
