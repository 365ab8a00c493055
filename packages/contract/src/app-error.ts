import { describeError, type AppErrorInfo, type ErrorCode, type ErrorData } from './errors.js';
import type { Phase } from './phases.js';

/** A failure of the catalogue on its way through one process. Only its {@link info} crosses a boundary. */
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
