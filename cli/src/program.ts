import { describeError, exitCodes, type ExitCode } from '@tallylight/contract';
import { Command, type CommanderError } from 'commander';
import { registerCheck } from './commands/check/check.js';
import type { CliDependencies } from './cli-dependencies.js';
import { dataDirectory } from './data-directory.js';
import { registerDemo } from './commands/demo/demo.js';
import { registerDevices } from './commands/devices/devices.js';
import type { TextSink } from './output.js';
import { registerPlay } from './commands/play/play.js';
import { registerProfiles } from './commands/profiles/profiles.js';
import { registerPublish } from './commands/publish/publish.js';
import { registerServe } from './commands/serve/serve.js';
import { registerStudio } from './studio/run-studio.js';

const help = `
Exit codes: 0 done; 2 wrong usage; 3 no connection; 4 the server refused; 5 capture or encoder failed;
6 interrupted by a signal after a clean stop.

A key on the command line can be seen in the system's list of processes; prefer --key-env or --profile.`;

/** The whole command line; nothing runs until it is parsed. */
export function createProgram(deps: CliDependencies): Command {
  const program = new Command('tallylight')
    .description('Goes live from the command line: camera, file or test picture to any RTMP server')
    .version(deps.version)
    .option(
      '--data-dir <folder>',
      `where profiles and settings are (default: TALLYLIGHT_DATA_DIR, else ${defaultDirectory(deps)})`,
    )
    .option('--verbose', 'log to stderr (or TALLYLIGHT_LOG=1)')
    .addHelpText('after', help)
    .showHelpAfterError('Run it with --help to see what is accepted.')
    .exitOverride()
    .configureOutput({ writeErr: (text) => deps.stderr.write(withoutAddresses(text)) });
  const commands = [
    ...[registerPublish, registerPlay, registerServe, registerCheck, registerDevices],
    ...[registerProfiles, registerStudio, registerDemo],
  ];
  for (const register of commands) register(program, deps);
  return program;
}

const defaultDirectory = ({ environment }: CliDependencies): string =>
  dataDirectory({ ...environment, TALLYLIGHT_DATA_DIR: undefined });

/** Ends the JSON lines of a command that was not understood; commander has told people already. */
export function reportUsageError(
  error: CommanderError,
  argv: readonly string[],
  stdout: TextSink,
): ExitCode {
  if (error.exitCode === 0) return exitCodes.done;
  if (argv.includes('--json')) {
    const reason = withoutAddresses(error.message).replace(/^error: /, '');
    const lastError = describeError('INVALID_OPTION', { reason });
    stdout.write(`${JSON.stringify({ type: 'error', ...lastError })}\n`);
    stdout.write(`${JSON.stringify({ type: 'summary', lastError })}\n`);
  }
  return exitCodes.usage;
}

/** commander repeats what it does not understand, and that may be an address with its key. */
const withoutAddresses = (text: string): string =>
  text.replaceAll(/\brtmps?:\/\/[^\s'"]+/gi, 'the URL');
