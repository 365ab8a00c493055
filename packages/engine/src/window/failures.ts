import { ORPCError, ValidationError } from '@orpc/server';
import { describeError, type AppErrorInfo } from '@tallylight/contract';
import { toErrorInfo } from '../app-error.js';
import type { Logger } from '../logger.js';

/** Turns anything that a procedure threw into the contract's one error; the unexpected is logged. */
export function toFailure(error: unknown, logger: Logger, procedure: string): Error {
  const info = describe(error, logger);
  if (info.code === 'INTERNAL') logger.error({ err: error, procedure }, 'a procedure failed');
  return new ORPCError('FAILED', { message: info.message, data: info, cause: error });
}

function describe(error: unknown, logger: Logger): AppErrorInfo {
  const rejected = error instanceof ORPCError && error.code === 'BAD_REQUEST';
  if (rejected && error.cause instanceof ValidationError) {
    return describeError('INVALID_OPTION', { reason: describeIssues(error.cause) });
  }
  return toErrorInfo(error, logger.redact);
}

/** Names the fields and what is wrong with them, never their values: one of them may be a stream key. */
function describeIssues({ issues }: ValidationError): string {
  return issues
    .map(({ path = [], message }) => {
      const field = path
        .map((part) => String(typeof part === 'object' ? part.key : part))
        .join('.');
      return field === '' ? message : `${field}: ${message}`;
    })
    .join('; ');
}
