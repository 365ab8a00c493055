import { expect, test } from 'vitest';
import { withoutKey } from './rtmp-address.js';

test.each([
  ['http://host/app/KEY', 'http://host/app/…'],
  ['http://host:80/app/KEY?token=KEY', 'http://host:80/app/…'],
  ['http://user:KEY@host/app/KEY', 'http://host/app/…'],
  ['http://host/KEY', 'http://host/…'],
  ['http://host', 'http://host'],
  ['http://host/', 'http://host/'],
  ['KEY', '…'],
  ['rtmp:/host/app/KEY', '…'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutKey(url)).toBe(shown);
});
