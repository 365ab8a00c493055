import { readdir, readFile } from 'node:fs/promises';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** The argument list, separated by spaces. */
  readonly commandLine: string;
}

/** Every process of this machine, as /proc tells (Linux). */
export async function runningProcesses(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const [commandLine, stat] = await Promise.all([
          readFile(`/proc/${pid}/cmdline`, 'utf8'),
          readFile(`/proc/${pid}/stat`, 'utf8'),
        ]);
        // The command's name, in brackets, may itself hold spaces and brackets.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return {
          pid: Number(pid),
          parent,
          commandLine: commandLine.split('\0').join(' ').trim(),
        };
      } catch {
        return undefined; // It ended while we looked.
      }
    }),
  );
  return found.filter((process) => process !== undefined);
}

/** The argument lists of every process of this machine. */
export async function commandLines(): Promise<string[]> {
  return (await runningProcesses()).map((process) => process.commandLine);
}

/** The processes below `pid`, children of children included. */
export async function descendants(pid: number): Promise<RunningProcess[]> {
  const all = await runningProcesses();
  const below = (parent: number): RunningProcess[] =>
    all
      .filter((process) => process.parent === parent)
      .flatMap((process) => [process, ...below(process.pid)]);
  return below(pid);
}

/** True while a process with this id runs (a zombie does not). */
export async function isRunning(pid: number): Promise<boolean> {
  return (await runningProcesses()).some(
    (process) => process.pid === pid && process.commandLine !== '',
  );
}
