import { expect, it } from 'vitest';
import { isLoopbackHost } from './loopback.js';

it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]', '::ffff:127.0.0.1'])(
  '%s is this machine',
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

it.each([
  '0.0.0.0',
  '::',
  '192.168.1.2',
  '127.example.org',
  'localhost.example.org',
  '[fe80::1]',
  '',
])('"%s" may be another', (host) => expect(isLoopbackHost(host)).toBe(false));
