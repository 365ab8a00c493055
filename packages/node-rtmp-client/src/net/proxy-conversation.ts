import type { Socket } from 'node:net';
import { RtmpError } from '../session/rtmp-error.js';
import { networkError } from './network-error.js';
import { plainBytes } from './plain-bytes.js';

/**
 * Question and answer with a proxy over a socket that nobody reads yet. Takes off the socket what is the proxy's and no
 * more: what follows is the server's.
 */
export class ProxyConversation {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
  }

  write(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  /** @throws RtmpError when the connection ends first. */
  async read(length: number): Promise<Uint8Array> {
    for (;;) {
      const bytes = this.#socket.read(length) as Buffer | null;
      // At its end, a socket gives what is left, which is too little.
      if (bytes?.length === length) return plainBytes(bytes);
      await this.#readable();
    }
  }

  /** Reads as far as `mark`, and with it. @throws RtmpError when it does not come within `maxLength` bytes. */
  async readUntil(mark: string, maxLength: number): Promise<string> {
    let text = '';
    for (;;) {
      const bytes = this.#socket.read() as Buffer | null;
      if (bytes === null) {
        await this.#readable();
        continue;
      }
      const searchFrom = Math.max(0, text.length - mark.length);
      const before = text.length;
      text += bytes.toString('latin1');
      const at = text.indexOf(mark, searchFrom);
      if (at >= 0) {
        const end = at + mark.length;
        if (end < text.length) this.#socket.unshift(bytes.subarray(end - before));
        return text.slice(0, end);
      }
      if (text.length > maxLength) {
        throw new RtmpError('proxy-rejected', 'proxy', 'its answer has no end');
      }
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
