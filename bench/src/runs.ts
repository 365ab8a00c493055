import type { Costs } from './cost-table.js';
import type { Cost } from './measured-process.js';

/** What a bench found, for people and for programs. */
export interface BenchResult {
  readonly title: string;
  /** Markdown. */
  readonly table: string;
  readonly json: Readonly<Record<string, unknown>>;
}

interface Contestant {
  readonly name: string;
  readonly run: () => Promise<Cost>;
}

/** Runs each contestant in turn, again and again, so that a busy spell of the machine meets all of them. */
export async function alternate<T extends readonly Contestant[]>(
  runs: number,
  contestants: T,
): Promise<{ readonly [K in keyof T]: Costs }> {
  const costs = contestants.map((): Cost[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, contestant] of contestants.entries()) {
      const cost = await contestant.run();
      costs[i]?.push(cost);
      process.stderr.write(
        `${run + 1}/${runs} ${contestant.name}: ${cost.cpu.toFixed(3)} s CPU, ${cost.wall.toFixed(2)} s\n`,
      );
    }
  }
  return contestants.map(({ name }, i) => ({ name, costs: costs[i] ?? [] })) as unknown as {
    readonly [K in keyof T]: Costs;
  };
}
