import { appError, reason } from '@tallylight/contract';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { whyUnwritable } from '@tallylight/engine';
import type { CliMessages } from '@tallylight/messages/cli';
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
      const why = reason('file-not-written', { file: path, why: whyUnwritable(error) });
      throw appError('INVALID_OPTION', { reason: why }, { cause: error });
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

  /** @returns what is missing from the file, to be said; undefined when nothing is. */
  async close({ t, wording }: CliMessages): Promise<string | undefined> {
    if (!this.#error) {
      this.#stream.end();
      await once(this.#stream, 'close').catch(() => undefined);
    }
    if (this.#error) {
      const why = wording(whyUnwritable(this.#error));
      return t('cli.publish.traceNotWhole', { path: this.#path, why });
    }
    if (this.#leftOut === 0) return undefined;
    return t('cli.publish.traceLacks', { path: this.#path, count: this.#leftOut });
  }
}
