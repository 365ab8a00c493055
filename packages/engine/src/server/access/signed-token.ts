import { createHmac } from 'node:crypto';
import { isSameSecret } from './same-secret.js';

/** What a token lets its holder play, and until when. */
export interface TokenClaims {
  /** `APP/STREAM`; undefined: every stream. */
  readonly stream: string | undefined;
  /** Milliseconds since the epoch; a token has whole seconds. */
  readonly until: number;
}

export type TokenCheck =
  | ({ readonly type: 'valid' } & TokenClaims)
  /** It was one. */
  | { readonly type: 'expired' }
  | { readonly type: 'wrong' };

/** Longer than the longest name that a stream has; no more is looked at. */
const maxLength = 4096;
const everyStream = '*';

/**
 * `SCOPE.EXPIRES.SIGNATURE`: the stream (`APP/STREAM` in base64url, or `*` for every one), the seconds since the epoch at
 * which it expires, and HMAC-SHA256 over `SCOPE.EXPIRES` in base64url. Every character stands for itself in a URL's query.
 */
export function signToken(secret: string | Buffer, { stream, until }: TokenClaims): string {
  const scope = stream === undefined ? everyStream : Buffer.from(stream).toString('base64url');
  const claims = `${scope}.${Math.floor(until / 1000)}`;
  return `${claims}.${signatureOf(secret, claims)}`;
}

/** @param now milliseconds since the epoch. */
export function readToken(secret: string | Buffer, token: string, now: number): TokenCheck {
  if (token.length > maxLength) return { type: 'wrong' };
  const [, scope, expires, signature] = /^([\w-]+|\*)\.(\d{1,12})\.([\w-]{43})$/.exec(token) ?? [];
  if (scope === undefined || expires === undefined || signature === undefined)
    return { type: 'wrong' };
  if (!isSameSecret(signature, signatureOf(secret, `${scope}.${expires}`)))
    return { type: 'wrong' };
  const until = Number(expires) * 1000;
  if (until <= now) return { type: 'expired' };
  const stream = scope === everyStream ? undefined : Buffer.from(scope, 'base64url').toString();
  return { type: 'valid', stream, until };
}

const signatureOf = (secret: string | Buffer, claims: string): string =>
  createHmac('sha256', secret).update(claims).digest('base64url');
