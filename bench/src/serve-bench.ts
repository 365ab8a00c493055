import { glassLatency } from './glass-latency.js';
import { relayLatency } from './relay-latency.js';
import type { BenchResult } from './runs.js';
import { serveFanout } from './serve-fanout.js';

/** What `tallylight serve` costs and how late it is, beside node-media-server and nginx-rtmp. */
export async function serveBench(runs: number): Promise<BenchResult> {
  const [relay, glass] = [await relayLatency(runs), await glassLatency()];
  const fanout = await serveFanout(runs);
  return {
    title: 'tallylight serve',
    table: [relay, glass, fanout].map(({ title, table }) => `${title}:\n\n${table}`).join('\n\n'),
    json: { bench: 'serve', relay: relay.json, glass: glass.json, fanout: fanout.json },
  };
}
