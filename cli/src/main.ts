import { readFileSync } from 'node:fs';
import type { Logger } from '@tallylight/engine';
import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';
import { CommanderError } from 'commander';
import { chosenLanguage } from './chosen-language.js';
import type { CliDependencies } from './cli-dependencies.js';
import { dataDirectory } from './data-directory.js';
import { createProgram, reportUsageError } from './program.js';
import { interruptSignal } from './process-signals.js';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const { env: environment, stdin, stdout, stderr } = process;
const messages = createMessages(chosenLanguage(process.argv, environment), cliCatalog);
const interrupted = interruptSignal(process, () => {
  stderr.write(`\n${messages.t('cli.stopping')}\n`);
});

// A reader that goes away (`tallylight play … --output - | head`) is the wish to stop, not a crash.
const readerGone = new AbortController();
for (const stream of [stdout, stderr]) stream.on('error', () => readerGone.abort());

let logger: Logger | undefined;
const dependencies: CliDependencies = {
  version,
  messages,
  environment,
  stdin,
  stdout,
  stderr,
  interrupted: AbortSignal.any([interrupted, readerGone.signal]),
  logger: () => {
    if (!logger) throw new Error('a command runs before its logger is there');
    return logger;
  },
  dataDirectory: () => globals().dataDir ?? dataDirectory(environment),
  run: async (options, body) => {
    const { createCommandRunner } = await import('./run-command.js');
    const run = createCommandRunner({
      stdout,
      stderr,
      interrupted,
      messages,
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
  return createLogger({ level: verbose ? 'debug' : 'info' });
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = await reportUsageError(error, process.argv, dependencies);
}

// Whatever a failure may have left open must not keep a finished command alive. Both streams are flushed first.
await Promise.all(
  [stdout, stderr].map((s) => new Promise<void>((done) => s.write('', () => done()))),
);
process.exit();
