import { describeError } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { FailureSignal } from './failure-signal.js';

const first = describeError('CAPTURE_FAILED', { reason: 'first' });
const second = describeError('CAPTURE_FAILED', { reason: 'second' });

describe('FailureSignal', () => {
  it('tells the first failure once, also to late listeners', () => {
    const signal = new FailureSignal();
    const heard: unknown[] = [];
    signal.onFailed((error) => heard.push(error));
    expect(signal.failed).toBe(false);
    signal.fail(first);
    signal.fail(second);
    signal.onFailed((error) => heard.push(error));
    expect(signal.failed).toBe(true);
    expect(heard).toEqual([first, first]);
  });
});
