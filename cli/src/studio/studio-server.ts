import { maxChannelMessageBytes } from '@tallylight/contract';
import { listenError, plainPage, plainPageHeaders } from '@tallylight/engine';
import {
  readWindowFile,
  windowSecurityHeaders,
  type WindowService,
} from '@tallylight/engine/window';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { receiveUpload } from './receive-upload.js';
import type { Reply } from './reply.js';
import { StudioAccess } from './studio-access.js';
import { WindowPairs, type SocketRole } from './window-pairs.js';

const host = '127.0.0.1';

/** Procedures carry settings and profiles, never media. */
const maxProcedureBytes = 1024 * 1024;

const roles: Readonly<Record<string, SocketRole>> = { '/rpc': 'rpc', '/media': 'channel' };

export interface StudioServerOptions {
  readonly windows: WindowService;
  /** The built window. */
  readonly windowDirectory: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Serves the window to a browser on this machine: its files, and the two WebSockets that Electron has ports for. */
export class StudioServer {
  /** The one-time link. */
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: Readonly<Record<SocketRole, WebSocketServer>>;
  readonly #pairs: WindowPairs;
  readonly #access: StudioAccess;
  readonly #windows: WindowService;
  readonly #windowDirectory: string;
  #closing: Promise<void> | undefined;

  /** @throws AppError `PORT_IN_USE`, or `INVALID_OPTION` when the port may not be used. */
  static async start(options: StudioServerOptions): Promise<StudioServer> {
    // A large file may take its time to come; while nothing of it comes, who takes it waits no longer than a moment.
    const server = createServer({ requestTimeout: 0, headersTimeout: 60_000 });
    server.listen({ host, port: options.port });
    try {
      await once(server, 'listening');
    } catch (error) {
      throw listenError(error, { host, port: options.port });
    }
    return new StudioServer(server, options);
  }

  private constructor(server: Server, options: StudioServerOptions) {
    const { port } = server.address() as AddressInfo;
    this.#server = server;
    this.#windows = options.windows;
    this.#windowDirectory = options.windowDirectory;
    this.#access = new StudioAccess(port);
    this.#pairs = new WindowPairs(options.windows);
    this.#sockets = {
      rpc: new WebSocketServer({ noServer: true, maxPayload: maxProcedureBytes }),
      channel: new WebSocketServer({ noServer: true, maxPayload: maxChannelMessageBytes }),
    };
    this.url = `http://${host}:${port}${this.#access.path}`;
    server.on('request', (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Takes leave of the windows and frees the port. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    for (const server of Object.values(this.#sockets)) {
      for (const socket of server.clients) socket.close(1001, 'ended');
    }
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    // A browser that does not answer the farewell is not waited for.
    const force = setTimeout(() => {
      for (const server of Object.values(this.#sockets)) {
        for (const socket of server.clients) socket.terminate();
      }
      this.#server.closeAllConnections();
    }, 1000);
    await closed;
    clearTimeout(force);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await this.#reply(request);
    response.writeHead(status, { ...windowSecurityHeaders, ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #reply(request: IncomingMessage): Promise<Reply> {
    const access = this.#access;
    if (!access.isAddressedToUs(request)) return { status: 421 };
    if (request.method === 'PUT') return this.#take(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405 };
    const url = targetOf(request);
    if (!url) return { status: 400 };

    const token = url.searchParams.get('token');
    if (url.pathname === '/' && token !== null && request.method === 'GET') {
      const cookie = access.redeem(token);
      if (cookie) return { status: 303, headers: { location: '/', 'set-cookie': cookie } };
      // The link was opened before, by this browser: it has its cookie.
      if (access.hasCookie(request)) return { status: 303, headers: { location: '/' } };
    }
    if (!access.hasCookie(request)) {
      return {
        status: 403,
        headers: plainPageHeaders,
        body: plainPage('noAccess', request.headers['accept-language']),
      };
    }
    const file = await readWindowFile(this.#windowDirectory, url.pathname);
    if (!file) return { status: 404 };
    return { status: 200, headers: { 'content-type': file.contentType }, body: file.body };
  }

  /** A file that was dropped onto our own page. */
  #take(request: IncomingMessage): Promise<Reply> | Reply {
    const access = this.#access;
    const url = targetOf(request);
    const isAllowed = access.isFromOurPage(request) && access.hasCookie(request);
    if (!url || !isAllowed) return { status: 403, headers: { connection: 'close' } };
    return receiveUpload(request, url, this.#windows);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until ws takes the socket over, nobody else listens for its errors.
    const destroy = () => socket.destroy();
    socket.on('error', destroy);
    const url = targetOf(request);
    const role = url && Object.hasOwn(roles, url.pathname) ? roles[url.pathname] : undefined;
    const access = this.#access;
    const allowed =
      access.isAddressedToUs(request) && access.isFromOurPage(request) && access.hasCookie(request);
    if (!url || !role || !allowed) {
      const status = role ? '403 Forbidden' : '404 Not Found';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets[role].handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', destroy);
      this.#pairs.add(url.searchParams.get('window') ?? '', role, webSocket);
    });
  }
}

/** The requested path and query, or `undefined` for what is not a path. */
function targetOf(request: IncomingMessage): URL | undefined {
  const target = request.url ?? '';
  const absolute = `http://${host}${target}`;
  return target.startsWith('/') && URL.canParse(absolute) ? new URL(absolute) : undefined;
}
