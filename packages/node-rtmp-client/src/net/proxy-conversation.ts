import type { Socket } from 'node:net';
import { RtmpError } from '../session/rtmp-error.js';
import { networkError } from './network-error.js';
import { plainBytes } from './plain-bytes.js';

/**
 * Question and answer with a proxy over a socket that nobody reads yet. What follows the proxy's answers is the
 * server's, and is put back by `end`.
 */
export class ProxyConversation {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #held: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
  }

  write(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  /** @throws RtmpError when the connection ends first. */
  async read(length: number): Promise<Uint8Array> {
    while (this.#held.length < length) await this.#more();
    return plainBytes(this.#consume(length));
  }

  /** Reads as far as `mark`, and with it. @throws RtmpError when it does not come within `maxLength` bytes. */
  async readUntil(mark: string, maxLength: number): Promise<string> {
    for (;;) {
      const at = this.#held.indexOf(mark, 0, 'latin1');
      if (at >= 0) return this.#consume(at + mark.length).toString('latin1');
      if (this.#held.length > maxLength) {
        throw new RtmpError('proxy-rejected', 'proxy', 'its answer has no end');
      }
      await this.#more();
    }
  }

  /** Nothing more is said to the proxy. */
  end(): void {
    if (this.#held.length > 0) this.#socket.unshift(this.#held);
  }

  #consume(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  /** Takes all there is: a socket that is left with less than is wanted calls itself readable again and again. */
  async #more(): Promise<void> {
    for (;;) {
      const bytes = this.#socket.read() as Buffer | null;
      if (bytes !== null) {
        this.#held = Buffer.concat([this.#held, bytes]);
        return;
      }
      await this.#readable();
    }
  }

  /** Resolves when there may be more to read. */
  #readable(): Promise<void> {
    const socket = this.#socket;
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      const cleanUp = (): void => {
        signal.removeEventListener('abort', onEnd);
        socket.off('readable', onReadable).off('error', onError).off('end', onEnd);
        socket.off('close', onEnd);
      };
      const onReadable = (): void => {
        cleanUp();
        // The end of the stream makes it readable, too.
        if (socket.readableEnded) onEnd();
        else resolve();
      };
      const onError = (error: Error): void => {
        cleanUp();
        reject(networkError(error, 'proxy'));
      };
      const onEnd = (): void => {
        cleanUp();
        reject(new RtmpError('proxy-rejected', 'proxy', 'it closed the connection'));
      };
      if (signal.aborted || socket.destroyed || socket.readableEnded) {
        onEnd();
        return;
      }
      signal.addEventListener('abort', onEnd);
      socket.on('readable', onReadable).on('error', onError).on('end', onEnd).on('close', onEnd);
    });
  }
}
