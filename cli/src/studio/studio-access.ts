import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const secret = (): string => randomBytes(32).toString('base64url');

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/**
 * Decides who may talk to the studio: the browser that opened its one-time link, and no other page, program or user of
 * this machine.
 *
 * The token stands in the browser's argument list for a moment, where other users of the machine may read it. It is good
 * once: whoever uses it first leaves the other with a page that says so.
 */
export class StudioAccess {
  readonly #session = secret();
  readonly #hosts: readonly string[];
  readonly #cookieName: string;
  #token: string | undefined = secret();

  constructor(port: number) {
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    // Cookies are shared between the ports of a host; two studios must not take each other's.
    this.#cookieName = `tallylight-${port}`;
  }

  /** The link's path with its token. */
  get path(): string {
    return `/?token=${this.#token ?? ''}`;
  }

  /**
   * Whether a request is addressed to this machine by a name of its own. A foreign name that resolves to 127.0.0.1 (DNS
   * rebinding) would make us part of a foreign origin.
   */
  isAddressedToUs(request: IncomingMessage): boolean {
    return this.#hosts.includes(request.headers.host ?? '');
  }

  /** Whether a WebSocket was opened by our own page. Programs that are not browsers may claim so; they lack the cookie. */
  isFromOurPage(request: IncomingMessage): boolean {
    return request.headers.origin === `http://${request.headers.host ?? ''}`;
  }

  /** Exchanges the token for a cookie, once. Returns the `Set-Cookie` header. */
  redeem(token: string): string | undefined {
    if (this.#token === undefined || !equal(token, this.#token)) return undefined;
    this.#token = undefined;
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  hasCookie(request: IncomingMessage): boolean {
    return (request.headers.cookie ?? '').split(';').some((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === this.#cookieName && value !== undefined && equal(value, this.#session);
    });
  }
}
