import { errorExitCodes, exitCodes, type ExitCode } from '@tallylight/contract';
import { toErrorInfo } from '@tallylight/engine';
import type { CliMessages } from '@tallylight/messages/cli';
import type { CliDependencies, CommandResult, CommandRun } from './cli-dependencies.js';
import { Printer } from './printer.js';

interface Surroundings {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly interrupted: AbortSignal;
  readonly messages: CliMessages;
  /** As it is typed, such as `tallylight publish`. */
  readonly command: string;
  /** The program alone, with the options that other commands need, too. */
  readonly program: string;
  setExitCode(code: ExitCode): void;
}

/** Builds {@link CliDependencies.run}. */
export function createCommandRunner(surroundings: Surroundings): CliDependencies['run'] {
  return async (options, body) => {
    const { messages, command, program, stdout, stderr } = surroundings;
    const printer = new Printer({
      ...{ json: options.json, messages, command, program, stdout, stderr },
    });
    const result = await settle(options, printer, body);
    printer.summary({ ...result.summary, ...(result.error && { lastError: result.error }) });
    surroundings.setExitCode(exitCodeOf(result, surroundings.interrupted.aborted));
  };
}

async function settle(
  options: CommandRun,
  printer: Printer,
  body: (printer: Printer) => Promise<CommandResult>,
): Promise<CommandResult> {
  try {
    return await body(printer);
  } catch (thrown) {
    const error = toErrorInfo(thrown);
    printer.error(error);
    return { summary: options.emptySummary ?? {}, error };
  }
}

function exitCodeOf(result: CommandResult, interrupted: boolean): ExitCode {
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.error) return errorExitCodes[result.error.code];
  return interrupted ? exitCodes.interrupted : exitCodes.done;
}
