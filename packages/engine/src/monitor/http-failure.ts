import { appError, type AppError } from '@tallylight/contract';

/** What may be told of an address: a path or a query may hold a token. */
export function hostOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** Why nothing came from an address, as the system or `fetch` says it. */
export function httpFailure(url: string, error: unknown): AppError {
  const { host, port } = hostOf(url);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return appError('HOST_NOT_FOUND', { host }, { cause: error });
    case 'ECONNREFUSED':
      return appError('CONNECTION_REFUSED', { host, port }, { cause: error });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return appError('HOST_UNREACHABLE', { host }, { cause: error });
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return appError('CONNECT_TIMEOUT', { host, port }, { cause: error });
    default: {
      const why = cause instanceof Error ? cause.message : String(cause);
      return appError('CONNECTION_LOST', { host, reason: why }, { cause: error });
    }
  }
}
