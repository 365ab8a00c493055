import { markdownTable, median, rounded } from './cost-table.js';
import { startMeasured } from './measured-process.js';
import { flvOf } from './media.js';
import type { BenchResult } from './runs.js';
import { contestant } from './servers.js';

const tasks = ['read chunks', 'write chunks', 'demux FLV', 'mux FLV'] as const;
const libraries = ['node-rtmp-client', 'node-media-server'] as const;

interface Speed {
  /** For each second of CPU time. */
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Parsing and serializing in memory, against node-media-server's own parsers and serializers. */
export async function parseBench(runs: number): Promise<BenchResult> {
  const flv = await flvOf(23);
  const rows: string[][] = [];
  const ratios: Record<string, number> = {};
  for (const task of tasks) {
    const speeds = libraries.map((library) => ({ library, measured: [] as Speed[] }));
    for (let run = 0; run < runs; run++) {
      for (const { library, measured } of speeds) {
        measured.push(await measure(flv, task, library));
      }
    }
    const medians = speeds.map(({ library, measured }) => {
      const messages = median(measured.map((speed) => speed.messagesPerSecond));
      const bytes = median(measured.map((speed) => speed.bytesPerSecond));
      rows.push([task, library, messages.toFixed(0), (bytes / 1e6).toFixed(0)]);
      return messages;
    });
    ratios[task] = rounded((medians[0] ?? NaN) / (medians[1] ?? NaN), 2);
  }
  return {
    title: 'In memory, in pieces of 64 KiB, for each second of CPU time',
    table: markdownTable(['', '', 'messages/s', 'MB/s'], rows),
    json: { bench: 'parse', speedRatioToNodeMediaServer: ratios },
  };
}

async function measure(flv: string, task: string, library: string): Promise<Speed> {
  const child = startMeasured(process.execPath, [
    ...[contestant('parse-in-memory'), flv, task, library],
  ]);
  await child.ended;
  process.stderr.write(`${task}, ${library}: ${child.output()}\n`);
  return JSON.parse(child.output()) as Speed;
}
