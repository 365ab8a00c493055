import type { ProgramLoad } from '@tallylight/contract';
import { within } from 'node-rtmp-client/async';
import type { ProcessReading } from './read-processes.js';

/** To ask Windows a program is started that costs more than all that is measured. */
const usualEveryMs = process.platform === 'win32' ? 10_000 : 2_000;

export interface ProgramLoadWatchOptions {
  /** The processes of the program, and what they have cost so far. */
  readonly read: () => Promise<ProcessReading>;
  /** Milliseconds between two readings. What is not there when the next one is due comes too late. */
  readonly everyMs?: number;
}

/**
 * What the program costs the machine, measured while somebody needs it. Where the system does not tell, or not in time,
 * there is no figure, and that is no error.
 */
export class ProgramLoadWatch {
  readonly #o: Required<ProgramLoadWatchOptions>;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;
  #before: ProcessReading | undefined;
  #load: ProgramLoad | undefined;
  #isReading = false;

  constructor(options: ProgramLoadWatchOptions) {
    this.#o = { everyMs: usualEveryMs, ...options };
  }

  /** As of the last reading; undefined before there were two, and where the last one failed. */
  get load(): ProgramLoad | undefined {
    return this.#load;
  }

  /** Measures from now on, until the function that it returns has been called by everybody who began. */
  begin(): () => void {
    this.#users += 1;
    if (this.#users === 1) {
      this.#timer = setInterval(() => void this.#measure(), this.#o.everyMs);
      this.#timer.unref();
      void this.#measure();
    }
    let isNeeded = true;
    return () => {
      if (isNeeded) this.#users -= 1;
      isNeeded = false;
      if (this.#users === 0) this.#rest();
    };
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#before = undefined;
    this.#load = undefined;
  }

  async #measure(): Promise<void> {
    // One that hangs is not joined by others.
    if (this.#isReading) return;
    this.#isReading = true;
    const reading = this.#o
      .read()
      .catch(() => undefined)
      .finally(() => (this.#isReading = false));
    const answer = await within(reading, this.#o.everyMs);
    if (this.#users === 0) return;
    const after = answer === 'late' ? undefined : answer;
    this.#load = after && this.#before && loadBetween(this.#before, after);
    this.#before = after;
  }
}

/** What the processes have cost from one reading to the other; undefined where no time went by. */
export function loadBetween(
  before: ProcessReading,
  after: ProcessReading,
): ProgramLoad | undefined {
  const elapsedMs = after.at - before.at;
  if (elapsedMs <= 0) return undefined;
  const costs = new Map(before.processes.map(({ pid, cpuMs }) => [pid, cpuMs]));
  let cpuMs = 0;
  for (const now of after.processes) {
    // Of one that nobody knew but that is older, it is not known what of its time is new.
    const since = costs.get(now.pid) ?? (now.ageMs <= elapsedMs ? 0 : now.cpuMs);
    cpuMs += Math.max(0, now.cpuMs - since);
  }
  return {
    cpu: cpuMs / elapsedMs,
    memoryBytes: after.processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}
