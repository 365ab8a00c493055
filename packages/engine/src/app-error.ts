import {
  describeError,
  type AppErrorInfo,
  type ErrorCode,
  type ErrorData,
  type Phase,
} from '@tallylight/contract';

/** A failure inside the engine. Only {@link AppError.info} crosses a boundary. */
export class AppError extends Error {
  readonly info: AppErrorInfo;

  constructor(info: AppErrorInfo, options?: ErrorOptions) {
    super(info.message, options);
    this.name = 'AppError';
    this.info = info;
  }
}

/** Builds an error from the catalogue. */
export function appError(
  code: ErrorCode,
  data: ErrorData = {},
  options: { phase?: Phase; cause?: unknown } = {},
): AppError {
  const { phase, cause } = options;
  return new AppError(describeError(code, data, phase), cause === undefined ? {} : { cause });
}

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
