import { resolveTcUrl } from '../address/rtmp-url.js';
import { RtmpError, type RtmpProblem } from '../session/rtmp-error.js';
import type { ClientConnection } from './client-connection.js';
import type { ConnectionOpenerOptions } from './connection-opener.js';

/** Two servers that point at each other must not make a client move without end. */
const maxMovesPerMinute = 3;

/** What is ready for a stream to go on over it. */
export interface Destination {
  /** Settles when nothing can go on over it any more. */
  readonly closed: Promise<RtmpError | undefined>;
  abort(): void;
}

/** The way there. @throws RtmpError */
type Prepare<D> = (signal: AbortSignal) => Promise<D>;

export interface RelocationOptions<D extends Destination> {
  readonly onReady: (destination: D) => void;
  /** @param error why the stream cannot move; undefined when the destination ended in order. */
  readonly onFailed: (error: Error | undefined) => void;
}

/**
 * Prepares a connection to where a server asks us to reconnect (Enhanced RTMP v2, "Reconnect Request"), while the
 * stream goes on where it is. A destination that is lost is prepared once more. When to leave is the owner's affair.
 */
export class Relocation<D extends Destination> {
  readonly #options: RelocationOptions<D>;
  readonly #over = new AbortController();
  #destination: D | undefined;
  #isUnderWay = false;
  /** When it moved, of late. */
  #moves: number[] = [];

  constructor(options: RelocationOptions<D>) {
    this.#options = options;
  }

  /** Aborted once nothing is to be moved any more. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** From a server's request until `moved` or `failed`. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Where the stream can go on. */
  get destination(): D | undefined {
    return this.#destination;
  }

  /** A server asks us to reconnect; without effect while a move is under way. */
  request(prepare: Prepare<D>): void {
    if (this.#isUnderWay || this.signal.aborted) return;
    this.#isUnderWay = true;
    void this.#prepare(prepare, false);
  }

  /** Hands the destination over to the caller. */
  release(): D | undefined {
    const destination = this.#destination;
    this.#destination = undefined;
    return destination;
  }

  moved(): void {
    this.#moves.push(performance.now());
    this.#isUnderWay = false;
  }

  /** What was taken came to nothing. */
  failed(): void {
    this.#isUnderWay = false;
  }

  /** Nothing comes of it, @param error says why. */
  cancel(error: RtmpError): void {
    this.release()?.abort();
    this.#fail(error);
  }

  stop(): void {
    this.#over.abort();
    this.#isUnderWay = false;
    this.release()?.abort();
  }

  async #prepare(prepare: Prepare<D>, isAgain: boolean): Promise<void> {
    try {
      this.#checkMoves();
      const destination = await prepare(this.signal);
      if (this.signal.aborted) {
        destination.abort();
        return;
      }
      this.#destination = destination;
      void destination.closed.then(async (error) => {
        if (this.#destination !== destination) return;
        this.#destination = undefined;
        destination.abort();
        if (isAgain) this.#fail(error);
        else await this.#prepare(prepare, true);
      });
      this.#options.onReady(destination);
    } catch (error) {
      this.#fail(error instanceof Error ? error : undefined);
    }
  }

  #fail(error: Error | undefined): void {
    this.failed();
    if (!this.signal.aborted) this.#options.onFailed(error);
  }

  #checkMoves(): void {
    const aMinuteAgo = performance.now() - 60_000;
    this.#moves = this.#moves.filter((time) => time > aMinuteAgo);
    if (this.#moves.length < maxMovesPerMinute) return;
    const words = `it was sent on ${maxMovesPerMinute} times within a minute`;
    const problem: RtmpProblem = 'too-many-redirects';
    throw new RtmpError('connect-rejected', 'connect', words, { problem });
  }
}

/** The options that differ for the server that we are asked to reconnect to. @throws RtmpError where that cannot be. */
export const elsewhere = (
  from: ClientConnection,
  tcUrl: string | undefined,
  signal: AbortSignal,
): Pick<ConnectionOpenerOptions, 'address' | 'addressIsFromServer' | 'signal' | 'onPhase'> => ({
  address: tcUrl === undefined ? from.address : resolveTcUrl(tcUrl, from.address),
  ...{ addressIsFromServer: true, signal, onPhase: undefined },
});
