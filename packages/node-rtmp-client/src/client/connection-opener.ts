import { traceMessages } from '../net/message-tracer.js';
import { nodeDigests } from '../net/node-digests.js';
import { openSocket } from '../net/open-socket.js';
import { deadlineOf, PhaseRunner } from '../net/phase-runner.js';
import type { RtmpAddress, ShownAddress } from '../address/rtmp-address.js';
import { resolveTcUrl } from '../address/rtmp-url.js';
import {
  answerAuthChallenge,
  parseAuthChallenge,
  type Credentials,
} from '../session/auth-challenge.js';
import { libraryCapabilities, type Capabilities } from '../session/capabilities.js';
import { RtmpError, type RtmpProblem } from '../session/rtmp-error.js';
import { ClientConnection } from './client-connection.js';
import type { ConnectOptions } from './connect-options.js';
import { appQuery, locatedError, shownAddress } from './located-error.js';

/** A server that sends us on and on must come to an end. */
const maxRedirects = 5;
/** Asked for the name, then for the proof. */
const maxChallenges = 2;

export interface ConnectionOpenerOptions extends ConnectOptions {
  /** Whether `connect` says what a player can take. */
  readonly plays: boolean;
  /** Whether anything may be published; true by default. */
  readonly publishes?: boolean;
  /** Whether the address comes from a server, and may hold what must not be shown. */
  readonly addressIsFromServer?: boolean;
  /** Never told: stream keys that are not asked for yet. */
  readonly secrets: readonly string[];
}

/**
 * The way to a connection: phase by phase, through authentication and redirects, RTMP 1.0 §7.2.1.1 and, beyond it, what
 * Adobe's and Limelight's servers do.
 */
export class ConnectionOpener {
  readonly #phases: PhaseRunner;
  readonly #options: ConnectionOpenerOptions;
  #address: RtmpAddress;
  #shown: ShownAddress;
  /** What is appended to the application, without the "?". */
  #proof = '';
  #challenges = 0;
  #redirects = 0;

  constructor(options: ConnectionOpenerOptions) {
    this.#options = options;
    this.#address = options.address;
    const fromServer = options.addressIsFromServer === true ? this.#secrets : [];
    this.#shown = shownAddress(options.address, fromServer);
    this.#phases = new PhaseRunner(options);
  }

  /** Where it leads, as it may be shown. */
  get shownUrl(): string {
    return this.#shown.url;
  }

  /** @throws RtmpError, with host and port in its data. */
  connect(): Promise<ClientConnection> {
    return this.#locating(() => this.#connect(this.#phases));
  }

  /**
   * Connects, and does `work` over the connection; again over another one when the server answers with a redirect, as
   * some do only when they know the stream. The connection is dropped when it comes to nothing.
   *
   * @param work is told by its signal when its result is no longer wanted.
   * @throws RtmpError, with host and port in its data.
   */
  open<T>(
    phase: 'publish' | 'play',
    work: (connection: ClientConnection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.#locating(async () => {
      const first = await this.#connect(this.#phases);
      return this.#phases.run(phase, (signal) =>
        this.#following(first, signal, (connection) => work(connection, signal)),
      );
    });
  }

  async #connect(phases: PhaseRunner): Promise<ClientConnection> {
    let connection: ClientConnection | undefined;
    try {
      connection = await this.#connectSocket(phases);
      let latest = connection;
      return await phases.run(
        'connect',
        async (signal) => {
          signal.addEventListener('abort', () => latest.abort());
          for (;;) {
            try {
              await latest.reaches('streaming');
              return latest;
            } catch (error) {
              this.#prepareAgain(latest, error);
              latest = await this.#connectSocket(phases.within(signal));
              if (signal.aborted) latest.abort();
            }
          }
        },
        () => this.#shown.app,
      );
    } catch (error) {
      connection?.abort();
      throw error;
    }
  }

  async #following<T>(
    connection: ClientConnection,
    signal: AbortSignal,
    work: (connection: ClientConnection) => Promise<T>,
  ): Promise<T> {
    for (let latest = connection; ;) {
      const onAbort = (): void => latest.abort();
      signal.addEventListener('abort', onAbort);
      try {
        return await work(latest);
      } catch (error) {
        latest.abort();
        if (latest.remedy?.type !== 'redirect') throw error;
        this.#prepareAgain(latest, error);
        latest = await this.#connect(this.#phases.within(signal));
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    }
  }

  /** A connection whose handshake is done and that waits for the answer to `connect`. */
  async #connectSocket(phases: PhaseRunner): Promise<ClientConnection> {
    const { deadlines, plays, publishes, capabilities = libraryCapabilities } = this.#options;
    const { onEvent, onMessage, pacing, handshake = 'simple' } = this.#options;
    const address = this.#address;
    const socket = await openSocket(address, this.#options, phases);
    const connection = new ClientConnection(socket, {
      session: {
        ...{ app: this.#proven(address.app), tcUrl: this.#proven(address.tcUrl) },
        ...{ plays, publishes, capabilities },
        secrets: this.#secrets,
        handshake: { kind: handshake, digests: nodeDigests },
        onMessage: onMessage && traceMessages(onMessage, this.#secrets),
      },
      address,
      shown: this.#shown,
      stallMs: deadlineOf('streaming', deadlines),
      closeMs: deadlineOf('close', deadlines),
      bitsPerSecond: pacing?.bitsPerSecond,
      onEvent,
    });
    try {
      await phases.run('handshake', () => connection.reaches('connect'));
      return connection;
    } catch (error) {
      connection.abort();
      throw error;
    }
  }

  /**
   * Changes what is said next by what the server said when it refused `connection`.
   * @throws the refusal when nothing helps.
   */
  #prepareAgain({ remedy }: ClientConnection, refusal: unknown): void {
    if (remedy === undefined || !(refusal instanceof RtmpError)) throw refusal;
    if (remedy.type === 'redirect') {
      if (++this.#redirects > maxRedirects) {
        const words = `it redirects more than ${maxRedirects} times`;
        throw again(refusal, 'connect-rejected', words, 'too-many-redirects');
      }
      this.#address = resolveTcUrl(remedy.url, this.#address);
      this.#shown = shownAddress(this.#address, this.#secrets);
      this.#proof = '';
      this.#challenges = 0;
      return;
    }
    const challenge = parseAuthChallenge(remedy.description);
    if (challenge === undefined) throw refusal;
    if (challenge.type === 'unknown-scheme') {
      const words = 'it asks for a kind of authentication that is not known';
      throw again(refusal, 'unsupported', words, 'unknown-authentication');
    }
    const credentials = this.#credentials;
    if (credentials === undefined) throw again(refusal, 'auth-required', 'it asks who publishes');
    if (challenge.type === 'failed' || ++this.#challenges > maxChallenges) {
      throw again(refusal, 'auth-failed', 'it does not take the user name and password');
    }
    const [app = ''] = this.#address.app.split('?');
    this.#proof = answerAuthChallenge(challenge, credentials, app, nodeDigests);
  }

  #proven(text: string): string {
    if (this.#proof === '') return text;
    return `${text}${text.includes('?') ? '&' : '?'}${this.#proof}`;
  }

  get #credentials(): Credentials | undefined {
    return this.#options.credentials ?? this.#options.address.credentials;
  }

  get #secrets(): string[] {
    const { secrets, address } = this.#options;
    const credentials = this.#credentials;
    // The one thing in a proof that is worth hiding.
    const response = /&response=([^&]+)/.exec(this.#proof)?.[1];
    return [
      ...secrets,
      ...appQuery(address),
      ...appQuery(this.#address),
      ...(credentials === undefined ? [] : [credentials.user, credentials.password]),
      ...(response === undefined ? [] : [response]),
    ];
  }

  /** What a connection says of itself is located; what happens before there is one, and around it, is located here. */
  async #locating<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof RtmpError ? locatedError(error, this.#shown) : error;
    }
  }
}

/** The same refusal, understood. */
const again = (
  { phase, data, cause }: RtmpError,
  code: RtmpError['code'],
  reason: string,
  problem?: RtmpProblem,
): RtmpError => {
  const { serverCode } = data;
  const more = {
    ...(serverCode !== undefined && { serverCode }),
    ...(problem !== undefined && { problem }),
  };
  return new RtmpError(code, phase, reason, more, { cause });
};

/** What is declared to a server; `follows` tells whether requests to reconnect are followed. */
export const declaredCapabilities = (
  { capabilities }: Pick<ConnectOptions, 'capabilities'>,
  follows: boolean,
): Capabilities => capabilities ?? (follows ? libraryCapabilities : withoutReconnect);

const withoutReconnect: Capabilities = {
  ...libraryCapabilities,
  capsEx: { ...libraryCapabilities.capsEx, reconnect: false },
};
