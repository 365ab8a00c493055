import { randomBytes } from 'node:crypto';
import { isSameSecret } from './same-secret.js';
import type { WebHook } from './web-hook.js';
import { readToken, signToken, type TokenClaims } from './signed-token.js';

/** Why somebody may not play; each has its words in `messages/pages`. */
export type PlayRefusal =
  | 'playKeyMissing'
  | 'playKeyWrong'
  | 'linkExpired'
  | 'linkElsewhere'
  | 'hookRefused'
  | 'hookSilent';

/** What somebody who wants to watch has to show. */
export interface Credentials {
  /** `key`, `token` or `session`. */
  readonly query: URLSearchParams;
  /** The header `Authorization`; programs keep the key out of addresses with it. */
  readonly authorization?: string | undefined;
}

export interface RefusedPlayer {
  readonly app: string;
  /** As in {@link PlayAccess.admit}. */
  readonly remote: string;
  readonly why: PlayRefusal;
}

export type Identity =
  | ({ readonly type: 'known' } & TokenClaims)
  | { readonly type: 'refused'; readonly why: PlayRefusal };

export type Admission =
  | {
      readonly type: 'admitted';
      /** Milliseconds since the epoch; Infinity where nothing expires. */
      readonly until: number;
      /** What every address of the stream's further parts has at its end: nothing where everybody may watch. */
      readonly suffix: string;
    }
  | { readonly type: 'refused'; readonly why: PlayRefusal };

/** Who has given the key is let in for one to two times this long, and asked again then. */
const sessionMs = 24 * 60 * 60 * 1000;

/**
 * Decides who may play. The key itself comes once; what stands in playlists, manifests and pages instead are tokens that
 * expire. Those of playlists, the sessions, are signed with a secret of this process, so that nobody can try keys on them.
 */
export class PlayAccess {
  readonly #key: string | undefined;
  readonly #hook: WebHook | undefined;
  readonly #onRefused: (who: RefusedPlayer) => void;
  readonly #sessionSecret = randomBytes(32);

  /**
   * @param key absent: nobody needs one
   * @param hook is asked for each who has no session yet
   * @param onRefused is told of each who may not play
   */
  constructor(
    key?: string,
    hook?: WebHook,
    onRefused: (who: RefusedPlayer) => void = () => undefined,
  ) {
    this.#key = key;
    this.#hook = hook;
    this.#onRefused = onRefused;
  }

  /** Everybody may play, and nobody is asked. */
  get isOpen(): boolean {
    return !this.wantsKey && this.#hook === undefined;
  }

  get wantsKey(): boolean {
    return this.#key !== undefined;
  }

  /** Who gives a key or a link, whatever it is for. */
  identify({ query, authorization }: Credentials): Identity {
    const now = Date.now();
    if (this.#key === undefined) return { type: 'known', stream: undefined, until: Infinity };
    const key = query.get('key') ?? /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
    if (key) {
      if (!isSameSecret(key, this.#key)) return { type: 'refused', why: 'playKeyWrong' };
      return { type: 'known', stream: undefined, until: dayOrTwo(now) };
    }
    const token = query.get('token');
    return token ? this.#read(this.#key, token, now) : { type: 'refused', why: 'playKeyMissing' };
  }

  /** Who wants to play this stream. */
  async admit(
    app: string,
    name: string,
    credentials: Credentials & { readonly remote: string },
  ): Promise<Admission> {
    const admission = await this.#decide(app, name, credentials);
    if (admission.type === 'refused')
      this.#onRefused({ app, remote: credentials.remote, why: admission.why });
    return admission;
  }

  async #decide(
    app: string,
    name: string,
    credentials: Credentials & { readonly remote: string },
  ): Promise<Admission> {
    if (this.isOpen) return { type: 'admitted', until: Infinity, suffix: '' };
    const session = credentials.query.get('session');
    const identity = session
      ? this.#read(this.#sessionSecret, session, Date.now())
      : this.identify(credentials);
    if (identity.type === 'refused') return identity;
    if (!covers(identity, app, name)) return { type: 'refused', why: 'linkElsewhere' };
    const { until } = identity;
    if (session) return { type: 'admitted', until, suffix: `?session=${session}` };
    const { remote, query } = credentials;
    const answer = await this.#hook?.ask({ app, name, remote, query });
    if (answer?.type === 'refused') return answer;
    const claims = { stream: `${app}/${name}`, until: Math.min(until, dayOrTwo(Date.now())) };
    return {
      type: 'admitted',
      until,
      suffix: `?session=${signToken(this.#sessionSecret, claims)}`,
    };
  }

  /** A link's token for those who are known, for one stream or, as far as they may, every one. */
  tokenFor(identity: TokenClaims, stream = identity.stream): string | undefined {
    return this.#key === undefined
      ? undefined
      : signToken(this.#key, { stream, until: identity.until });
  }

  #read(secret: string | Buffer, token: string, now: number): Identity {
    const check = readToken(secret, token, now);
    if (check.type === 'valid') return { ...check, type: 'known' };
    return { type: 'refused', why: check.type === 'expired' ? 'linkExpired' : 'playKeyWrong' };
  }
}

/** The same for all of a day, so that a manifest that is asked for again has the same addresses. */
const dayOrTwo = (now: number): number => (Math.ceil(now / sessionMs) + 1) * sessionMs;

/** Whether a stream is one of those that somebody may play. */
export const covers = ({ stream }: TokenClaims, app: string, name: string): boolean =>
  stream === undefined || stream === `${app}/${name}`;
