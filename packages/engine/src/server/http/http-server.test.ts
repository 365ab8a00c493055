import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { LiveHub } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { createLogger } from '../../logger.js';
import { PlayAccess } from '../access/play-access.js';
import { Packager } from '../segments/packager.js';
import { ServerStatistics } from '../statistics/server-statistics.js';
import { FlvSockets } from './flv-sockets.js';
import { HttpConnections } from './http-connections.js';
import { createBuiltInHttpServer, type HttpServerParts } from './http-server.js';
import { viewerFiles } from './viewer-files.js';

/** Of a server without a stream. */
function parts(): HttpServerParts {
  const hub = new LiveHub();
  const packager = new Packager(hub, createLogger({ level: 'silent' }));
  const access = new PlayAccess();
  const connections = new HttpConnections();
  const sockets = new FlvSockets(() => undefined, connections.limits.stallMs);
  const statistics = new ServerStatistics(hub, () => ({ rtmp: 0, http: 0 }));
  return {
    ...{ hub, access, packager, sockets, connections, statistics, hasMetrics: false },
    viewer: viewerFiles(undefined),
  };
}

test('a connection that cannot be taken is logged, and no more', async () => {
  const lines: string[] = [];
  const logger = createLogger({ destination: { write: (line) => void lines.push(line) } });
  const server = createBuiltInHttpServer(parts(), logger);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.emit('error', new Error('accept EMFILE'));
  server.emit('error', new Error('accept EMFILE'));
  expect(lines.filter((line) => line.includes('accept EMFILE'))).toHaveLength(2);
  server.close();
  await once(server, 'close');
});

test('refuses in the language of the browser: with a page to people, with a line to programs', async () => {
  const logger = createLogger({ level: 'silent' });
  const server = createBuiltInHttpServer(parts(), logger);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const get = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  const line = await get('/live/one.flv', { 'accept-language': 'en' });
  expect(line).toMatchObject({
    status: 404,
    text: 'Nobody publishes a stream of that name right now.\n',
  });
  const accept = 'text/html,application/xhtml+xml;q=0.9';
  const page = await get('/live/one.flv', { accept, 'accept-language': 'zh-CN,en;q=0.8' });
  expect(page.status).toBe(404);
  expect(page.text).toContain('<html lang="zh-CN">');
  expect(page.text).toContain('现在没有人推这个名称的流。');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");

  const viewer = await get('/', { 'accept-language': 'de, zh-TW;q=0.5' });
  expect(viewer.text).toContain('<html lang="zh-CN">');
  expect(viewer.text).toContain('<title>Tallylight 观看页</title>');
  expect(viewer.text).not.toMatch(/\{\{(?!stream|count|time|kilohertz|way|seconds|host|here)/);
  expect(viewer.headers.get('vary')).toContain('accept-language');
  expect((await get('/', { 'accept-language': 'fr' })).text).toContain('<html lang="en">');
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});
