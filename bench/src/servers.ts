import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { accepts } from '../../test/support/accepts.js';
import { freePort } from '../../test/support/free-port.js';
import { nginxRtmpModule } from '../../test/support/nginx.js';
import { until } from '../../test/support/until.js';
import { startMeasured, type Cost } from './measured-process.js';

export const serverNames = ['node-rtmp-client', 'node-media-server', 'nginx-rtmp'] as const;
export type ServerName = (typeof serverNames)[number] | 'tallylight serve';

/** From where this is compiled to. */
const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** The command line, bundled from the sources as they are. */
export async function buildTallylight(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(repository, 'scripts/build-cli.mjs')]);
  return join(repository, 'cli/bin/tallylight.js');
}

export interface RunningServer {
  readonly port: number;
  /** Stops it; what the whole process has cost since its start. */
  stop(): Promise<Cost>;
}

/** The path of a program of this folder that runs in a process of its own. */
export function contestant(name: string): string {
  const bundled = join(process.env['BENCH_BUNDLES'] ?? '', `${name}.js`);
  if (existsSync(bundled)) return bundled;
  return fileURLToPath(new URL(`./contestants/${name}.js`, import.meta.url));
}

/**
 * Starts a server on a free port of 127.0.0.1, in a folder of its own; none of them records.
 *
 * @param core the one core that it runs on; any by default.
 */
export async function startServer(name: ServerName, core?: number): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-bench-server-'));
  const port = await freePort();
  const [command, args] = await commandOf(name, folder, port);
  // taskset becomes what it starts, so that the process is the server's.
  const server =
    core === undefined
      ? startMeasured(command, args, folder)
      : startMeasured('taskset', ['-c', `${core}`, command, ...args], folder);
  const failed = server.ended.then(() => {
    throw new Error(`${name} ended at once: ${server.output()}`);
  });
  await Promise.race([until(`${name} to listen`, () => accepts(port)), failed]);
  return {
    port,
    stop: async () => {
      try {
        return await server.stop();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function commandOf(
  name: ServerName,
  folder: string,
  port: number,
): Promise<[string, string[]]> {
  switch (name) {
    case 'node-rtmp-client':
      return [process.execPath, [contestant('serve-with-library'), `${port}`]];
    case 'node-media-server':
      return [process.execPath, [contestant('serve-with-node-media-server'), `${port}`, folder]];
    case 'tallylight serve': {
      const listen = ['--rtmp', `127.0.0.1:${port}`, '--http', '127.0.0.1:0'];
      return [
        process.execPath,
        [await buildTallylight(), '--data-dir', folder, 'serve', ...listen],
      ];
    }
    case 'nginx-rtmp': {
      const file = join(folder, 'nginx.conf');
      await writeFile(file, nginxConfiguration(folder, port));
      return ['nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log')]];
    }
  }
}

/** One process, so that its cost is whole; chunks of its default size. */
const nginxConfiguration = (folder: string, port: number): string => `
load_module ${nginxRtmpModule};
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log error;
events { worker_connections 1024; }
rtmp { server { listen 127.0.0.1:${port}; application live { live on; } } }
`;
