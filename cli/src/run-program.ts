import { readFileSync } from 'node:fs';
import type { ExitCode } from '@tallylight/contract';
import type { Logger } from '@tallylight/engine';
import { CommanderError } from 'commander';
import { calledAs } from './called-as.js';
import type { CliDependencies } from './cli-dependencies.js';
import { commandName } from './command-name.js';
import { dataDirectory } from './data-directory.js';
import { flush } from './flush.js';
import { createProgram, reportUsageError } from './program.js';

/** What a run gets from its process, or from a test that has no process for it. */
export interface ProgramSurroundings extends Pick<
  CliDependencies,
  'environment' | 'stdin' | 'stdout' | 'stderr' | 'interrupted' | 'messages'
> {
  /** As `process.argv`: two words before the arguments. */
  readonly argv: readonly string[];
}

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** Runs the command line once, until what it wrote is taken. @returns its exit code. */
export async function runProgram(surroundings: ProgramSurroundings): Promise<ExitCode> {
  const { argv, environment, stdout, stderr, interrupted, messages } = surroundings;
  // Whoever reads what is said may leave (`… | head`) or have no room for it: that ends nothing that is on air. What was
  // asked for on stdout and did not get there is said at the end, by the exit code, too; a log on stderr nobody misses.
  let stdoutError: Error | undefined;
  stdout.on('error', (error: Error) => {
    stdoutError ??= error;
  });
  stderr.on('error', () => undefined);

  let exitCode: ExitCode = 0;
  let logger: Logger | undefined;
  const dependencies: CliDependencies = {
    ...surroundings,
    version,
    logger: () => {
      if (!logger) throw new Error('a command runs before its logger is there');
      return logger;
    },
    calledAs: () => calledAs(program, environment),
    dataDirectory: () => globals().dataDir ?? dataDirectory(environment),
    run: async (options, body) => {
      const { createCommandRunner } = await import('./run-command.js');
      const called = calledAs(program, environment, ['--lang']);
      const run = createCommandRunner({
        ...{ stdout, stderr, interrupted, messages },
        command: commandName(program, argv.slice(2), called),
        program: calledAs(program, environment),
        setExitCode: (code) => {
          exitCode = code;
        },
      });
      await run(options, body);
    },
  };
  const program = createProgram(dependencies);
  const globals = (): { dataDir?: string; verbose?: boolean } => program.opts();
  program.hook('preAction', async () => {
    logger = await openLogger(globals().verbose === true, surroundings);
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = await reportUsageError(error, program, argv, dependencies);
  }

  await Promise.all([stdout, stderr].map((stream) => flush(stream, interrupted)));
  // At Ctrl+C the whole pipeline gets it, and the reader may be gone before us: that is no failure.
  const unwritten = stdoutError ?? stdout.errored;
  if (unwritten && !interrupted.aborted && exitCode === 0) {
    const { sayStdoutFailed } = await import('./stdout-failure.js');
    exitCode = sayStdoutFailed(unwritten, messages, stderr);
    await flush(stderr, interrupted);
  }
  return exitCode;
}

async function openLogger(
  verbose: boolean,
  { environment, stderr }: Pick<CliDependencies, 'environment' | 'stderr'>,
): Promise<Logger> {
  if (!verbose && !environment['TALLYLIGHT_LOG']) {
    const { createQuietLogger } = await import('./quiet-logger.js');
    return createQuietLogger();
  }
  const { createLogger } = await import('./verbose-logger.js');
  // Not by its number: a log that nobody reads must not make the broadcast wait.
  return createLogger({ level: verbose ? 'debug' : 'info', destination: stderr });
}
