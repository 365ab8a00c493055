import { english } from '../../../test/support/english.js';
import { describe, expect, it } from 'vitest';
import { cameraError, encoderErrorInfo, microphoneError, captureError } from './capture-error.js';

const named = (name: string, constraint?: string): Error =>
  Object.assign(new Error('from the browser'), { name, constraint });

describe('cameraError', () => {
  it.each([
    ['NotAllowedError', undefined, 'CAMERA_DENIED'],
    ['NotFoundError', undefined, 'CAMERA_NOT_FOUND'],
    ['NotReadableError', undefined, 'CAMERA_IN_USE'],
    ['OverconstrainedError', 'deviceId', 'CAMERA_NOT_FOUND'],
    ['OverconstrainedError', 'width', 'CAMERA_MODE'],
    ['AbortError', undefined, 'CAPTURE_FAILED'],
  ])('calls %s (%s) %s', (name, constraint, code) => {
    const { info } = cameraError(named(name, constraint), 'Webcam', '1280×720 at 30 fps');
    expect(info.code).toBe(code);
    expect(info.phase).toBe('camera');
    expect(english.error(info).message).not.toContain('unknown');
  });

  it('names the mode that the camera lacks', () => {
    const error = cameraError(
      named('OverconstrainedError', 'height'),
      'Webcam',
      '3840×2160 at 60 fps',
    );
    expect(english.error(error.info).message).toBe(
      'The camera Webcam does not deliver 3840×2160 at 60 fps.',
    );
  });
});

describe('microphoneError', () => {
  it.each([
    ['NotAllowedError', 'CAMERA_DENIED'],
    ['NotFoundError', 'MICROPHONE_FAILED'],
    ['OverconstrainedError', 'MICROPHONE_FAILED'],
    ['NotReadableError', 'MICROPHONE_FAILED'],
  ])('calls %s %s', (name, code) => {
    expect(microphoneError(named(name), 'Headset').info.code).toBe(code);
  });
});

describe('encoderErrorInfo', () => {
  it('says which encoder failed and why, in one sentence', () => {
    const info = encoderErrorInfo('WebCodecs', new Error('Out of memory.'));
    expect(info).toMatchObject({ code: 'ENCODER_FAILED', phase: 'encoder' });
    expect(english.error(info).message).toBe('The encoder WebCodecs failed: Out of memory.');
  });

  it('keeps an error that says more', () => {
    const error = captureError('CAPTURE_STALLED', { device: 'Webcam', seconds: 5 });
    expect(encoderErrorInfo('WebCodecs', error)).toBe(error.info);
  });
});
