import { describeError, type AppErrorInfo } from '@tallylight/contract';

/** Why the window has no engine. */
export class ConnectionError extends Error {
  readonly info: AppErrorInfo;

  constructor(info: AppErrorInfo) {
    super(info.message);
    this.name = 'ConnectionError';
    this.info = info;
  }
}

/** Nothing answered. */
export function engineGone(reason: string): ConnectionError {
  return new ConnectionError(describeError('ENGINE_GONE', { reason }));
}

/** The engine is there but does not accept this window. */
export function windowRefused(): ConnectionError {
  return new ConnectionError({
    ...describeError('ENGINE_GONE', { reason: 'refused' }),
    message: 'Tallylight’s engine refused this window: its link has expired or was used before.',
    remedy: 'Open the link that "tallylight studio" printed, or run it again for a new one.',
  });
}
