import { describeError, type AppErrorInfo } from '@tallylight/contract';

/** Why the window has no engine. */
export class ConnectionError extends Error {
  readonly info: AppErrorInfo;

  constructor(info: AppErrorInfo) {
    super(info.code);
    this.name = 'ConnectionError';
    this.info = info;
  }
}

/** Nothing answered. */
export function engineGone(): ConnectionError {
  return new ConnectionError(describeError('ENGINE_GONE'));
}

/** The engine is there but does not accept this window. */
export function windowRefused(): ConnectionError {
  return new ConnectionError(describeError('WINDOW_REFUSED'));
}
