import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type Server,
  type RequestListener,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LiveHub, LiveStream } from 'node-rtmp-client';
import type { Logger } from '../../logger.js';
import type { PackagedStream } from '../segments/packaged-stream.js';
import type { Packager } from '../segments/packager.js';
import { sendFlv } from './flv-response.js';
import type { FlvSockets } from './flv-sockets.js';
import type { HttpConnections } from './http-connections.js';
import { parseLivePath } from './live-path.js';
import { packagedAnswer, sendContent, type PackagedResource } from './packaged-response.js';
import { refuse } from './refusal.js';
import { isAddressedToUs, isFromAllowedPage, type RequestOrigin } from './request-origin.js';
import { sendViewerFile, type ViewerFiles } from './viewer-files.js';

/** What is given out. */
export interface HttpServerParts {
  readonly hub: LiveHub;
  readonly packager: Packager;
  readonly viewer: ViewerFiles;
  readonly sockets: FlvSockets;
  /** They are not all closed with the server: who closes that closes them. */
  readonly connections: HttpConnections;
}

/**
 * The HTTP side: the viewer page on `/`, the list of streams on `/api/streams`, and each stream on `/APP/STREAM.flv`, also
 * over a WebSocket, for HLS on `/APP/STREAM/index.m3u8` and for DASH on `/APP/STREAM/manifest.mpd`.
 *
 * On the network a stream may be played from any page (`Access-Control-Allow-Origin: *`): who knows its name may watch it,
 * as with every RTMP server. On this machine alone, pages of other sites may not. The list, which tells the names, is for
 * the viewer page's own origin only.
 */
export function createBuiltInHttpServer(
  parts: HttpServerParts,
  logger: Logger,
  tls?: { readonly cert: Buffer; readonly key: Buffer },
): Server {
  const { connections } = parts;
  const { requestMs } = connections.limits;
  const options = {
    ...{ requestTimeout: requestMs, headersTimeout: requestMs, maxHeaderSize: 16 * 1024 },
    // Half a minute unless told otherwise, by which every limit would be overrun.
    connectionsCheckingInterval: requestMs / 4,
    ...{ keepAlive: true, keepAliveInitialDelay: 30_000 },
  };
  const answerOne: RequestListener = (request, response) => {
    if (!connections.begin(request, response)) return;
    answer(request, response, parts)
      .then(() => connections.awaitTaken(request, response))
      .catch((error: unknown) => {
        logger.warn({ error: String(error) }, 'HTTP answer failed');
        response.destroy();
      });
  };
  const server = tls
    ? createHttpsServer({ ...options, ...tls, handshakeTimeout: requestMs }, answerOne)
    : createServer(options, answerOne);
  server.on('connection', (socket: Socket) => connections.adopt(socket));
  server.on('upgrade', (request, connection, head) => {
    connection.on('error', () => connection.destroy());
    if (!upgrade(request, connection, head, parts)) answerWithout(request, connection, server);
  });
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
  { hub, packager, viewer, connections }: HttpServerParts,
): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
  const stream = parseLivePath(path);
  if (stream) response.setHeader('access-control-allow-origin', '*');

  if (!isAddressedToUs(originOf(request))) {
    refuse(request, response, 403, 'otherHost');
  } else if (stream && !isFromAllowedPage(originOf(request))) {
    refuse(request, response, 403, 'otherPage');
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
  } else if (stream?.resource.type === 'flv') {
    const live = hub.find(stream.app, stream.name);
    await answerFlv(request, response, live, connections.limits.stallMs);
  } else if (stream) {
    const packaged = packager.find(stream.app, stream.name);
    await answerPackaged(request, response, packaged, stream.resource, search);
  } else if (!(await sendViewerFile(viewer, path, request, response))) {
    refuse(request, response, 404, 'nothing');
  }
}

/** False where the request is to be answered as if it had asked for no upgrade. */
function upgrade(
  request: IncomingMessage,
  connection: Duplex,
  head: Buffer,
  { hub, sockets, connections }: HttpServerParts,
): boolean {
  const origin = originOf(request);
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
  if (!isAddressedToUs(origin) || !isFromAllowedPage(origin)) return false;
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const wanted = parseLivePath(path);
  const live = wanted?.resource.type === 'flv' && hub.find(wanted.app, wanted.name);
  if (!live) return false;
  connections.keep(request);
  sockets.upgrade(request, connection, head, live);
  return true;
}

/** Node hands over every connection that wishes to be upgraded, also to what we do not speak. */
function answerWithout(request: IncomingMessage, connection: Duplex, server: Server): void {
  if (!(connection instanceof Socket)) {
    connection.destroy();
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(connection);
  // Which the server itself does for connections that it has not handed over.
  connection.on('drain', () => response.emit('drain'));
  response.once('finish', () => connection.destroySoon());
  server.emit('request', request, response);
}

async function answerFlv(
  request: IncomingMessage,
  response: ServerResponse,
  live: LiveStream | undefined,
  stallMs: number,
): Promise<void> {
  if (!live) {
    refuse(request, response, 404, 'noStream');
  } else if (request.method === 'HEAD') {
    response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
    response.end();
  } else {
    await sendFlv(response, live, stallMs);
  }
}

async function answerPackaged(
  request: IncomingMessage,
  response: ServerResponse,
  packaged: PackagedStream | undefined,
  resource: PackagedResource,
  search: string,
): Promise<void> {
  if (!packaged) {
    refuse(request, response, 404, 'noStream');
    return;
  }
  const left = new AbortController();
  const leave = (): void => left.abort();
  response.once('close', leave);
  // An answer that waits for those before it is not told that its connection has ended.
  request.socket.once('close', leave);
  const query = new URLSearchParams(search);
  const answer = await packagedAnswer(packaged, resource, query, left.signal);
  request.socket.off('close', leave);
  if (answer.type === 'content') sendContent(response, answer, request.method);
  else if (answer.type === 'gone') refuse(request, response, 404, 'segmentGone');
  else if (answer.type === 'unlikely') refuse(request, response, 400, 'segmentFarAhead');
  else refuse(request, response, 503, 'segmentLate');
}

const originOf = ({ socket, headers }: IncomingMessage): RequestOrigin => ({
  ...{ localAddress: socket.localAddress, host: headers.host, origin: headers.origin },
});

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
