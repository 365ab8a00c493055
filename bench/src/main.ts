import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleContestants } from './bundle-contestants.js';
import { destinationsBench } from './destinations-bench.js';
import { fanoutBench } from './fanout-bench.js';
import { ingestBench } from './ingest-bench.js';
import { parseBench } from './parse-bench.js';
import { publishBench } from './publish-bench.js';
import type { BenchResult } from './runs.js';
import { serveBench } from './serve-bench.js';

const benches: Readonly<Record<string, (runs: number) => Promise<BenchResult>>> = {
  publish: publishBench,
  ingest: ingestBench,
  fanout: fanoutBench,
  parse: parseBench,
  serve: serveBench,
  destinations: destinationsBench,
};
const usage = `usage: npm run bench -- ${Object.keys(benches).join('|')} [--runs 5] [--json]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } },
});
const [name = ''] = positionals;
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
const runs = Number(values.runs);
if (bench === undefined || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  // Certificates that Node reads at its start would be counted against every contestant written for it.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  const load = loadavg()[0] ?? NaN;
  const bundles = await bundleContestants();
  process.env['BENCH_BUNDLES'] = bundles;
  const { title, table, json } = await bench(runs).finally(() =>
    rm(bundles, { recursive: true, force: true }),
  );
  process.stdout.write(
    `${title}, medians of ${runs}, load ${load.toFixed(1)} before\n\n${table}\n`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify({ ...json, runs, load })}\n`);
}
