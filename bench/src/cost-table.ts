import type { Cost } from './measured-process.js';

/** The costs of one contestant, run by run. */
export interface Costs {
  readonly name: string;
  readonly costs: readonly Cost[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

const medianCpu = ({ costs }: Costs): number => median(costs.map(({ cpu }) => cpu));

/** The first's CPU time as a multiple of the second's. */
export const cpuRatio = (first: Costs, second: Costs): number =>
  rounded(medianCpu(first) / medianCpu(second));

/** The same contestant with a large file and a small one. */
export interface TwoSizes {
  readonly large: Costs;
  readonly small: Costs;
}

/** As `cpuRatio`, of what the further bytes of the large file cost: without start, compiling and whatever else is paid once. */
export const furtherCpuRatio = (first: TwoSizes, second: TwoSizes): number =>
  rounded(furtherCpu(first) / furtherCpu(second));

const furtherCpu = ({ large, small }: TwoSizes): number => medianCpu(large) - medianCpu(small);

export const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

export function costTable(contestants: readonly Costs[], unit?: UnitColumn): string {
  const rows = contestants.map((contestant) => {
    const of = (pick: (cost: Cost) => number): number => median(contestant.costs.map(pick));
    return [
      contestant.name,
      of((cost) => cost.cpu).toFixed(3),
      of((cost) => cost.user).toFixed(3),
      of((cost) => cost.system).toFixed(3),
      of((cost) => cost.wall).toFixed(2),
      (of((cost) => cost.peakMemory) / 2 ** 20).toFixed(0),
      ...(unit ? [unit.value(contestant)] : []),
    ];
  });
  const heads = ['', 'CPU s', 'user s', 'system s', 'wall s', 'peak MiB'];
  return markdownTable([...heads, ...(unit ? [unit.head] : [])], rows);
}

/** A further column of a table of costs. */
export interface UnitColumn {
  readonly head: string;
  readonly value: (contestant: Costs) => string;
}

export function markdownTable(heads: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(heads), line(rule), ...rows.map(line)].join('\n');
}
