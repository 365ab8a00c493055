import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startMeasured, type Cost } from './measured-process.js';

export const serverNames = ['node-rtmp-client', 'node-media-server', 'nginx-rtmp'] as const;
export type ServerName = (typeof serverNames)[number];

export interface RunningServer {
  readonly port: number;
  /** Stops it; what the whole process has cost since its start. */
  stop(): Promise<Cost>;
}

const nginxModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so';
const startMs = 15_000;

/** The path of a program of this folder that runs in a process of its own. */
export function contestant(name: string): string {
  const bundled = join(process.env['BENCH_BUNDLES'] ?? '', `${name}.js`);
  if (existsSync(bundled)) return bundled;
  return fileURLToPath(new URL(`./contestants/${name}.js`, import.meta.url));
}

export function hasNginx(): boolean {
  if (!existsSync(nginxModule)) return false;
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts a server on a free port of 127.0.0.1, in a folder of its own; none of them records. */
export async function startServer(name: ServerName): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-bench-server-'));
  const port = await freePort();
  const process = startMeasured(...(await commandOf(name, folder, port)), folder);
  const failed = process.ended.then(() => {
    throw new Error(`${name} ended at once: ${process.output()}`);
  });
  await Promise.race([accepts(port), failed]);
  return {
    port,
    stop: async () => {
      try {
        return await process.stop();
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
    case 'nginx-rtmp': {
      const file = join(folder, 'nginx.conf');
      await writeFile(file, nginxConfiguration(folder, port));
      return ['nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log')]];
    }
  }
}

/** One process, so that its cost is whole; chunks of its default size. */
const nginxConfiguration = (folder: string, port: number): string => `
load_module ${nginxModule};
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log error;
events { worker_connections 1024; }
rtmp { server { listen 127.0.0.1:${port}; application live { live on; } } }
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function accepts(port: number): Promise<void> {
  const deadline = performance.now() + startMs;
  while (!(await answers(port))) {
    if (performance.now() > deadline) throw new Error(`nothing listens on port ${port}`);
    await delay(20);
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
