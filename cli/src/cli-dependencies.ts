import type { AppErrorInfo, ExitCode } from '@tallylight/contract';
import type { Logger } from '@tallylight/engine';
import type { CliMessages } from '@tallylight/messages/cli';
import type { Printer } from './printer.js';

/** How a command ended. */
export interface CommandResult {
  /** The last JSON line. */
  readonly summary: object;
  /** What the exit code is taken from, and the summary's `lastError`. Already told by the command itself. */
  readonly error?: AppErrorInfo;
  /** Where it is not what the error's code, or a signal, says. */
  readonly exitCode?: ExitCode;
}

export interface CommandRun {
  /** Whether `--json` was given. */
  readonly json: boolean;
  /** The summary of a run that threw before it could give its own. */
  readonly emptySummary?: object;
}

/** What the commands get from the process. */
export interface CliDependencies {
  readonly version: string;
  /** What is said, in the user's language. */
  readonly messages: CliMessages;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
  readonly interrupted: AbortSignal;
  /** Logs to stderr with --verbose or TALLYLIGHT_LOG, else nowhere. One for the whole process. */
  logger(): Logger;
  /** The program as it was called, with the options that a suggested command needs, too. */
  calledAs(): string;
  /** Where profiles and settings are; see `--data-dir`. */
  dataDirectory(): string;
  /**
   * Runs a command: tells what it throws, writes the summary as the last line, and sets the exit code: that of the
   * error, or 6 after a signal.
   */
  run(options: CommandRun, body: (printer: Printer) => Promise<CommandResult>): Promise<void>;
}
