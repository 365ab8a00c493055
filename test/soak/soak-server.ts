import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { accepts } from '../support/accepts.js';
import { startNginxRtmp } from '../support/nginx.js';
import { until } from '../support/until.js';

/** A server of the soak: it can be killed and come back at its port, stand still and go on. */
export interface SoakServer {
  readonly port: number;
  readonly app: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  standStill(): void;
  goOn(): void;
  stop(): Promise<void>;
  /** What it has written, a file for each connection, in their order; absent where it keeps none. */
  recordings?(): Promise<string[]>;
}

/** nginx-rtmp, which keeps a file of each connection in `folder`. */
export async function nginxServer(folder: string): Promise<SoakServer> {
  await mkdir(folder, { recursive: true });
  const directives = `application parts { live on; record all; record_path ${folder}; record_unique on; }`;
  let nginx = await startNginxRtmp({ directives });
  const { rtmpPort } = nginx;
  return {
    ...{ port: rtmpPort, app: 'parts' },
    kill: () => nginx.kill(),
    restart: async () => {
      nginx = await startNginxRtmp({ directives, rtmpPort });
    },
    standStill: () => nginx.standStill(),
    goOn: () => nginx.goOn(),
    stop: () => nginx.stop(),
    recordings: async () => {
      const isOver = async (): Promise<boolean> =>
        !(await nginx.statistics()).includes('<publishing/>');
      await until('nginx to close its recordings', isOver);
      return (await readdir(folder)).sort().map((name) => join(folder, name));
    },
  };
}

/** The built-in server, as `tallylight serve`. */
export async function ownServer(): Promise<SoakServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const begin = async (): Promise<void> => {
    const loopback = ['--rtmp', `127.0.0.1:${port}`, '--http', '127.0.0.1:0'];
    const started = spawn(process.execPath, ['cli/bin/tallylight.js', 'serve', ...loopback], {
      stdio: 'ignore',
    });
    child = started;
    process.once('exit', () => started.kill('SIGKILL'));
    await until('the built-in server to listen', () => accepts(port));
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await exited;
  };
  await begin();
  return {
    ...{ port, app: 'live' },
    kill: () => end('SIGKILL'),
    restart: begin,
    standStill: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
  };
}
