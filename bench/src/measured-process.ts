import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** What a whole process cost, from its start to its end. */
export interface Cost {
  /** User and system time of all its threads, seconds. */
  readonly cpu: number;
  readonly user: number;
  readonly system: number;
  /** Seconds from start to end. */
  readonly wall: number;
  /** The most memory that was resident, bytes. */
  readonly peakMemory: number;
}

export interface MeasuredProcess {
  /** What it has written to its standard output so far. */
  output(): string;
  /** Asks it to end (SIGTERM), and waits until it has. */
  stop(): Promise<Cost>;
  /** Its cost, once it has ended by itself. Rejects when it failed. */
  readonly ended: Promise<Cost>;
}

/**
 * Node does not tell what a child of its cost. The shell does, to the millisecond: it tells the child's id, waits for
 * it, and reports the times of its own and, in the second line, of its children.
 */
const timing = '"$@" & echo $! >&3; wait $!; status=$?; times >&3; exit $status';

const pollMs = 20;

/** Whatever way this process ends, it leaves none of its children behind. */
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) process.kill(pid, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Runs a command and measures the whole of it. Linux only. */
export function startMeasured(
  command: string,
  args: readonly string[],
  cwd?: string,
): MeasuredProcess {
  const started = performance.now();
  const shell = spawn('bash', ['-c', timing, 'bash', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    cwd,
  });
  const { stdout, stderr } = shell;
  const report = shell.stdio[3];
  let output = '';
  let complaints = '';
  stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
  stderr?.on(
    'data',
    (bytes: Buffer) => (complaints = (complaints + bytes.toString()).slice(-2000)),
  );

  const lines: string[] = [];
  let peakMemory = 0;
  let poll: NodeJS.Timeout | undefined;
  let stopped = false;
  let learnPid: (pid: number) => void;
  const pid = new Promise<number>((resolve) => (learnPid = resolve));
  createInterface({ input: report as NodeJS.ReadableStream }).on('line', (line) => {
    lines.push(line);
    if (lines.length > 1) return;
    const child = Number(line);
    learnPid(child);
    running.add(child);
    poll = setInterval(() => {
      void peakOf(child).then((bytes) => (peakMemory = Math.max(peakMemory, bytes)));
    }, pollMs);
  });

  const ended = new Promise<Cost>((resolve, reject) => {
    shell.on('error', reject);
    shell.on('close', (code) => {
      clearInterval(poll);
      running.delete(Number(lines[0]));
      if (code !== 0 && !stopped) {
        reject(new Error(`${command} ended with ${String(code)}: ${complaints}`));
        return;
      }
      const [user = NaN, system = NaN] = (lines[2] ?? '').split(' ').map(seconds);
      const wall = (performance.now() - started) / 1000;
      resolve({ cpu: user + system, user, system, wall, peakMemory });
    });
  });
  ended.catch(() => undefined);
  return {
    output: () => output,
    ended,
    stop: async () => {
      stopped = true;
      process.kill(await pid, 'SIGTERM');
      return ended;
    },
  };
}

/** "0m1.234s" */
function seconds(text: string): number {
  const [minutes = '', rest = ''] = text.split('m');
  return Number(minutes) * 60 + Number.parseFloat(rest);
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
  return Number(kilobytes) * 1024;
}
