import { readFileSync } from 'node:fs';
import type { Logger } from '@tallylight/engine';
import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';
import { CommanderError } from 'commander';
import { calledAs } from './called-as.js';
import { chosenLanguage } from './chosen-language.js';
import type { CliDependencies } from './cli-dependencies.js';
import { commandName } from './command-name.js';
import { dataDirectory } from './data-directory.js';
import { endWithNpx } from './end-with-npx.js';
import { createProgram, reportUsageError } from './program.js';
import { flush } from './flush.js';
import { interruptSignal } from './process-signals.js';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const { env: environment, stdin, stdout, stderr } = process;
const messages = createMessages(chosenLanguage(process.argv, environment), cliCatalog);
const interrupted = interruptSignal(process, (signal) => {
  // Other signals come from programs, which have no keyboard.
  const text = messages.t(signal === 'SIGINT' ? 'cli.stopping' : 'cli.stoppingBySignal');
  stderr.write(`\n${text}\n`);
});
endWithNpx(process, environment);

// Whoever reads what is said may leave (`… | head`) or have no room for it: that ends nothing that is on air. What was
// asked for on stdout and did not get there is said at the end, by the exit code, too; a log on stderr nobody misses.
let stdoutError: Error | undefined;
stdout.on('error', (error: Error) => {
  stdoutError ??= error;
});
stderr.on('error', () => undefined);

let logger: Logger | undefined;
const dependencies: CliDependencies = {
  version,
  messages,
  environment,
  stdin,
  stdout,
  stderr,
  interrupted,
  logger: () => {
    if (!logger) throw new Error('a command runs before its logger is there');
    return logger;
  },
  calledAs: () => calledAs(program, environment),
  dataDirectory: () => globals().dataDir ?? dataDirectory(environment),
  run: async (options, body) => {
    const { createCommandRunner } = await import('./run-command.js');
    const run = createCommandRunner({
      stdout,
      stderr,
      interrupted,
      messages,
      command: commandName(
        program,
        process.argv.slice(2),
        calledAs(program, environment, ['--lang']),
      ),
      program: calledAs(program, environment),
      setExitCode: (code) => {
        process.exitCode = code;
      },
    });
    await run(options, body);
  },
};

const program = createProgram(dependencies);
const globals = (): { dataDir?: string; verbose?: boolean } => program.opts();
program.hook('preAction', async () => {
  logger = await openLogger();
});

async function openLogger(): Promise<Logger> {
  const verbose = globals().verbose === true;
  if (!verbose && !environment['TALLYLIGHT_LOG']) {
    const { createQuietLogger } = await import('./quiet-logger.js');
    return createQuietLogger();
  }
  const { createLogger } = await import('./verbose-logger.js');
  // Not by its number: a log that nobody reads must not make the broadcast wait.
  return createLogger({ level: verbose ? 'debug' : 'info', destination: stderr });
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = await reportUsageError(error, program, process.argv, dependencies);
}

await Promise.all([stdout, stderr].map((stream) => flush(stream, interrupted)));
// At Ctrl+C the whole pipeline gets it, and the reader may be gone before us: that is no failure.
const unwritten = stdoutError ?? stdout.errored;
if (unwritten && !interrupted.aborted && (process.exitCode ?? 0) === 0) {
  const { sayStdoutFailed } = await import('./stdout-failure.js');
  process.exitCode = sayStdoutFailed(unwritten, messages, stderr);
  await flush(stderr, interrupted);
}
// Whatever a failure may have left open must not keep a finished command alive.
process.exit();
