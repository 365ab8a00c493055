import { readFileSync } from 'node:fs';
import { createLogger, type Logger } from '@tallylight/engine';
import { CommanderError } from 'commander';
import type { CliDependencies } from './cli-dependencies.js';
import { dataDirectory } from './data-directory.js';
import { createProgram, reportUsageError } from './program.js';
import { interruptSignal } from './process-signals.js';
import { createCommandRunner } from './run-command.js';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const { env: environment, stdin, stdout, stderr } = process;
const interrupted = interruptSignal(process, () => {
  stderr.write('\nStopping. Press Ctrl+C again to end at once.\n');
});

// A reader that goes away (`tallylight play … --output - | head`) is the wish to stop, not a crash.
const readerGone = new AbortController();
for (const stream of [stdout, stderr]) stream.on('error', () => readerGone.abort());

let logger: Logger | undefined;
const dependencies: CliDependencies = {
  version,
  environment,
  stdin,
  stdout,
  stderr,
  interrupted: AbortSignal.any([interrupted, readerGone.signal]),
  logger: () => (logger ??= createLogger({ level: logLevel() })),
  dataDirectory: () => globals().dataDir ?? dataDirectory(environment),
  run: createCommandRunner({
    stdout,
    stderr,
    interrupted,
    setExitCode: (code) => {
      process.exitCode = code;
    },
  }),
};

const program = createProgram(dependencies);
const globals = (): { dataDir?: string; verbose?: boolean } => program.opts();
const logLevel = (): 'silent' | 'info' | 'debug' => {
  if (globals().verbose === true) return 'debug';
  return environment['TALLYLIGHT_LOG'] ? 'info' : 'silent';
};

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = reportUsageError(error, process.argv, stdout);
}

// Whatever a failure may have left open must not keep a finished command alive. Both streams are flushed first.
await Promise.all(
  [stdout, stderr].map((s) => new Promise<void>((done) => s.write('', () => done()))),
);
process.exit();
