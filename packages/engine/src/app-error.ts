import { AppError, describeError, type AppErrorInfo } from '@tallylight/contract';

/**
 * What to tell the other side about anything that was thrown.
 *
 * @param redact takes secrets out of the words of an error that nobody foresaw, such as a logger's `redact`.
 */
export function toErrorInfo(error: unknown, redact = (text: string): string => text): AppErrorInfo {
  if (error instanceof AppError) return error.info;
  const reason = error instanceof Error ? error.message : String(error);
  return describeError('INTERNAL', { reason: redact(reason) });
}
