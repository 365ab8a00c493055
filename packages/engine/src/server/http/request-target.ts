import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../access/play-access.js';
import type { RequestOrigin } from './request-origin.js';

/** What a request asks for. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

export function parseTarget({ url = '/' }: IncomingMessage): RequestTarget {
  const [path = '/', search = ''] = url.split(/\?(.*)/s, 2);
  return { path, query: new URLSearchParams(search) };
}

export const credentialsOf = (request: IncomingMessage): Credentials => ({
  query: parseTarget(request).query,
  authorization: request.headers.authorization,
});

export const originOf = ({ socket, headers }: IncomingMessage): RequestOrigin => ({
  ...{ localAddress: socket.localAddress, host: headers.host, origin: headers.origin },
});
