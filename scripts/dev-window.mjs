import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer as createViteServer, loadConfigFromFile } from 'vite';

/** @typedef {import('./dev-engine.mjs').EngineAddress} EngineAddress */
/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:stream').Duplex} Duplex */

const host = '127.0.0.1';

/**
 * Serves the window from its sources, with hot reload, to whoever has the one-time link, as the studio's server does with
 * the built window; passes the window's WebSockets on to the engine that runs at the moment.
 *
 * @param {string} root
 * @param {() => EngineAddress | undefined} engine
 */
export async function startDevWindow(root, engine) {
  const server = createServer();
  server.listen({ host, port: 0 });
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const vite = await createVite(root, server);
  const load = (/** @type {string} */ path) => vite.ssrLoadModule(join(root, path));
  const [{ StudioAccess }, { plainPage, plainPageHeaders }, { windowSecurityHeaders }] =
    await Promise.all([
      load('cli/src/studio/studio-access.ts'),
      load('packages/engine/src/server/http/plain-page.ts'),
      load('packages/engine/src/window/window-files.ts'),
    ]);
  const access = new StudioAccess(port);
  const headers = withInlineCode(windowSecurityHeaders);

  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!access.isAddressedToUs(request)) {
      response.writeHead(421).end();
      return;
    }
    const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
    const cookie = token === null ? undefined : access.redeem(token);
    if (cookie) {
      response.writeHead(303, { location: '/', 'set-cookie': cookie }).end();
      return;
    }
    if (!access.hasCookie(request)) {
      const language = request.headers['accept-language'];
      response.writeHead(403, plainPageHeaders).end(plainPage('noAccess', language));
      return;
    }
    vite.middlewares(request, response, () => response.writeHead(404).end());
  });
  server.on('upgrade', (request, socket, head) => {
    // Vite, which listens too, answers its own page's hot reload, and asks for a token of its own.
    if (request.headers['sec-websocket-protocol']?.startsWith('vite-')) return;
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const allowed =
      access.isAddressedToUs(request) && access.isFromOurPage(request) && access.hasCookie(request);
    const address = engine();
    if (!allowed || !address || !['/rpc', '/media'].includes(path)) {
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    passOn(request, socket, head, address);
  });

  return {
    /** The one-time link. */
    url: `http://${host}:${port}${access.path}`,
    /** What watches the files. */
    watcher: vite.watcher,
    reload: () => vite.ws.send({ type: 'full-reload' }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await vite.close();
      server.closeAllConnections();
      for (const socket of passedOn) socket.destroy();
      await closed;
    },
  };
}

async function createVite(
  /** @type {string} */ root,
  /** @type {import('node:http').Server} */ server,
) {
  const file = join(root, 'electron.vite.config.ts');
  const loaded = await loadConfigFromFile({ command: 'serve', mode: 'development' }, file);
  // The same plugins and conditions as for the built window.
  const { renderer } = /** @type {import('electron-vite').UserConfig} */ (loaded?.config ?? {});
  return createViteServer({
    ...renderer,
    configFile: false,
    cacheDir: join(root, 'node_modules/.cache/dev-window'),
    logLevel: 'warn',
    appType: 'spa',
    // What this server itself needs comes from the sources, too.
    ssr: {
      noExternal: [/^@tallylight\//, /^node-rtmp-client/],
      resolve: { conditions: ['source', 'node', 'import', 'default'] },
    },
    server: { middlewareMode: true, hmr: { server } },
  });
}

/** Vite puts scripts and styles into the page itself. */
const withInlineCode = (/** @type {Record<string, string>} */ headers) => ({
  ...headers,
  'content-security-policy': (headers['content-security-policy'] ?? '')
    .replace('script-src', "script-src 'unsafe-inline'")
    .replace('style-src', "style-src 'unsafe-inline'"),
});

/** Connections that are no longer the HTTP server's. @type {Set<Duplex>} */
const passedOn = new Set();

/**
 * Gives a WebSocket to the engine as if its own page had opened it.
 *
 * @param {IncomingMessage} request @param {Duplex} socket @param {Buffer} head @param {EngineAddress} address
 */
function passOn(request, socket, head, { port, cookie }) {
  const upstream = connect(port, host);
  const own = { host: `${host}:${port}`, origin: `http://${host}:${port}`, cookie };
  const lines = Object.entries({ ...request.headers, ...own }).map(
    ([name, value]) => `${name}: ${String(value)}`,
  );
  upstream.write(`GET ${request.url ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  upstream.write(head);
  passedOn.add(socket).add(upstream);
  for (const [from, to] of [
    [socket, upstream],
    [upstream, socket],
  ]) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      passedOn.delete(from);
      to.destroy();
    });
  }
}
