import { ORPCError, ValidationError } from '@orpc/server';
import { describeError, reason, type AppErrorInfo } from '@tallylight/contract';
import { toErrorInfo } from '../app-error.js';
import type { Logger } from '../logger.js';

/** Turns anything that a procedure threw into the contract's one error; the unexpected is logged. */
export function toFailure(error: unknown, logger: Logger, procedure: string): Error {
  const info = describe(error, logger);
  if (info.code === 'INTERNAL') logger.error({ err: error, procedure }, 'a procedure failed');
  return new ORPCError('FAILED', { message: info.code, data: info, cause: error });
}

function describe(error: unknown, logger: Logger): AppErrorInfo {
  const rejected = error instanceof ORPCError && error.code === 'BAD_REQUEST';
  if (rejected && error.cause instanceof ValidationError) {
    return describeError('INVALID_OPTION', {
      reason: reason('field-not-accepted', { field: fieldsOf(error.cause) }),
    });
  }
  return toErrorInfo(error, logger.redact);
}

/** The fields, never their values: one of them may be a stream key. */
const fieldsOf = ({ issues }: ValidationError): string =>
  issues
    .map(({ path = [] }) =>
      path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    )
    .join(', ');
