import type { Digests } from '../handshake/digests.js';
import { adobeResponse } from './auth-adobe.js';
import { limelightResponse } from './auth-limelight.js';
import { hex } from './auth-text.js';

/** Who publishes or plays. Secret: neither is in any error. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Adobe's and Limelight's ways to authenticate, `authmod` in the query of the application. */
export type AuthScheme = 'adobe' | 'llnw';

/** What a server that refuses `connect` for want of authentication says in the description of its refusal. */
export type AuthChallenge =
  /** First it asks for the name. */
  | { readonly type: 'identify'; readonly scheme: AuthScheme }
  /** Then it gives what is to be hashed. */
  | {
      readonly type: 'prove';
      readonly scheme: 'adobe';
      readonly salt: string;
      readonly challenge: string;
      readonly opaque: string;
    }
  | { readonly type: 'prove'; readonly scheme: 'llnw'; readonly nonce: string }
  /** The name or the proof was wrong. */
  | { readonly type: 'failed' }
  | { readonly type: 'unknown-scheme'; readonly scheme: string };

/** Challenges are some dozen characters long; a server must not have us hash and send back whatever it likes. */
const maxValueLength = 512;

/** @returns undefined when the words are not about authentication. */
export function parseAuthChallenge(description: string): AuthChallenge | undefined {
  const values = queryOf(description);
  const reason = values.get('reason');
  if (reason === 'authfailed' || reason === 'nosuchuser') return { type: 'failed' };
  const scheme = /authmod=([\w-]{1,32})/.exec(description)?.[1];
  if (scheme === undefined) return undefined;
  if (scheme !== 'adobe' && scheme !== 'llnw') return { type: 'unknown-scheme', scheme };
  if (reason !== 'needauth') return { type: 'identify', scheme };
  const value = (name: string): string => values.get(name)?.slice(0, maxValueLength) ?? '';
  return scheme === 'adobe'
    ? {
        ...{ type: 'prove', scheme, salt: value('salt'), challenge: value('challenge') },
        opaque: value('opaque'),
      }
    : { type: 'prove', scheme, nonce: value('nonce') };
}

/**
 * What to append to the application and the URL of the next `connect`, without the "?" or "&" before it.
 *
 * @param app without a query.
 */
export function answerAuthChallenge(
  challenge: Extract<AuthChallenge, { type: 'identify' | 'prove' }>,
  { user, password }: Credentials,
  app: string,
  digests: Pick<Digests, 'md5'>,
): string {
  const { scheme } = challenge;
  const start = `authmod=${scheme}&user=${inQuery(user)}`;
  if (challenge.type === 'identify') return start;
  const random = hex(crypto.getRandomValues(new Uint8Array(4)));
  if (challenge.scheme === 'adobe') {
    const { salt, challenge: theirs, opaque } = challenge;
    const response = adobeResponse(
      { user, password, salt, challenge: theirs, opaque, clientChallenge: random },
      digests,
    );
    const rest = opaque === '' ? '' : `&opaque=${opaque}`;
    return `${start}&challenge=${random}&response=${response}${rest}`;
  }
  const { nonce } = challenge;
  const nonceCount = '00000001';
  const response = limelightResponse(
    { user, password, app, nonce, clientNonce: random, nonceCount },
    digests,
  );
  return `${start}&nonce=${nonce}&cnonce=${random}&nc=${nonceCount}&response=${response}`;
}

/** The values behind the "?". They are not percent-encoded: base64's "+" and "=" stand for themselves. */
function queryOf(description: string): Map<string, string> {
  const query = /\?(\S*)/.exec(description)?.[1] ?? '';
  return new Map(
    query.split('&').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Names go as they are, but for what would end them. */
const inQuery = (text: string): string => text.replace(/[%&?#=\s]/gu, encodeURIComponent);
