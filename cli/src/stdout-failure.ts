import { describeError, errorExitCodes, reason, type ExitCode } from '@tallylight/contract';
import { whyUnwritable } from '@tallylight/engine';
import type { CliMessages } from '@tallylight/messages/cli';
import type { TextSink } from './printer.js';

/** Tells that what was asked for on stdout did not get there. @returns the exit code of a command that else did all. */
export function sayStdoutFailed(cause: Error, messages: CliMessages, stderr: TextSink): ExitCode {
  const data = { file: reason('standard-output'), reason: whyUnwritable(cause) };
  const error = describeError('FILE_UNWRITABLE', data);
  const { message, remedy } = messages.error(error);
  stderr.write(`✗ ${message}\n  ${remedy}\n`);
  return errorExitCodes[error.code];
}
