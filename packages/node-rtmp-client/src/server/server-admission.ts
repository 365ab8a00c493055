import { nodeDigests } from '../net/node-digests.js';
import type { AuthScheme } from '../session/auth-challenge.js';
import { RtmpError } from '../session/rtmp-error.js';
import {
  namesScheme,
  ServerAuthentication,
  withoutAuthentication,
} from '../session/server-authentication.js';
import type { ConnectRequest } from '../session/server-requests.js';
import type { ConnectRejection } from '../session/server-session.js';
import type { RtmpConnectRequest } from './rtmp-connect-request.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';

/** Makes clients authenticate, whatever they are about to do. */
export interface RtmpAuthenticationOptions {
  /** How; the first one is proposed to clients that name none. ffmpeg, OBS and encoders of hardware know both. */
  readonly schemes: readonly [AuthScheme, ...AuthScheme[]];
  /** A user's password; undefined when there is no such user. The schemes need it as it is, not as a hash. */
  readonly password: (user: string) => string | undefined | Promise<string | undefined>;
  /**
   * Whom to ask; absent: everybody. Clients tell nothing of their credentials before they are asked, and most of those
   * who have none give up then. Who brings an answer unasked must bring the right one.
   */
  readonly asks?: (client: Pick<RtmpConnectRequest, 'app' | 'query' | 'flashVersion'>) => boolean;
  /** Is told of a wrong password, or a user who is not there. */
  readonly onWrongPassword?: (client: Pick<RtmpConnectRequest, 'app' | 'remote'>) => void;
}

export type Admission =
  | { readonly type: 'accepted'; readonly user: string | undefined }
  | { readonly type: 'rejected'; readonly rejection: ConnectRejection }
  /** What was asked could not answer. */
  | { readonly type: 'failed'; readonly error: RtmpError };

/** Decides who is let in: authentication first, then the owner's handler. */
export class ServerAdmission {
  readonly #onConnect: RtmpServerHandlers['onConnect'];
  readonly #options: RtmpAuthenticationOptions | undefined;
  readonly #authentication: ServerAuthentication | undefined;

  constructor(handlers: RtmpServerHandlers, options: RtmpAuthenticationOptions | undefined) {
    this.#onConnect = handlers.onConnect;
    this.#options = options;
    this.#authentication =
      options &&
      new ServerAuthentication({
        schemes: options.schemes,
        digests: nodeDigests,
        secret: crypto.getRandomValues(new Uint8Array(32)),
      });
  }

  /** True when everybody is let in, and nobody needs to wait. */
  get isOpen(): boolean {
    return this.#onConnect === undefined && this.#authentication === undefined;
  }

  /** Never rejects. */
  async decide(request: ConnectRequest, remote: string): Promise<Admission> {
    try {
      const identified = await this.#identify(request, remote);
      if (identified.type !== 'accepted' || this.#onConnect === undefined) return identified;
      return await this.#ask(request, remote, identified.user);
    } catch (cause) {
      const reason = 'what decides who may connect failed';
      return {
        type: 'failed',
        error: new RtmpError('aborted', 'connect', reason, {}, { cause }),
      };
    }
  }

  async #identify(request: ConnectRequest, remote: string): Promise<Admission> {
    const { app, query } = request;
    const isAsked = namesScheme(query) || (this.#options?.asks?.(request) ?? true);
    if (this.#authentication === undefined || !isAsked)
      return { type: 'accepted', user: undefined };
    const step = this.#authentication.check(app, query, performance.now());
    if (step.type === 'refuse') return rejected(step.description);
    const words = step.verify(await this.#options?.password(step.user));
    if (words === undefined) return { type: 'accepted', user: step.user };
    this.#options?.onWrongPassword?.({ app, remote });
    return rejected(words);
  }

  #ask(
    { app, tcUrl, query, flashVersion, capabilities }: ConnectRequest,
    remote: string,
    user: string | undefined,
  ): Promise<Admission> {
    return new Promise((resolve, reject) => {
      const handled = this.#onConnect?.({
        ...{ app, tcUrl, query: withoutAuthentication(query), flashVersion, remote },
        ...{ capabilities, user },
        accept: () => resolve({ type: 'accepted', user }),
        reject: (code, description) =>
          resolve({ type: 'rejected', rejection: { code, description } }),
        redirect: (url) =>
          resolve({
            type: 'rejected',
            rejection: { description: 'Please connect elsewhere.', redirect: url },
          }),
      });
      void Promise.resolve(handled).catch(reject);
    });
  }
}

const rejected = (description: string): Admission => ({
  type: 'rejected',
  rejection: { description },
});
