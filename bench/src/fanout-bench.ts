import { costTable, cpuRatio, median, rounded, type Costs } from './cost-table.js';
import { startMeasured, type Cost } from './measured-process.js';
import { flvOf } from './media.js';
import { alternate, type BenchResult } from './runs.js';
import { contestant, serverNames, startServer, type ServerName } from './servers.js';

const players = 50;
/** So many times as fast as it is played: what a server sends is 50 × 3 × 6 Mbit/s. */
const speed = 3;
const mediaSeconds = 30;

/** One publisher, many players: this server, node-media-server, nginx-rtmp. */
export async function fanoutBench(runs: number): Promise<BenchResult> {
  const flv = await flvOf(23);
  const delivered = new Map<string, number[]>(serverNames.map((name) => [name, []]));
  const fanOut = (name: ServerName) => async (): Promise<Cost> => {
    const server = await startServer(name);
    const url = `rtmp://127.0.0.1:${server.port}/live/fanout`;
    const input = ['-v', 'error', '-nostdin', '-readrate', `${speed}`, '-t', `${mediaSeconds}`];
    const publisher = startMeasured('ffmpeg', [
      ...[...input, '-i', flv, '-c', 'copy', '-f', 'flv', url],
    ]);
    const sinks = startMeasured(process.execPath, [
      ...[contestant('play-many'), `${server.port}`, 'live', 'fanout', `${players}`],
    ]);
    const published = await publisher.ended.catch((error: unknown) => error);
    // What the servers have queued is sent within this time, or never.
    await sinks.stop();
    const cost = await server.stop();
    if (published instanceof Error) throw published;
    const { megabytes } = JSON.parse(sinks.output()) as { megabytes: number };
    delivered.get(name)?.push(megabytes);
    return cost;
  };
  const [ours, nodeMediaServer, nginx] = await alternate(runs, [
    { name: 'node-rtmp-client', run: fanOut('node-rtmp-client') },
    { name: 'node-media-server', run: fanOut('node-media-server') },
    { name: 'nginx-rtmp', run: fanOut('nginx-rtmp') },
  ] as const);
  const sent = ({ name }: Costs): number => median(delivered.get(name) ?? []);
  return {
    title: `${players} players of a 6 Mbit/s stream at ${speed} times its speed for ${mediaSeconds} s of it`,
    table: costTable([ours, nodeMediaServer, nginx], {
      head: 'delivered MB',
      value: (contestant) => sent(contestant).toFixed(0),
    }),
    json: {
      bench: 'fanout',
      players,
      cpuRatioToNodeMediaServer: cpuRatio(ours, nodeMediaServer),
      cpuRatioToNginx: cpuRatio(ours, nginx),
      deliveredRatioToNginx: rounded(sent(ours) / sent(nginx)),
    },
  };
}
