import type { AppErrorInfo, SystemInfo } from '@tallylight/contract';

/** The error as it is to be told in this shell: what helps where an engine is gone is another thing in a browser. */
export const errorHere = (error: AppErrorInfo, shell: SystemInfo['shell']): AppErrorInfo =>
  error.code === 'ENGINE_GONE' && shell === 'browser' ? { ...error, code: 'STUDIO_GONE' } : error;
