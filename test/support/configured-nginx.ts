import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts } from './accepts.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** Where an nginx listens and has its files. */
export interface NginxPlace {
  readonly rtmpPort: number;
  readonly httpPort: number;
  /** Of its own; it is not there yet. */
  readonly folder: string;
  /** An empty folder into which every account can write. */
  readonly recordings: string;
}

export interface ConfiguredNginx extends NginxPlace {
  /** `http://127.0.0.1:PORT` */
  readonly httpUrl: string;
  /** `rtmp://127.0.0.1:PORT` */
  readonly rtmpUrl: string;
  /** Everything that it wrote into its logs. */
  logs(): Promise<string>;
  readonly stop: () => Promise<void>;
}

/** A folder that the account of nginx's workers reaches as well, whoever that is. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-configured-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Runs nginx as a user does, with a configuration that `write` makes, on free ports of 127.0.0.1. */
export async function startConfiguredNginx(
  write: (place: NginxPlace) => string | Promise<string>,
): Promise<ConfiguredNginx> {
  for (let attempt = 1; ; attempt += 1) {
    const root = await openFolder();
    try {
      return await launch(root, write);
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      // Somebody else may have taken a port between our asking and nginx binding it.
      if (attempt === 3) throw error;
    }
  }
}

async function launch(
  root: string,
  write: (place: NginxPlace) => string | Promise<string>,
): Promise<ConfiguredNginx> {
  const [rtmpPort, httpPort] = [await freePort(), await freePort()];
  const place = {
    rtmpPort,
    httpPort,
    folder: join(root, 'work'),
    recordings: join(root, 'recordings'),
  };
  await mkdir(place.recordings);
  await chmod(place.recordings, 0o777);
  const file = join(root, 'nginx.conf');
  await writeFile(file, await write(place), { mode: 0o600 });
  // A group of its own, so that no worker outlives a master that had to be killed.
  const child = spawn('nginx', ['-c', file, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const logs = async (): Promise<string> => {
    const names = (await readdir(place.folder)).filter((name) => name.endsWith('.log'));
    const texts = names.map((name) => readFile(join(place.folder, name), 'utf8'));
    return [complaints, ...(await Promise.all(texts))].join('\n');
  };
  const up = await until('nginx to listen', async () => {
    if (isGone()) return 'gone' as const;
    return (await accepts(rtmpPort)) && (await accepts(httpPort)) && ('up' as const);
  });
  if (up === 'gone') throw new Error(`nginx did not start: ${complaints}`);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const force = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 5_000);
    await exited;
    clearTimeout(force);
    await rm(root, { recursive: true, force: true });
  };
  const [httpUrl, rtmpUrl] = [`http://127.0.0.1:${httpPort}`, `rtmp://127.0.0.1:${rtmpPort}`];
  return { ...place, httpUrl, rtmpUrl, logs, stop };
}
