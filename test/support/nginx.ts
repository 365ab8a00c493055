import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts } from './accepts.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** Where Debian's package puts it. */
export const nginxRtmpModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/** True where Debian's nginx and its RTMP module are installed. */
export function hasNginxRtmp(): boolean {
  if (!existsSync(nginxRtmpModule)) return false;
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface NginxRtmp {
  readonly rtmpPort: number;
  /** `rtmp://127.0.0.1:PORT/live`; anything published there is recorded. */
  readonly serverUrl: string;
  /** The XML of `rtmp_stat all`. */
  statistics(): Promise<string>;
  /**
   * The path of the recording of stream `name`, once nginx has closed it, that is, once the publisher is gone.
   */
  recording(name: string): Promise<string>;
  /** Resolves when nginx lists a publisher of stream `name`. */
  published(name: string): Promise<void>;
  errorLog(): Promise<string>;
  /** Makes it stand still, as a server that hangs or is behind a broken line does, until {@link NginxRtmp.goOn}. */
  readonly standStill: () => void;
  readonly goOn: () => void;
  readonly stop: () => Promise<void>;
  /** As {@link NginxRtmp.stop}, but without a word to anybody. */
  readonly kill: () => Promise<void>;
}

const configuration = (
  folder: string,
  rtmpPort: number,
  httpPort: number,
  directives: string,
): string => `
load_module ${nginxRtmpModule};
daemon off;
master_process off;
user root;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log notice;
events { worker_connections 256; }
rtmp {
  server {
    listen 127.0.0.1:${rtmpPort};
    ${directives}
    application live {
      live on;
      record all;
      record_path ${folder}/recordings;
      record_unique off;
    }
  }
}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${httpPort};
    location /stat { rtmp_stat all; }
  }
}
`;

async function launch(folder: string, options: NginxRtmpOptions): Promise<NginxRtmp> {
  const [rtmpPort, httpPort] = [options.rtmpPort ?? (await freePort()), await freePort()];
  await mkdir(join(folder, 'recordings'), { recursive: true });
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, rtmpPort, httpPort, options.directives ?? ''));
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;

  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill('SIGCONT');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(force);
    await rm(folder, { recursive: true, force: true });
  };
  const statistics = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${httpPort}/stat`)).text();
  const isPublishing = (xml: string, name: string): boolean =>
    new RegExp(`<name>${name}</name>(?:(?!</stream>)[\\s\\S])*<publishing/>`).test(xml);

  const up = await until('nginx to listen', async () => {
    if (isGone()) return 'gone' as const;
    return (await accepts(rtmpPort)) && (await accepts(httpPort)) && ('up' as const);
  });
  if (up === 'gone') {
    throw new Error(`nginx did not start: ${await readFile(join(folder, 'error.log'), 'utf8')}`);
  }

  return {
    rtmpPort,
    serverUrl: `rtmp://127.0.0.1:${rtmpPort}/live`,
    statistics,
    recording: async (name) => {
      await until(`nginx to let ${name} go`, async () => !isPublishing(await statistics(), name));
      const files = await readdir(join(folder, 'recordings'));
      const found = files.find((candidate) => candidate.startsWith(name));
      if (!found) throw new Error(`nginx recorded nothing named ${name}: ${files.join(', ')}`);
      return join(folder, 'recordings', found);
    },
    published: async (name) => {
      await until(`nginx to list ${name}`, async () => isPublishing(await statistics(), name));
    },
    errorLog: () => readFile(join(folder, 'error.log'), 'utf8'),
    standStill: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

export interface NginxRtmpOptions {
  /** More directives for the RTMP server, further applications among them. */
  readonly directives?: string;
  /** Where another one was before; a free port where absent. */
  readonly rtmpPort?: number;
}

/** Starts a real nginx with the RTMP module in a folder of its own, on free ports of 127.0.0.1. */
export async function startNginxRtmp(options: NginxRtmpOptions = {}): Promise<NginxRtmp> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-nginx-'));
    try {
      return await launch(folder, options);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      // Somebody else may have taken a port between our asking and nginx binding it.
      if (attempt === 3) throw error;
    }
  }
}
