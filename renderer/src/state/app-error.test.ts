import { describeError } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { toAppErrorInfo } from './app-error.js';

const busy = describeError('CAMERA_IN_USE', { device: 'Webcam' }, 'camera');

describe('toAppErrorInfo', () => {
  it('takes the data of a contract error', () => {
    expect(toAppErrorInfo(Object.assign(new Error('FAILED'), { data: busy }))).toEqual(busy);
  });

  it('takes the info of a capture error', () => {
    expect(toAppErrorInfo(Object.assign(new Error('x'), { info: busy }))).toEqual(busy);
  });

  it('names what it does not know', () => {
    expect(toAppErrorInfo(new TypeError('no such thing'))).toMatchObject({
      code: 'INTERNAL',
      data: { reason: 'no such thing' },
    });
    expect(toAppErrorInfo('text').data).toEqual({ reason: 'text' });
  });
});
