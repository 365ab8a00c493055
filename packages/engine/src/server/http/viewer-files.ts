import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { viewerLibraryNames, viewerLibraryPath } from './viewer-libraries.js';
import { viewerPage, type PageSection } from './viewer-page.js';

/**
 * Everything from this server; `blob:` because Media Source Extensions hand their video over as one. `'self'` is also its
 * WebSockets.
 *
 * @param frameAncestors whose pages may show this one in a frame
 */
const contentSecurityPolicy = (frameAncestors: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** What `assets/viewer` holds. */
export const viewerFileNames = [
  ...['index.html', 'player.html', 'stat.html', 'viewer.css', 'stat.css'],
  ...[
    'viewer.js',
    'player.js',
    'embed-code.js',
    'old-address.js',
    'stage.js',
    'stat.js',
    'stream-list.js',
  ],
  ...['stream-player.js', 'streams.js', 'thumbnails.js', 'ways.js', 'words.js'],
  ...[
    'flv.js',
    'flv-socket.js',
    'open-flv.js',
    'load-script.js',
    'hls.js',
    'dash.js',
    'native-hls.js',
  ].map((name) => `players/${name}`),
];

/** The files of the viewer page. */
export interface ViewerFiles {
  /** Where each lies, by its path on the server. */
  readonly paths: ReadonlyMap<string, string>;
  /** Those of them that are opened by people; the others are loaded by these. */
  readonly pages: ReadonlySet<string>;
  /** What is being read: whoever asks meanwhile gets the same bytes. */
  readonly reading: Map<string, Promise<Buffer>>;
  /** What was given out before, by its tag, so that it is in memory once: at most each file in each language. */
  readonly given: Map<string, GivenFile>;
}

interface GivenFile {
  readonly plain: Buffer;
  gzip: Promise<Buffer> | undefined;
}

/**
 * @param directory where the page and, in an application that was bundled, its libraries are; absent: the page of this
 *   package and the libraries from its dependencies.
 */
export function viewerFiles(directory?: string): ViewerFiles {
  // From src/server/http and from dist/server/http alike.
  const own = directory ?? fileURLToPath(new URL('../../../assets/viewer/', import.meta.url));
  const paths = new Map(viewerFileNames.map((name) => [pathOnServer(name), join(own, name)]));
  for (const name of viewerLibraryNames) {
    paths.set(`/viewer/${name}`, directory ? join(directory, name) : viewerLibraryPath(name));
  }
  const pages = new Set([...paths.keys()].filter((path) => !path.startsWith('/viewer/')));
  return { paths, pages, reading: new Map(), given: new Map() };
}

const statisticsPage = '/stat';

const sectionOf = (path: string): PageSection => (path === statisticsPage ? 'stat' : 'viewer');

function pathOnServer(name: string): string {
  if (name === 'index.html') return '/';
  if (name === 'stat.html') return statisticsPage;
  return name.endsWith('.html') ? `/${name}` : `/viewer/${name}`;
}

/** Answers with the file at `path`; false when there is none. */
export async function sendViewerFile(
  files: ViewerFiles,
  path: string,
  { headers, method }: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const file = files.paths.get(path);
  if (file === undefined) return false;
  const bytes = await readOnce(files, file);
  const isPage = file.endsWith('.html');
  const body = isPage
    ? Buffer.from(viewerPage(bytes.toString('utf8'), sectionOf(path), headers['accept-language']))
    : bytes;
  const tag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  response.setHeader('etag', tag);
  // Asked for each time, so that a page never gets the scripts of another version; what it has is not sent again.
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('vary', 'accept-language, accept-encoding');
  if (headers['if-none-match'] === tag) {
    response.writeHead(304);
    response.end();
    return true;
  }
  const isGzip = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  const given = files.given.get(tag) ?? { plain: body, gzip: undefined };
  files.given.set(tag, given);
  const content = await (isGzip ? (given.gzip ??= promisify(gzip)(body)) : given.plain);
  response.writeHead(200, {
    ...(isGzip && { 'content-encoding': 'gzip' }),
    'content-type': contentTypes[extname(file)] ?? contentTypes['.js'],
    'content-length': content.byteLength,
    'content-security-policy': contentSecurityPolicy(path === '/player.html' ? '*' : "'none'"),
    'cross-origin-resource-policy': 'same-origin',
  });
  response.end(method === 'HEAD' ? undefined : content);
  return true;
}

function readOnce({ reading }: ViewerFiles, file: string): Promise<Buffer> {
  const known = reading.get(file);
  if (known !== undefined) return known;
  const bytes = readFile(file).finally(() => reading.delete(file));
  reading.set(file, bytes);
  return bytes;
}
