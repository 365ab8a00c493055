import { describeError, type AppErrorInfo, type ErrorCode } from './errors.js';
import type { Phase } from './phases.js';
import type { ErrorData } from './reasons.js';

/** A failure of the catalogue on its way through one process. Only its {@link info} crosses a boundary. */
export class AppError extends Error {
  readonly info: AppErrorInfo;

  constructor(info: AppErrorInfo, options?: ErrorOptions) {
    super(summarize(info), options);
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

/** For logs; people get sentences. */
function summarize({ code, phase, data }: AppErrorInfo): string {
  const where = phase === undefined ? '' : ` (${phase})`;
  const facts = Object.keys(data).length === 0 ? '' : ` ${JSON.stringify(data)}`;
  return `${code}${where}${facts}`;
}
