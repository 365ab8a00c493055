import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort } from '../../../test/support/free-port.js';
import { stopsGrowing } from './file-growth.js';
import { PeerProcess } from './peer-process.js';
import type { Server, Serving } from './roles.js';

const program = join(
  dirname(createRequire(import.meta.url).resolve('node-media-server/package.json')),
  'bin/app.js',
);

export interface NodeMediaServer extends Serving {
  /** Has it pull `url` into its stream, or push its stream to `url`, as an RTMP client of its own. */
  relay(mode: 'pull' | 'push', url: string, streamName: string): Promise<void>;
}

/** Runs it as its users do: `bin/app.js` with a configuration, recording everything. */
export async function startNodeMediaServer(folder: string): Promise<NodeMediaServer> {
  const home = await mkdtemp(join(folder, 'node-media-server-'));
  const [rtmpPort, httpPort, password] = [await freePort(), await freePort(), randomUUID()];
  const config = join(home, 'config.json');
  const records = join(home, 'records');
  await mkdir(records);
  await writeFile(
    config,
    JSON.stringify({
      bind: '127.0.0.1',
      store: { path: join(home, 'data') },
      auth: { jwt: { secret: randomUUID(), users: [{ username: 'interop', password }] } },
      rtmp: { port: rtmpPort },
      http: { port: httpPort },
      record: { auto: true, path: records },
      webadmin: { enable: false },
    }),
  );
  const peer = new PeerProcess(process.execPath, [program, '--config', config], {
    deadlineMs: 600_000,
  });
  await peer.says('Rtmp Server listening');
  await peer.says('HTTP server listening');
  await peer.says('Store ready');

  const authorization: { authorization?: string } = {};
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...authorization,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json()) as { success: boolean; data?: unknown };
    if (!answer.success) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  };
  const login = await call('POST', '/login', { username: 'interop', password });
  authorization.authorization = `Bearer ${(login as { token: string }).token}`;

  return {
    urlOf: (streamName) => `rtmp://127.0.0.1:${rtmpPort}/live/${streamName}`,
    hasPlayer: (streamName) => peer.says(`start play /live/${streamName}\n`),
    recordingOf: async (streamName) => {
      await call('DELETE', `/streams/live/${streamName}/record`);
      const [file] = await readdir(join(records, 'live', streamName));
      if (file === undefined) throw new Error(`node-media-server did not record ${streamName}`);
      const path = join(records, 'live', streamName, file);
      await stopsGrowing(path, 300); // It answers before the file is written.
      return path;
    },
    relay: async (mode, url, streamName) => {
      await call('POST', '/relay', {
        mode,
        url,
        streamPath: `/live/${streamName}`,
        reconnect: false,
      });
    },
    stop: () => peer.stop(),
  };
}

export const nodeMediaServer: Server = {
  name: 'node-media-server',
  sendsOnStreamZero: true,
  start: startNodeMediaServer,
};
