import {
  AppError,
  appError,
  reason,
  type Wording,
  type AppErrorInfo,
  type ErrorCode,
  type ErrorData,
} from '@tallylight/contract';

/** Builds a capture error from the catalogue. */
export function captureError(code: ErrorCode, data: ErrorData, cause?: unknown): AppError {
  const phase = code === 'ENCODER_FAILED' ? 'encoder' : 'camera';
  return appError(code, data, { phase, cause });
}

/** What to show for anything that was thrown while `encoder` was at work. */
export function encoderErrorInfo(encoder: string, error: unknown): AppErrorInfo {
  if (error instanceof AppError) return error.info;
  return captureError('ENCODER_FAILED', { encoder, reason: reasonOf(error) }).info;
}

/** Sentences are joined to ours, which end with a full stop. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');

/** What `getUserMedia` for a camera rejected with, in the catalogue's words. */
export function cameraError(error: unknown, label: string, mode: Wording): AppError {
  const device = label === '' ? reason('chosen-device') : label;
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return captureError('CAMERA_DENIED', { device }, error);
    case 'NotFoundError':
      return captureError('CAMERA_NOT_FOUND', { device }, error);
    case 'NotReadableError':
      return captureError('CAMERA_IN_USE', { device }, error);
    case 'OverconstrainedError':
      return constraintOf(error) === 'deviceId'
        ? captureError('CAMERA_NOT_FOUND', { device }, error)
        : captureError('CAMERA_MODE', { device, mode }, error);
    default:
      return captureError('CAPTURE_FAILED', { device, reason: reasonOf(error) }, error);
  }
}

/** What `getUserMedia` for a microphone rejected with, in the catalogue's words. */
export function microphoneError(error: unknown, label: string): AppError {
  const device = label === '' ? reason('chosen-device') : label;
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return captureError('CAMERA_DENIED', { device }, error);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return captureError('MICROPHONE_FAILED', { device, reason: reason('not-found') }, error);
    case 'NotReadableError':
      return captureError('MICROPHONE_FAILED', { device, reason: reason('not-readable') }, error);
    default:
      return captureError('MICROPHONE_FAILED', { device, reason: reasonOf(error) }, error);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}

function constraintOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'constraint' in error
    ? error.constraint
    : undefined;
}
