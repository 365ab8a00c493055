import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';
import { Readable, Writable } from 'node:stream';
import { chosenLanguage } from '../src/chosen-language.js';
import { runProgram } from '../src/run-program.js';
import { parseLines, withDataFolder, type CliResult } from './cli-result.js';

/** A command that hangs is ended as by Ctrl+C before the test's own time is over, so that it leaves nothing. */
const interruptAfterMs = 150_000;

/**
 * Runs `tallylight` in this process: the same as `startCli(…).done`, of which most of the time is the start of Node. For
 * what a command says and its exit code; signals, pipes and what a process leaves behind need one of their own.
 */
export async function runCli(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly stdin?: string } = {},
): Promise<CliResult> {
  const startedAt = Date.now();
  const { env: environment, removeFolder } = withDataFolder(options.env);
  const argv = ['node', 'tallylight', ...args];
  const [stdout, stderr] = [new Captured(), new Captured()];
  const interrupt = new AbortController();
  const timer = setTimeout(() => {
    interrupt.abort();
  }, interruptAfterMs);
  try {
    const code = await runProgram({
      ...{ argv, environment, interrupted: interrupt.signal },
      messages: createMessages(chosenLanguage(argv, environment), cliCatalog),
      stdin: Readable.from([Buffer.from(options.stdin ?? '')]) as unknown as NodeJS.ReadStream,
      stdout: stdout as unknown as NodeJS.WriteStream,
      stderr: stderr as unknown as NodeJS.WriteStream,
    });
    if (interrupt.signal.aborted) throw new Error(`it hung: ${args.join(' ')}\n${stderr.text}`);
    const lines = args.includes('--json') ? parseLines(stdout.text) : [];
    return {
      ...{ code, lines, stdout: stdout.text, stderr: stderr.text },
      elapsedMs: Date.now() - startedAt,
      summary: lines.at(-1) as unknown as CliResult['summary'],
    };
  } finally {
    clearTimeout(timer);
    removeFolder();
  }
}

/** Takes what is written, as a pipe that is read at once does. */
class Captured extends Writable {
  readonly #chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}
