import type { Socket } from 'node:net';
import { withResolvers, type PromiseWithResolvers } from '../async/with-resolvers.js';
import type { OutputLimit } from '../session/protocol-channel.js';
import { RtmpError } from '../session/rtmp-error.js';
import { Pacer } from './pacer.js';

/** Bytes in the socket's own queue beyond which a writer is asked to wait. */
const maxQueuedBytes = 64 * 1024;

/** A peer that holds us up and does not acknowledge for so long is not waited for again: some acknowledge seldom. */
const heldUpMs = 2_000;

/** What a writer waits for while the socket takes more: always the same, so that it can be told. */
export const nothingToWaitFor: Promise<void> = Promise.resolve();

export interface SocketWriterOptions {
  /** A socket that takes nothing for so long, while somebody waits, is destroyed. */
  readonly stallMs: number;
  /** The fastest that anything may leave; as fast as it goes by default. */
  readonly bitsPerSecond?: number | undefined;
  /** What the peer is to acknowledge first; looked at whenever something is written, if only nothing. */
  readonly limit: OutputLimit;
}

/**
 * Writes pieces to a socket so that they leave together and uncopied, and makes writers wait while it is behind.
 *
 * Nobody waits for ever: a limit of the peer's is forgotten when acknowledgements fail to come, and a socket that takes
 * nothing for `stallMs` is destroyed.
 */
export class SocketWriter {
  readonly #socket: Socket;
  readonly #options: SocketWriterOptions;
  readonly #pacer: Pacer | undefined;
  #bytes = 0;
  #draining: PromiseWithResolvers | undefined;
  #stallTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: SocketWriterOptions) {
    this.#socket = socket;
    this.#options = options;
    const { bitsPerSecond } = options;
    if (bitsPerSecond !== undefined) {
      this.#pacer = new Pacer(bitsPerSecond, (pieces) => {
        this.#send(pieces);
        if (!this.#isBehind) this.#settle();
      });
    }
    socket.on('drain', () => {
      if (!this.#isBehind) this.#settle();
    });
  }

  /** Bytes that have been handed to the operating system. */
  get bytesSent(): number {
    return this.#bytes - this.#socket.writableLength;
  }

  /** Bytes that wait for their turn to come to the socket. */
  get bytesPaced(): number {
    return this.#pacer?.bytesWaiting ?? 0;
  }

  /** Bytes that wait for their turn or in the socket's queue. */
  get bytesQueued(): number {
    return this.#socket.writableLength + this.bytesPaced;
  }

  /** @returns as `ready` does. */
  write(pieces: readonly Uint8Array[]): Promise<void> {
    if (!this.#socket.writable) return nothingToWaitFor;
    if (this.#pacer !== undefined) this.#pacer.push(pieces);
    else if (pieces.length > 0) this.#send(pieces);
    // Nothing tells when the peer has acknowledged, but that what it sent is then answered.
    if (this.#draining !== undefined && !this.#isBehind) this.#settle();
    return this.ready();
  }

  /** @returns `nothingToWaitFor` while the socket takes more, else what resolves when it has caught up. */
  ready(): Promise<void> {
    return this.#isBehind ? this.#drained() : nothingToWaitFor;
  }

  /** Holds nothing back any more, because nothing is to follow. */
  flush(): void {
    this.#pacer?.flush();
  }

  /** Ends all waiting; to be called when the connection has ended. */
  fail(error: RtmpError): void {
    this.#pacer?.stop();
    this.#settle(error);
  }

  get #isBehind(): boolean {
    return this.bytesQueued > maxQueuedBytes || this.#options.limit.isHeldUp;
  }

  #send(pieces: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    const [first] = pieces;
    if (pieces.length === 1 && first !== undefined) {
      this.#bytes += first.length;
      socket.write(first);
      return;
    }
    // Corked writes go out with one writev.
    socket.cork();
    for (const piece of pieces) {
      this.#bytes += piece.length;
      socket.write(piece);
    }
    socket.uncork();
  }

  #drained(): Promise<void> {
    if (this.#draining === undefined) {
      this.#draining = withResolvers();
      // Writers may look away from the promise; the connection's end is told elsewhere too.
      this.#draining.promise.catch(() => undefined);
      this.#watch();
    }
    return this.#draining.promise;
  }

  #watch(): void {
    const { stallMs, limit } = this.#options;
    const patienceMs = Math.min(heldUpMs, stallMs / 2);
    let before = this.#progress;
    let since = performance.now();
    this.#stallTimer = setInterval(() => {
      const now = performance.now();
      const { isHeldUp, bytes } = this.#progress;
      if (isHeldUp !== before.isHeldUp || bytes > before.bytes) {
        before = { isHeldUp, bytes };
        since = now;
      } else if (isHeldUp && now - since >= patienceMs) {
        limit.forget();
        if (!this.#isBehind) this.#settle();
      } else if (now - since >= stallMs) {
        const words = `nothing could be sent for ${stallMs / 1000} s`;
        this.#socket.destroy(new RtmpError('timeout', 'streaming', words));
      }
    }, patienceMs / 4);
  }

  /** While the peer holds us up, what leaves are pings and the like, and only acknowledgements show that it goes on. */
  get #progress(): { readonly isHeldUp: boolean; readonly bytes: number } {
    const { isHeldUp, acknowledged } = this.#options.limit;
    return { isHeldUp, bytes: isHeldUp ? acknowledged : this.bytesSent };
  }

  #settle(error?: RtmpError): void {
    clearInterval(this.#stallTimer);
    const draining = this.#draining;
    this.#draining = undefined;
    if (error === undefined) draining?.resolve();
    else draining?.reject(error);
  }
}
