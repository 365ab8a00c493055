import { destinationsLatency, liveDestinations } from './destinations-latency.js';
import {
  costTable,
  cpuRatio,
  furtherCpuRatio,
  markdownTable,
  median,
  rounded,
} from './cost-table.js';
import { startMeasured, type Cost } from './measured-process.js';
import { usualFlv } from './media.js';
import { alternate, type BenchResult } from './runs.js';
import { buildTallylight, startServer } from './servers.js';

const many = 10;
/** Of the same file, at its own speed. */
const [long, short] = [30, 6];

/**
 * One broadcast to many servers: what ten cost beside one, and whether three that are dead make the seven others late.
 * Nothing is encoded: the file goes out as it is.
 */
export async function destinationsBench(runs: number): Promise<BenchResult> {
  const flv = await usualFlv(long);
  const program = await buildTallylight();
  const broadcast = (destinations: number, seconds: number) => async (): Promise<Cost> => {
    const server = await startServer('nginx-rtmp');
    const urls = Array.from({ length: destinations }, (_, index) => [
      ...['--to', `rtmp://127.0.0.1:${server.port}/live/${index}`],
    ]);
    try {
      const publisher = startMeasured(process.execPath, [
        ...[program, 'publish', '--source', `file:${flv}`, '--copy', '--duration', `${seconds}`],
        ...urls.flat(),
      ]);
      return await publisher.ended;
    } finally {
      await server.stop();
    }
  };
  const [ten, one, tenShort, oneShort] = await alternate(runs, [
    { name: `${many} destinations, ${long} s`, run: broadcast(many, long) },
    { name: `1 destination, ${long} s`, run: broadcast(1, long) },
    { name: `${many} destinations, ${short} s`, run: broadcast(many, short) },
    { name: `1 destination, ${short} s`, run: broadcast(1, short) },
  ] as const);
  const latencies = { all: [], dead: [] } as Record<'all' | 'dead', LatencyFigures[]>;
  for (let run = 0; run < runs; run += 1) {
    for (const which of ['all', 'dead'] as const) {
      const found = await destinationsLatency(program, which === 'dead');
      latencies[which].push(found);
      process.stderr.write(`${run + 1}/${runs} ${which}: ${JSON.stringify(found)}\n`);
    }
  }
  const figure = (which: 'all' | 'dead', pick: (of: LatencyFigures) => number): number =>
    rounded(median(latencies[which].map(pick)), 2);
  const row = (name: string, which: 'all' | 'dead'): string[] => [
    name,
    `${figure(which, ({ p50 }) => p50)}`,
    `${figure(which, ({ p99 }) => p99)}`,
    `${Math.max(...latencies[which].map(({ missing }) => missing))}`,
  ];
  const costs = costTable([ten, one, tenShort, oneShort]);
  const delays = markdownTable(
    ['from a frame in to the same frame at a server, ms', 'median', 'p99', 'most frames missing'],
    [row(`${liveDestinations} destinations`, 'all'), row('the same, and three dead ones', 'dead')],
  );
  return {
    title: `One file of 2.5 Mbit/s to ${many} servers and to one, as it is`,
    table: `${costs}\n\n${delays}`,
    json: {
      bench: 'destinations',
      cpuRatio: cpuRatio(ten, one),
      furtherCpuRatio: furtherCpuRatio(
        { large: ten, small: tenShort },
        { large: one, small: oneShort },
      ),
      p99Ms: figure('all', ({ p99 }) => p99),
      p99MsWithDead: figure('dead', ({ p99 }) => p99),
      p99AddedMs: rounded(figure('dead', ({ p99 }) => p99) - figure('all', ({ p99 }) => p99), 2),
      framesMissing: Math.max(
        ...[...latencies.all, ...latencies.dead].map(({ missing }) => missing),
      ),
    },
  };
}

type LatencyFigures = Awaited<ReturnType<typeof destinationsLatency>>;
