import { costTable, cpuRatio, furtherCpuRatio } from './cost-table.js';
import { startMeasured, type Cost } from './measured-process.js';
import { flvOf } from './media.js';
import { alternate, type BenchResult } from './runs.js';
import { startServer, type ServerName } from './servers.js';

const megabytes = 470;
const smallMegabytes = 100;

/** Taking in what `ffmpeg -c copy` publishes as fast as it can: this server, node-media-server, nginx-rtmp. */
export async function ingestBench(runs: number): Promise<BenchResult> {
  const [flv, smallFlv] = [await flvOf(megabytes), await flvOf(smallMegabytes)];
  const ingest = (name: ServerName, file: string) => async (): Promise<Cost> => {
    const server = await startServer(name);
    const url = `rtmp://127.0.0.1:${server.port}/live/ingest`;
    const input = ['-v', 'error', '-nostdin', '-i', file, '-c', 'copy', '-f', 'flv'];
    const published = await startMeasured('ffmpeg', [...input, url]).ended.catch(
      (error: unknown) => error,
    );
    const cost = await server.stop();
    if (published instanceof Error) throw published;
    return cost;
  };
  const small = (name: string): string => `${name}, ${smallMegabytes} MB`;
  const [ours, nodeMediaServer, nginx, oursSmall, nginxSmall] = await alternate(runs, [
    { name: 'this server', run: ingest('node-rtmp-client', flv) },
    { name: 'node-media-server', run: ingest('node-media-server', flv) },
    { name: 'nginx-rtmp', run: ingest('nginx-rtmp', flv) },
    { name: small('this server'), run: ingest('node-rtmp-client', smallFlv) },
    { name: small('nginx-rtmp'), run: ingest('nginx-rtmp', smallFlv) },
  ] as const);
  return {
    title: `Taking in ${megabytes} MB from \`ffmpeg -c copy\``,
    table: costTable([ours, nodeMediaServer, nginx, oursSmall, nginxSmall]),
    json: {
      bench: 'ingest',
      cpuRatioToNodeMediaServer: cpuRatio(ours, nodeMediaServer),
      cpuRatioToNginx: cpuRatio(ours, nginx),
      furtherCpuRatioToNginx: furtherCpuRatio(
        { large: ours, small: oursSmall },
        { large: nginx, small: nginxSmall },
      ),
    },
  };
}
