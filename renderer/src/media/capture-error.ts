import {
  describeError,
  type AppErrorInfo,
  type ErrorCode,
  type ErrorData,
} from '@tallylight/contract';

/** A capture or encoder failure in the renderer. */
export class CaptureError extends Error {
  readonly info: AppErrorInfo;

  constructor(info: AppErrorInfo, options?: ErrorOptions) {
    super(info.message, options);
    this.name = 'CaptureError';
    this.info = info;
  }
}

/** Builds a capture error from the catalogue. */
export function captureError(code: ErrorCode, data: ErrorData, cause?: unknown): CaptureError {
  return new CaptureError(
    describeError(code, data, code === 'ENCODER_FAILED' ? 'encoder' : 'camera'),
    cause === undefined ? {} : { cause },
  );
}
