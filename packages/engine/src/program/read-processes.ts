import pidtree from 'pidtree';
import pidusage from 'pidusage';

/** What one process has cost so far. */
export interface ProcessCost {
  readonly pid: number;
  /** Time that it has spent on a core since it began, in milliseconds. */
  readonly cpuMs: number;
  /** How old it is, in milliseconds. */
  readonly ageMs: number;
  /** Resident. */
  readonly memoryBytes: number;
}

export interface ProcessReading {
  /** When it was read, by `performance.now()`. */
  readonly at: number;
  readonly processes: readonly ProcessCost[];
}

/**
 * This process, every one that descends from it, and those of `others`, each once.
 *
 * @throws Error where the system does not tell.
 */
export async function readProcesses(others: readonly number[]): Promise<ProcessReading> {
  const descendants = hasChildren() ? await pidtree(process.pid, { root: true }) : [process.pid];
  const at = performance.now();
  // One that has ended by now, such as what listed them, is there without figures.
  const costs: Readonly<Record<string, pidusage.Status | null>> = await pidusage([
    ...new Set([...descendants, ...others]),
  ]);
  const processes = Object.values(costs)
    .filter((cost) => cost !== null)
    .map(({ pid, ctime: cpuMs, elapsed: ageMs, memory }) => ({
      ...{ pid, cpuMs, ageMs, memoryBytes: memory },
    }));
  return { at, processes };
}

/**
 * Whether this process has children that it waits for. To list them a program is started that costs more than all that is
 * measured. Those that are let go of, such as an opened folder, go on without us.
 */
const hasChildren = (): boolean => process.getActiveResourcesInfo().includes('ProcessWrap');
