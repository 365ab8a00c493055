import type { ExitCode } from '@tallylight/contract';
import { Command, type CommanderError } from 'commander';
import type { CliDependencies } from './cli-dependencies.js';
import { registerCheck } from './commands/check-command.js';
import { registerDemo } from './commands/demo-command.js';
import { registerDevices } from './commands/devices-command.js';
import { registerPlay } from './commands/play-command.js';
import { registerProfiles } from './commands/profiles-command.js';
import { registerPublish } from './commands/publish-command.js';
import { registerServe } from './commands/serve-command.js';
import { registerStudio } from './commands/studio-command.js';
import { dataDirectory } from './data-directory.js';
import type { TextSink } from './printer.js';

const help = `
Exit codes: 0 done; 2 wrong usage; 3 no connection; 4 the server refused; 5 capture or encoder failed;
6 interrupted by a signal after a clean stop.

A key on the command line can be seen in the system's list of processes; prefer --key-env or --profile.`;

/**
 * The whole command line; nothing runs until it is parsed. It knows what the commands are called and accept. Their code is
 * loaded when one of them runs, so that `--version`, `--help` and a wrong usage cost next to nothing.
 */
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
export async function reportUsageError(
  error: CommanderError,
  argv: readonly string[],
  stdout: TextSink,
): Promise<ExitCode> {
  if (error.exitCode === 0) return 0;
  if (argv.includes('--json')) {
    const { writeUsageError } = await import('./usage-error.js');
    writeUsageError(withoutAddresses(error.message).replace(/^error: /, ''), stdout);
  }
  return 2;
}

/** commander repeats what it does not understand, and that may be an address with its key. */
const withoutAddresses = (text: string): string =>
  text.replaceAll(/\brtmps?:\/\/[^\s'"]+/gi, 'the URL');
