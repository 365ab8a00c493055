import { until } from '../../test/support/until.js';
import { costTable, cpuRatio, median, type Costs } from './cost-table.js';
import { startMeasured, type Cost } from './measured-process.js';
import { usualFlv } from './media.js';
import { alternate } from './runs.js';
import { contestant, startServer, type ServerName } from './servers.js';

const players = 200;
const mediaSeconds = 20;
const frameMs = 1000 / 30;
/** That of the server; who publishes and plays has the others. */
const core = 1;

export const comparedServers = ['tallylight serve', 'node-media-server', 'nginx-rtmp'] as const;

/** What the players got, all together. */
interface Delivered {
  readonly megabytes: number;
  readonly players: number;
  readonly frames: number;
  readonly missing: number;
  readonly behind: number;
}

/** 200 players of one stream of 2.5 Mbit/s at its own speed, from a server that has one core. */
export async function serveFanout(runs: number) {
  const flv = await usualFlv(mediaSeconds);
  const delivered = new Map<string, Delivered[]>(comparedServers.map((name) => [name, []]));
  const fanOut = (name: ServerName) => async (): Promise<Cost> => {
    const server = await startServer(name, core);
    const url = `rtmp://127.0.0.1:${server.port}/live/fanout`;
    const publisher = startMeasured('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-progress', 'pipe:1', '-stats_period', '0.1'],
      ...['-re', '-i', flv, '-c', 'copy', '-f', 'flv', url],
    ]);
    // Some servers let players wait for a publisher, others turn them away: nobody comes before it is there.
    const isThere = (): boolean => /^frame=[1-9]/m.test(publisher.output());
    await Promise.race([until('the stream to begin', isThere), publisher.ended]);
    const sinks = startMeasured(process.execPath, [
      ...[contestant('play-many'), `${server.port}`, 'live', 'fanout', `${players}`, `${frameMs}`],
    ]);
    const published = await publisher.ended.catch((error: unknown) => error);
    // What the servers have queued is sent within this time, or never.
    await sinks.stop();
    const cost = await server.stop();
    if (published instanceof Error) throw published;
    delivered.get(name)?.push(JSON.parse(sinks.output()) as Delivered);
    return cost;
  };
  const costs = await alternate(
    runs,
    comparedServers.map((name) => ({ name, run: fanOut(name) })),
  );
  const [ours, nodeMediaServer, nginx] = costs as [Costs, Costs, Costs];
  const of = ({ name }: Costs, key: keyof Delivered): number =>
    median((delivered.get(name) ?? []).map((each) => each[key]));
  const worst = ({ name }: Costs, key: 'missing' | 'behind'): number =>
    Math.max(...(delivered.get(name) ?? []).map((each) => each[key]));
  return {
    title: `${players} players of a 2.5 Mbit/s stream for ${mediaSeconds} s, the server on one core`,
    table: costTable(costs, {
      head: 'delivered MB, players, frames, missing, behind',
      value: (each) =>
        [
          ...[of(each, 'megabytes').toFixed(0), of(each, 'players'), of(each, 'frames')],
          ...[worst(each, 'missing'), worst(each, 'behind')],
        ].join(', '),
    }),
    json: {
      players,
      cpuRatioToNodeMediaServer: cpuRatio(ours, nodeMediaServer),
      cpuRatioToNginx: cpuRatio(ours, nginx),
      frames: of(ours, 'frames'),
      missing: worst(ours, 'missing'),
      behind: worst(ours, 'behind'),
    },
  };
}
