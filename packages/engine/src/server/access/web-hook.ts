import type { Logger } from '../../logger.js';

/** Who is about to publish or play what. */
export interface HookQuestion {
  readonly app: string;
  readonly name: string;
  /** The peer's address, as the RTMP and the HTTP side have it. */
  readonly remote: string;
  readonly query: URLSearchParams;
}

export type HookAnswer =
  /** @property name under which it is published instead, where the answer gave one. */
  | { readonly type: 'allowed'; readonly name: string | undefined }
  | { readonly type: 'refused'; readonly why: 'hookRefused' | 'hookSilent' };

export interface WebHookOptions {
  readonly url: string;
  readonly call: 'publish' | 'play';
  /** Parameters that this server has looked at itself, and tells nobody. */
  readonly secretParameters: readonly string[];
  readonly logger: Logger;
}

/** Shorter than an RTMP server waits for its owner. Milliseconds. */
const answerMs = 5000;
/** Questions at a time; whoever comes while so many wait is refused. */
const mostAtOnce = 64;
const mostArguments = 32;

/**
 * Asks a program of the owner's over HTTP who may publish or play, as nginx-rtmp's `on_publish` and `on_play` do: a POST
 * of a form with `call`, `app`, `name`, `addr` and the arguments that the client gave. 2xx allows; a redirect to a name
 * lets a publisher publish under that; everything else, and no answer in time, refuses.
 */
export class WebHook {
  readonly #options: WebHookOptions;
  readonly #url: URL;
  readonly #headers: Record<string, string> = {};
  #asking = 0;

  constructor(options: WebHookOptions) {
    this.#options = options;
    this.#url = new URL(options.url);
    const { username, password } = this.#url;
    if (username === '' && password === '') return;
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
    [this.#url.username, this.#url.password] = ['', ''];
  }

  /** Never rejects. */
  async ask(question: HookQuestion): Promise<HookAnswer> {
    const { call, logger } = this.#options;
    const { app, remote } = question;
    if (this.#asking >= mostAtOnce) {
      logger.warn({ app, remote, call }, 'too many wait for the webhook');
      return { type: 'refused', why: 'hookSilent' };
    }
    this.#asking += 1;
    try {
      return await this.#post(question);
    } catch (error) {
      // Its text may hold the address, and that a password.
      const why = error instanceof Error ? error.name : 'unknown';
      logger.warn({ app, remote, call, host: this.#url.host, why }, 'the webhook does not answer');
      return { type: 'refused', why: 'hookSilent' };
    } finally {
      this.#asking -= 1;
    }
  }

  async #post(question: HookQuestion): Promise<HookAnswer> {
    const response = await fetch(this.#url, {
      ...{ method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(answerMs) },
      ...{ headers: this.#headers, body: this.#form(question) },
    });
    await response.body?.cancel();
    if (response.ok) return { type: 'allowed', name: undefined };
    const name = response.headers.get('location') ?? '';
    const isRename =
      response.status >= 300 && response.status < 400 && /^[^/?#:\s]{1,255}$/.test(name);
    return isRename && this.#options.call === 'publish'
      ? { type: 'allowed', name }
      : { type: 'refused', why: 'hookRefused' };
  }

  #form({ app, name, remote, query }: HookQuestion): URLSearchParams {
    const { call, secretParameters } = this.#options;
    const addr = remote.replace(/ port \d+$/, '').replace(/^::ffff:/, '');
    const form = new URLSearchParams({ call, app, name, addr });
    // Whoever asks must not be able to say who asks.
    const own = new Set([...form.keys(), ...secretParameters]);
    const others = [...query].filter(([parameter]) => !own.has(parameter));
    for (const [parameter, value] of others.slice(0, mostArguments)) form.append(parameter, value);
    return form;
  }
}
