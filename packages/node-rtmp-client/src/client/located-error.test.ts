import { expect, it } from 'vitest';
import { RtmpError } from '../session/rtmp-error.js';
import { locatedError } from './located-error.js';

const here = { host: 'a.example', port: 1935, app: 'live' };
const there = { host: 'b.example', port: 1936, app: 'other' };

it('adds where it happened; the application only where that was refused', () => {
  const cause = new Error('cause');
  const error = new RtmpError('closed', 'streaming', 'why', { serverCode: 'code' }, { cause });
  const located = locatedError(error, here);
  expect(located).toMatchObject({ code: 'closed', phase: 'streaming', cause });
  expect(located.data).toEqual({
    ...{ reason: 'why', serverCode: 'code', host: 'a.example', port: 1935 },
  });
  expect(located.message).toBe(error.message);
  const rejected = new RtmpError('connect-rejected', 'connect', 'no');
  expect(locatedError(rejected, here).data).toEqual({ reason: 'no', ...here });
});

it('leaves an error that is located', () => {
  const located = locatedError(new RtmpError('connect-rejected', 'connect', 'no'), here);
  expect(locatedError(located, there)).toBe(located);
});
