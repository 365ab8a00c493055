import { appError, reason, type AppErrorInfo } from '@tallylight/contract';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { openNewFile, whyUnwritable } from '@tallylight/engine';
import type { CliMessages } from '@tallylight/messages/cli';
import { formatTraceLine, type TracedMessage } from 'node-rtmp-client';

/** Bytes that may wait for the disk; what comes beyond them is left out, and said. */
const maxPendingBytes = 16 * 1024 * 1024;

/** Where `--trace` writes: a line for each RTMP message, with secrets taken out by the library. */
export class TraceFile {
  readonly #path: string;
  readonly #stream: WriteStream;
  #leftOut = 0;
  #error: AppErrorInfo | undefined;

  private constructor(path: string, stream: WriteStream, onError: (error: AppErrorInfo) => void) {
    this.#path = path;
    this.#stream = stream;
    stream.on('error', (cause) => {
      if (this.#error) return;
      this.#error = appError('FILE_UNWRITABLE', { file: path, reason: whyUnwritable(cause) }).info;
      onError(this.#error);
    });
  }

  /**
   * @param onError told at once, and once, when nothing more can be written.
   * @throws AppError `INVALID_OPTION` when the file exists or cannot be written.
   */
  static async open(path: string, onError: (error: AppErrorInfo) => void): Promise<TraceFile> {
    try {
      const fd = await openNewFile(path, 0o600);
      return new TraceFile(path, createWriteStream(path, { fd }), onError);
    } catch (error) {
      const why = reason('file-not-written', { file: path, why: whyUnwritable(error) });
      throw appError('INVALID_OPTION', { reason: why }, { cause: error });
    }
  }

  /** Why nothing more can be written. */
  get error(): AppErrorInfo | undefined {
    return this.#error;
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

  /** @returns what is missing from the file, to be said; undefined when nothing is. */
  async close({ t }: CliMessages): Promise<string | undefined> {
    if (!this.#stream.closed) {
      this.#stream.end();
      await once(this.#stream, 'close').catch(() => undefined);
    }
    if (this.#leftOut === 0) return undefined;
    return t('cli.publish.traceLacks', { path: this.#path, count: this.#leftOut });
  }
}
