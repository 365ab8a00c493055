import { expect, it } from 'vitest';
import { delayText } from './monitor-delay-text.js';
import { windowMessages } from './messages-store.js';

const messages = windowMessages('en');
const steady = { type: 'measured', ms: 700, fromMs: 650, toMs: 780, isOld: false } as const;

it('tells how late viewers see it no more exactly than it is known', () => {
  expect(delayText(steady, messages)).toBe('0.7 s behind the preview');
  expect(delayText({ ...steady, isOld: true }, messages)).toBe('About 0.7 s behind the preview');
  expect(delayText({ ...steady, fromMs: 500, toMs: 1_240 }, messages)).toBe(
    '0.5 to 1.2 s behind the preview',
  );
});

it('tells why it is not known', () => {
  expect(delayText({ type: 'files' }, messages)).toMatch(/cannot be measured with files/);
  expect(delayText({ type: 'stream' }, messages)).toMatch(/cannot be measured with a stream/);
});
