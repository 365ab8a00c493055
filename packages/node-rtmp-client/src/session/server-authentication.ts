import type { Digests } from '../handshake/digests.js';
import { adobeResponse } from './auth-adobe.js';
import type { AuthScheme } from './auth-challenge.js';
import { limelightResponse } from './auth-limelight.js';
import { hex } from './auth-text.js';

export interface ServerAuthenticationOptions {
  /** The first one is proposed to clients that name none. */
  readonly schemes: readonly [AuthScheme, ...AuthScheme[]];
  readonly digests: Digests;
  /** Known to nobody else; challenges that it signed are known again. */
  readonly secret: Uint8Array;
}

/** What a client's `connect` amounts to. */
export type AuthenticationStep =
  /** It is to be refused with these words, which hold the challenge that the client answers when it comes again. */
  | { readonly type: 'refuse'; readonly description: string }
  | {
      readonly type: 'proof';
      readonly user: string;
      /**
       * @param password of that user; undefined when there is none.
       * @returns undefined when the proof is right, else the words to refuse it with.
       */
      readonly verify: (password: string | undefined) => string | undefined;
    };

/** Milliseconds that a client has for coming back with its answer. */
const challengeMs = 60_000;
/** Challenges that were answered rightly and could otherwise be answered so again. */
const maxSpent = 10_000;
const maxUserLength = 64;
const macLength = 24;
const randomLength = 8;

/**
 * The server's side of `authmod=adobe` and `authmod=llnw`. Nothing is kept for a client that was given a challenge: the
 * challenge carries a signature, so that nobody can make the server remember more than it will.
 *
 * Neither scheme is in a specification; both come as the query of connect's application, in three connections: one to
 * be asked for a name, one to be given a challenge, and one that answers it.
 */
export class ServerAuthentication {
  readonly #options: ServerAuthenticationOptions;
  /** When each of them runs out. */
  readonly #spent = new Map<string, number>();

  constructor(options: ServerAuthenticationOptions) {
    this.#options = options;
  }

  /**
   * @param app without its query.
   * @param query that of the application.
   * @param now milliseconds.
   */
  check(app: string, query: string, now: number): AuthenticationStep {
    const { schemes, digests } = this.#options;
    const values = valuesOf(query);
    const value = (name: string): string => values.get(name) ?? '';
    const scheme = schemes.find((known) => known === value('authmod'));
    const sentUser = value('user');
    if (scheme === undefined || sentUser === '' || sentUser.length > maxUserLength) {
      return refuse(`[ code=403 need auth; authmod=${scheme ?? schemes[0]} ] : `);
    }
    const user = decoded(sentUser);
    const token = value(scheme === 'adobe' ? 'opaque' : 'nonce');
    const response = value('response');
    if (response === '' || !this.#isFresh(token, scheme, user, now)) {
      return refuse(`[ authmod=${scheme} ] : ${this.#challenge(scheme, sentUser, user, now)}`);
    }
    return {
      type: 'proof',
      user,
      verify: (password) => {
        // A user who is not there takes as long as one who is.
        const secrets = { user, password: password ?? '' };
        const expected =
          scheme === 'adobe'
            ? adobeResponse(
                {
                  ...{ ...secrets, salt: this.#salt(user), challenge: '', opaque: token },
                  clientChallenge: value('challenge'),
                },
                digests,
              )
            : limelightResponse(
                {
                  ...{ ...secrets, app, nonce: token },
                  ...{ clientNonce: value('cnonce'), nonceCount: value('nc') },
                },
                digests,
              );
        const isRight = sameText(expected, response) && password !== undefined;
        if (isRight && this.#spend(token, now)) return undefined;
        return `[ AccessManager.Reject ] : [ authmod=${scheme} ] : ?reason=authfailed`;
      },
    };
  }

  #challenge(scheme: AuthScheme, sentUser: string, user: string, now: number): string {
    const random = hex(crypto.getRandomValues(new Uint8Array(randomLength / 2)));
    const token = this.#token(scheme, user, random, now);
    // ffmpeg cuts these words off at 255 bytes, and hashes the name that it finds in them.
    const start = `?reason=needauth&user=${sentUser}`;
    return scheme === 'adobe'
      ? `${start}&salt=${this.#salt(user)}&challenge=${random}&opaque=${token}`
      : `${start}&nonce=${token}`;
  }

  #token(scheme: AuthScheme, user: string, random: string, time: number): string {
    const signed = `${scheme} ${random} ${Math.floor(time)} ${user}`;
    return `${this.#mac(signed).slice(0, macLength)}${random}${Math.floor(time).toString(36)}`;
  }

  #isFresh(token: string, scheme: AuthScheme, user: string, now: number): boolean {
    const random = token.slice(macLength, macLength + randomLength);
    const time = Number.parseInt(token.slice(macLength + randomLength), 36);
    if (!(now - time >= 0 && now - time <= challengeMs) || this.#spent.has(token)) return false;
    return sameText(token, this.#token(scheme, user, random, time));
  }

  /** @returns false when it was spent before, or too many were of late. */
  #spend(token: string, now: number): boolean {
    for (const [spent, until] of this.#spent) {
      if (until > now) break;
      this.#spent.delete(spent);
    }
    if (this.#spent.has(token) || this.#spent.size >= maxSpent) return false;
    this.#spent.set(token, now + challengeMs);
    return true;
  }

  #salt(user: string): string {
    return this.#mac(`salt ${user}`).slice(0, 12);
  }

  #mac(text: string): string {
    const { digests, secret } = this.#options;
    return hex(digests.hmacSha256(secret, new TextEncoder().encode(text)));
  }
}

/** Whether a client says how it authenticates, as those do that were asked. */
export const namesScheme = (query: string): boolean => valuesOf(query).has('authmod');

/** A query without what authenticates in it: it is of no use to anybody further on. */
export function withoutAuthentication(query: string): string {
  if (!namesScheme(query)) return query;
  const own = /^(authmod|user|challenge|opaque|response|nonce|cnonce|nc)(=|$)/;
  const others = query.split('&').filter((pair) => !own.test(pair));
  return others.join('&');
}

const refuse = (words: string): AuthenticationStep => ({
  type: 'refuse',
  description: `[ AccessManager.Reject ] : ${words}`,
});

/** Values as they are: base64's "+" and "=" stand for themselves. */
function valuesOf(query: string): Map<string, string> {
  return new Map(
    query.split(/[&?]/).map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes as long wherever the difference is. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
