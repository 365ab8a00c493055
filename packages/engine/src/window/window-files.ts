import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/**
 * What the window may do, the same in both shells. Blobs are for the preview picture and for the AAC encoder, which
 * starts its worker from one; WebAssembly is that encoder.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer that a shell gives to its window, pages that refuse included. */
export const windowSecurityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'permissions-policy': 'camera=(self), microphone=(self), geolocation=(), usb=(), serial=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

export interface WindowFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/**
 * Reads a file of the built window. `pathname` is the path of a URL, still percent-encoded; `/` is the page.
 *
 * Returns `undefined` for anything that is not a file of a known type inside `directory`.
 */
export async function readWindowFile(
  directory: string,
  pathname: string,
): Promise<WindowFile | undefined> {
  const path = locate(directory, pathname);
  const contentType = path && contentTypes[extname(path)];
  if (!path || !contentType) return undefined;
  try {
    return { body: new Uint8Array(await readFile(path)), contentType };
  } catch {
    // Absent, a folder, or unreadable: all the same to the window.
    return undefined;
  }
}

function locate(directory: string, pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return undefined;
  const root = resolve(directory);
  const path = resolve(root, `.${decoded === '/' ? '/index.html' : decoded}`);
  return path.startsWith(root + sep) ? path : undefined;
}
