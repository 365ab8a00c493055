import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { LiveHub } from 'node-rtmp-client';
import { pageWords, type Refusal } from '@tallylight/messages/pages';
import type { Logger } from '../logger.js';
import { plainPage, plainPageHeaders } from './plain-page.js';
import { sendFlv } from './flv-response.js';
import { sendViewerFile, type ViewerFiles } from './viewer-files.js';

const maxConnections = 256;

/**
 * The HTTP side: the viewer page on `/`, the list of streams on `/api/streams`, and each stream on `/APP/STREAM.flv`.
 *
 * A stream may be played from any page (`Access-Control-Allow-Origin: *`): who knows its name may watch it, as with
 * every RTMP server. The list, which tells the names, is for the viewer page's own origin only.
 */
export function createBuiltInHttpServer(hub: LiveHub, viewer: ViewerFiles, logger: Logger): Server {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 16 * 1024 },
    (request, response) => {
      answer(request, response, hub, viewer).catch((error: unknown) => {
        logger.warn({ error: String(error) }, 'HTTP answer failed');
        response.destroy();
      });
    },
  );
  server.maxConnections = maxConnections;
  server.once('listening', () => {
    // From here on an error is of one connection that could not be taken (EMFILE); the others go on.
    server.on('error', (error) => {
      logger.warn({ error: String(error) }, 'HTTP connection could not be taken');
    });
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  hub: LiveHub,
  viewer: ViewerFiles,
): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const stream = parseStreamPath(path);
  if (stream) response.setHeader('access-control-allow-origin', '*');

  if (!isOwnHost(request)) {
    // Else any web page could read the list through a name of its own that points to this machine (DNS rebinding).
    refuse(request, response, 403, 'otherHost');
  } else if (request.method === 'OPTIONS' && stream) {
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'range',
      'access-control-max-age': '86400',
    });
    response.end();
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    refuse(request, response, 405, 'method');
  } else if (path === '/api/streams') {
    sendJson(response, { streams: hub.list() });
  } else if (stream) {
    const live = hub.find(stream.app, stream.name);
    if (!live) {
      refuse(request, response, 404, 'noStream');
    } else if (request.method === 'HEAD') {
      response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
      response.end();
    } else {
      await sendFlv(response, live);
    }
  } else if (!(await sendViewerFile(viewer, path, request.headers['accept-language'], response))) {
    refuse(request, response, 404, 'nothing');
  }
}

/** `/APP/STREAM.flv`; the application may itself have slashes. `undefined` for any other path. */
export function parseStreamPath(path: string): { app: string; name: string } | undefined {
  const match = /^\/(.+)\/([^/]+)\.flv$/.exec(path);
  if (!match?.[1] || !match[2]) return undefined;
  try {
    return { app: decodeURIComponent(match[1]), name: decodeURIComponent(match[2]) };
  } catch {
    return undefined;
  }
}

/** On a loopback address only loopback names are ours; elsewhere the owner has opened the server to others. */
function isOwnHost(request: IncomingMessage): boolean {
  const address = request.socket.localAddress ?? '';
  if (!/^(::ffff:)?127\.|^::1$/.test(address)) return true;
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || isIP(host) !== 0;
}

/** A page for people, a line for programs, in the language they wish for. */
function refuse(
  { headers }: IncomingMessage,
  response: ServerResponse,
  status: number,
  why: Refusal,
): void {
  const language = headers['accept-language'];
  if (headers.accept?.includes('text/html')) {
    response.writeHead(status, plainPageHeaders);
    response.end(plainPage(why, language));
    return;
  }
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    vary: plainPageHeaders.vary,
  });
  response.end(`${pageWords(language).words.refusals[why].text}\n`);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
