import { describeError } from '@tallylight/contract';
import type { TextSink } from './printer.js';

/** The JSON lines of a command that was not understood. */
export function writeUsageError(reason: string, stdout: TextSink): void {
  const lastError = describeError('INVALID_OPTION', { reason });
  stdout.write(`${JSON.stringify({ type: 'error', ...lastError })}\n`);
  stdout.write(`${JSON.stringify({ type: 'summary', lastError })}\n`);
}
