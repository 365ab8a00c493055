import type { IncomingMessage } from 'node:http';
import { toErrorInfo } from '@tallylight/engine';
import type { WindowService } from '@tallylight/engine/window';
import type { Reply } from './reply.js';

/** Where a page puts a file whose path it does not know, by its name: `/files/NAME`. */
const uploads = /^\/files\/([^/]+)$/;

/** What is not read any more would wait in the connection. */
const close = { connection: 'close' } as const;

/** Has the body of a request played as a file. */
export async function receiveUpload(
  request: IncomingMessage,
  { pathname }: URL,
  windows: Pick<WindowService, 'receiveFile'>,
): Promise<Reply> {
  const [, encoded] = uploads.exec(pathname) ?? [];
  const name = encoded === undefined ? undefined : decode(encoded);
  if (name === undefined) return { status: 404, headers: close };
  const length = request.headers['content-length'];
  const size = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  if (size === undefined) return { status: 411, headers: close };
  try {
    await windows.receiveFile(name, size, request);
    return { status: 204 };
  } catch (error) {
    return {
      status: 422,
      headers: { ...close, 'content-type': 'application/json' },
      body: JSON.stringify(toErrorInfo(error)),
    };
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
