import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { viewerPage } from './viewer-page.js';

/** Everything from this server; `blob:` because Media Source Extensions hand their video over as one. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface ViewerFile {
  readonly path: () => string;
  readonly contentType: string;
}

/** The files of the viewer page, by their paths on the server. */
export type ViewerFiles = ReadonlyMap<string, ViewerFile>;

/**
 * @param directory where `index.html`, `viewer.js`, `viewer.css` and, in an application that was bundled, `mpegts.js`
 *   are; absent: the page of this package and the player from its dependency.
 */
export function viewerFiles(directory?: string): ViewerFiles {
  // From src/server/http and from dist/server/http alike.
  const own = directory ?? fileURLToPath(new URL('../../../assets/viewer/', import.meta.url));
  const page = (name: string) => () => join(own, name);
  const player = (): string =>
    directory === undefined
      ? createRequire(import.meta.url).resolve('mpegts.js/dist/mpegts.js')
      : join(directory, 'mpegts.js');
  const script = 'text/javascript; charset=utf-8';
  return new Map([
    ['/', { path: page('index.html'), contentType: 'text/html; charset=utf-8' }],
    ['/viewer/viewer.js', { path: page('viewer.js'), contentType: script }],
    ['/viewer/viewer.css', { path: page('viewer.css'), contentType: 'text/css; charset=utf-8' }],
    ['/viewer/mpegts.js', { path: player, contentType: script }],
  ]);
}

/** Answers with the file at `path`; false when there is none. */
export async function sendViewerFile(
  files: ViewerFiles,
  path: string,
  acceptLanguage: string | undefined,
  response: ServerResponse,
): Promise<boolean> {
  const file = files.get(path);
  if (!file) return false;
  const bytes = await readFile(file.path());
  const body =
    path === '/' ? Buffer.from(viewerPage(bytes.toString('utf8'), acceptLanguage)) : bytes;
  response.writeHead(200, {
    vary: 'accept-language',
    'content-type': file.contentType,
    'content-length': body.byteLength,
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  });
  response.end(body);
  return true;
}
