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
import type { LiveHub } from 'node-rtmp-client';
import type { Logger } from '../../logger.js';
import { covers, type Admission, type PlayAccess } from '../access/play-access.js';
import type { Packager } from '../segments/packager.js';
import type { MetricSupplier } from '../statistics/metric-makers.js';
import type { ServerStatistics } from '../statistics/server-statistics.js';
import { sendFlv } from './flv-response.js';
import type { FlvSockets } from './flv-sockets.js';
import type { HttpConnections } from './http-connections.js';
import { parseLivePath, type LivePath } from './live-path.js';
import { byteLengthOf, packagedAnswer, protocolOf, sendContent } from './packaged-response.js';
import { refuse } from './refusal.js';
import { isAddressedToUs, isFromAllowedPage } from './request-origin.js';
import { credentialsOf, originOf, parseTarget, type RequestTarget } from './request-target.js';
import { sendJson } from './send-json.js';
import { answerStatistics } from './statistics-response.js';
import { sendViewerFile, type ViewerFiles } from './viewer-files.js';

/** What is given out. */
export interface HttpServerParts {
  readonly hub: LiveHub;
  /** To whom. */
  readonly access: PlayAccess;
  readonly packager: Packager;
  readonly viewer: ViewerFiles;
  readonly sockets: FlvSockets;
  readonly statistics: ServerStatistics;
  /** Whether Prometheus is answered. */
  readonly hasMetrics: boolean;
  readonly moreMetrics?: MetricSupplier | undefined;
  /** They are not all closed with the server: who closes that closes them. */
  readonly connections: HttpConnections;
}

/**
 * The HTTP side: the viewer page on `/`, the list of streams on `/api/streams`, and each stream on `/APP/STREAM.flv`, also
 * over a WebSocket, for HLS on `/APP/STREAM/index.m3u8` and for DASH on `/APP/STREAM/manifest.mpd`. Statistics are on
 * `/stat`, `/api/stat` and, for Prometheus, `/metrics`.
 *
 * On the network a stream may be played from any page (`Access-Control-Allow-Origin: *`): who knows its name may watch it,
 * as with every RTMP server, or, where there is a play key, who has that or a link. On this machine alone, pages of other
 * sites may not. The list, which tells the names, is for the viewer page's own origin only.
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
    upgrade(request, connection, head, parts)
      .then((isTaken) => {
        if (!isTaken) answerWithout(request, connection, server);
      })
      .catch(() => connection.destroy());
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
  parts: HttpServerParts,
): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  const { path, query } = parseTarget(request);
  const stream = parseLivePath(path);
  if (stream) response.setHeader('access-control-allow-origin', '*');

  if (!isAddressedToUs(originOf(request))) {
    refuse(request, response, 403, 'otherHost');
  } else if (stream && !isFromAllowedPage(originOf(request))) {
    refuse(request, response, 403, 'otherPage');
  } else if (request.method === 'OPTIONS' && stream) {
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'range, authorization',
      'access-control-max-age': '86400',
    });
    response.end();
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    refuse(request, response, 405, 'method');
  } else if (answerStatistics(request, response, path, parts)) {
    return;
  } else if (path === '/api/streams') {
    answerList(request, response, parts);
  } else if (stream) {
    const admission = await admit(request, stream, parts.access);
    if (admission.type === 'refused') refuse(request, response, 403, admission.why);
    else if (stream.resource.type === 'flv')
      await answerFlv(request, response, stream, { ...parts, admission });
    else await answerPackaged(request, response, stream, { ...parts, admission });
  } else if (parts.viewer.pages.has(path) && parts.access.wantsKey) {
    await answerGuarded(request, response, { path, query }, parts);
  } else if (!(await sendViewerFile(parts.viewer, path, request, response))) {
    refuse(request, response, 404, 'nothing');
  }
}

/** Asked once for each request, also for one that wished to be upgraded and is answered without. */
function admit(
  request: IncomingMessage,
  { app, name }: LivePath,
  access: PlayAccess,
): Promise<Admission> {
  const known = admissions.get(request);
  if (known) return known;
  const remote = request.socket.remoteAddress ?? 'unknown';
  const asked = access.admit(app, name, { ...credentialsOf(request), remote });
  admissions.set(request, asked);
  return asked;
}

const admissions = new WeakMap<IncomingMessage, Promise<Admission>>();

/** What is live, as far as who asks may watch it, and with what to watch it. */
function answerList(
  request: IncomingMessage,
  response: ServerResponse,
  { hub, access }: HttpServerParts,
): void {
  const identity = access.identify(credentialsOf(request));
  if (identity.type === 'refused') {
    refuse(request, response, 403, identity.why);
    return;
  }
  const streams = hub.list().flatMap((stream) => {
    const { app, name } = stream;
    if (!covers(identity, app, name)) return [];
    const token = access.tokenFor(identity, `${app}/${name}`);
    return [{ ...stream, ...(token !== undefined && { token }) }];
  });
  sendJson(response, { streams });
}

/** A page where not everybody may watch. The key that it was asked for with gives way to a link, which can be seen. */
async function answerGuarded(
  request: IncomingMessage,
  response: ServerResponse,
  { path, query }: RequestTarget,
  { access, viewer }: HttpServerParts,
): Promise<void> {
  const identity = access.identify(credentialsOf(request));
  if (identity.type === 'refused') {
    refuse(request, response, 403, identity.why);
  } else if (query.has('key')) {
    query.delete('key');
    query.set('token', access.tokenFor(identity) ?? '');
    response.writeHead(303, {
      location: `${path}?${query.toString()}`,
      'cache-control': 'no-store',
    });
    response.end();
  } else {
    await sendViewerFile(viewer, path, request, response);
  }
}

/** False where the request is to be answered as if it had asked for no upgrade. */
async function upgrade(
  request: IncomingMessage,
  connection: Duplex,
  head: Buffer,
  { hub, sockets, access, connections, statistics }: HttpServerParts,
): Promise<boolean> {
  const origin = originOf(request);
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
  if (!isAddressedToUs(origin) || !isFromAllowedPage(origin)) return false;
  const wanted = parseLivePath(parseTarget(request).path);
  if (wanted?.resource.type !== 'flv') return false;
  const admission = await admit(request, wanted, access);
  const stream = hub.find(wanted.app, wanted.name);
  if (stream === undefined || admission.type === 'refused') return false;
  connections.keep(request);
  const begin = () => statistics.play(wanted.app, wanted.name, 'ws-flv');
  sockets.upgrade(request, connection, head, { stream, until: admission.until, begin });
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

/** Who asks was let in. */
interface AdmittedParts extends HttpServerParts {
  readonly admission: Extract<Admission, { type: 'admitted' }>;
}

async function answerFlv(
  request: IncomingMessage,
  response: ServerResponse,
  { app, name }: LivePath,
  { hub, admission, connections, statistics }: AdmittedParts,
): Promise<void> {
  const live = hub.find(app, name);
  if (!live) {
    refuse(request, response, 404, 'noStream');
  } else if (request.method === 'HEAD') {
    response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
    response.end();
  } else {
    const { stallMs } = connections.limits;
    const begin = () => statistics.play(app, name, 'http-flv');
    await sendFlv(response, live, { until: admission.until, stallMs, begin });
  }
}

async function answerPackaged(
  request: IncomingMessage,
  response: ServerResponse,
  { app, name, resource }: LivePath,
  { packager, access, admission, statistics }: AdmittedParts,
): Promise<void> {
  const packaged = packager.find(app, name);
  if (!packaged || resource.type === 'flv') {
    refuse(request, response, 404, 'noStream');
    return;
  }
  const protocol = protocolOf(resource);
  const count = statistics.view(app, name, {
    address: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    protocol,
    isPreview: request.headers['x-purpose'] === 'preview',
  });
  const left = new AbortController();
  const leave = (): void => left.abort();
  response.once('close', leave);
  // An answer that waits for those before it is not told that its connection has ended.
  request.socket.once('close', leave);
  const asked = { query: parseTarget(request).query, suffix: admission.suffix };
  const answer = await packagedAnswer(packaged, resource, asked, left.signal);
  request.socket.off('close', leave);
  if (answer.type === 'content') {
    const { method } = request;
    if (method !== 'HEAD' && protocol === undefined) count(byteLengthOf(answer.bytes));
    sendContent(response, answer, { method, isOpen: access.isOpen });
  } else if (answer.type === 'gone') refuse(request, response, 404, 'segmentGone');
  else if (answer.type === 'unlikely') refuse(request, response, 400, 'segmentFarAhead');
  else refuse(request, response, 503, 'segmentLate');
}
