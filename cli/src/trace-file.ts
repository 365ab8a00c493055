import { appError } from '@tallylight/contract';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { whyUnwritable } from '@tallylight/engine';
import { formatTraceLine, type TracedMessage } from 'node-rtmp-client';

/** Bytes that may wait for the disk; what comes beyond them is left out, and said. */
const maxPendingBytes = 16 * 1024 * 1024;

/** Where `--trace` writes: a line for each RTMP message, with secrets taken out by the library. */
export class TraceFile {
  readonly #path: string;
  readonly #stream: WriteStream;
  #leftOut = 0;
  #error: Error | undefined;

  private constructor(path: string, stream: WriteStream) {
    this.#path = path;
    this.#stream = stream;
    stream.on('error', (error) => (this.#error ??= error));
  }

  /** @throws AppError `INVALID_OPTION` when the file exists or cannot be written. */
  static async open(path: string): Promise<TraceFile> {
    const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    try {
      await once(stream, 'open');
    } catch (error) {
      const reason = `${path} of --trace cannot be written: ${whyUnwritable(error)}.`;
      throw appError('INVALID_OPTION', { reason }, { cause: error });
    }
    return new TraceFile(path, stream);
  }

  /** @param peer tells several connections apart. */
  write(message: TracedMessage, peer?: string): void {
    if (this.#error || this.#stream.writableLength > maxPendingBytes) {
      this.#leftOut += 1;
      return;
    }
    const line = formatTraceLine(message);
    this.#stream.write(peer === undefined ? `${line}\n` : `${line}  [${peer}]\n`);
  }

  /** @returns what is missing from the file, as a sentence; undefined when nothing is. */
  async close(): Promise<string | undefined> {
    if (!this.#error) {
      this.#stream.end();
      await once(this.#stream, 'close').catch(() => undefined);
    }
    if (this.#error) return `${this.#path} is not whole: ${whyUnwritable(this.#error)}.`;
    return this.#leftOut > 0 ? `${this.#path} lacks ${this.#leftOut} messages.` : undefined;
  }
}
