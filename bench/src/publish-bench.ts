import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasNginxRtmp } from '../../test/support/nginx.js';
import { costTable, cpuRatio, furtherCpuRatio, median, rounded, type Costs } from './cost-table.js';
import { startMeasured, type Cost } from './measured-process.js';
import { flvOf } from './media.js';
import { recordSession, storeMessageSizes } from './record-session.js';
import { alternate, type BenchResult } from './runs.js';
import { contestant, startServer, type ServerName } from './servers.js';

const megabytes = 470;
const smallMegabytes = 100;

/** Publishing one file as fast as the server takes it: this client, ffmpeg, and a bare socket with the same bytes. */
export async function publishBench(runs: number): Promise<BenchResult> {
  const [flv, smallFlv] = [await flvOf(megabytes), await flvOf(smallMegabytes)];
  const sink: ServerName = hasNginxRtmp() ? 'nginx-rtmp' : 'node-rtmp-client';
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-bench-publish-'));
  const server = await startServer(sink);
  const url = `rtmp://127.0.0.1:${server.port}/live`;
  try {
    const [recording, sizes] = [join(folder, 'session.rtmp'), join(folder, 'sizes')];
    await recordSession(flv, server.port, recording);
    await storeMessageSizes(flv, sizes);
    let streams = 0;
    const node = (program: string, ...args: string[]): Promise<Cost> =>
      startMeasured(process.execPath, [contestant(program), ...args]).ended;
    const publish = (file: string) => (): Promise<Cost> =>
      node('publish-with-client', file, url, `client-${++streams}`);
    const write = (size: string) => (): Promise<Cost> =>
      node('publish-with-socket', recording, '127.0.0.1', `${server.port}`, size);
    const copy = (file: string) => (): Promise<Cost> => {
      const input = ['-v', 'error', '-nostdin', '-i', file, '-c', 'copy', '-f', 'flv'];
      return startMeasured('ffmpeg', [...input, `${url}/ffmpeg-${++streams}`]).ended;
    };

    const [client, ffmpeg, socket, perMessage, small, ffmpegSmall] = await alternate(runs, [
      { name: 'this client', run: publish(flv) },
      { name: '`ffmpeg -c copy`', run: copy(flv) },
      { name: 'bare `socket.write`, 64 KiB each', run: write(`${64 * 1024}`) },
      { name: 'bare `socket.write`, one message each', run: write(sizes) },
      { name: `this client, ${smallMegabytes} MB`, run: publish(smallFlv) },
      { name: `\`ffmpeg -c copy\`, ${smallMegabytes} MB`, run: copy(smallFlv) },
    ] as const);
    const peak = ({ costs }: Costs): number => median(costs.map((cost) => cost.peakMemory));
    return {
      title: `Publishing ${rounded((await stat(flv)).size / 1e6, 0)} MB into ${sink}`,
      table: costTable([client, ffmpeg, socket, perMessage, small, ffmpegSmall]),
      json: {
        bench: 'publish',
        cpuRatioToFfmpeg: cpuRatio(client, ffmpeg),
        cpuRatioToSocket: cpuRatio(client, socket),
        cpuRatioToSocketPerMessage: cpuRatio(client, perMessage),
        furtherCpuRatioToFfmpeg: furtherCpuRatio(
          { large: client, small },
          { large: ffmpeg, small: ffmpegSmall },
        ),
        peakMemoryRatioToSmallFile: rounded(peak(client) / peak(small)),
      },
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
