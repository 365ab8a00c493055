import { expect, test } from 'vitest';
import { isAddressedToUs, isFromAllowedPage } from './request-origin.js';

const loopback = '127.0.0.1';
const network = '192.168.1.5';

test.each([
  ...['localhost', 'localhost:8080', '127.0.0.1', '127.0.0.1:8080', '[::1]:8080', '[::1]'],
])('on this machine, %s is our name', (host) => {
  expect(isAddressedToUs({ localAddress: loopback, host, origin: undefined })).toBe(true);
});

test.each([
  ...['', 'evil.example', 'evil.example:8080', 'localhost.evil.example', 'evil.example.localhost'],
  ...['127.0.0.1.evil.example', '127.0.0.1@evil.example', 'localhost evil.example', '0x7f.1'],
])('on this machine, "%s" is no name of ours, and on the network it may be', (host) => {
  for (const localAddress of [loopback, '::1', '::ffff:127.0.0.1'])
    expect(isAddressedToUs({ localAddress, host, origin: undefined })).toBe(false);
  expect(isAddressedToUs({ localAddress: network, host, origin: undefined })).toBe(true);
});

test.each([
  ...[undefined, 'http://localhost:3000', 'http://127.0.0.1', 'https://[::1]:8443', 'app://window'],
  ...['http://player.localhost'],
])('on this machine, %s may read streams', (origin) => {
  expect(isFromAllowedPage({ localAddress: loopback, host: 'localhost', origin })).toBe(true);
});

test.each([
  ...[
    'https://elsewhere.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
  ],
  ...[
    'null',
    '',
    'nonsense',
    'http://192.168.1.7',
    'http://evillocalhost',
    'http://127.evil.example',
  ],
])('on this machine, "%s" may not read streams, and on the network it may', (origin) => {
  expect(isFromAllowedPage({ localAddress: loopback, host: 'localhost', origin })).toBe(false);
  expect(isFromAllowedPage({ localAddress: network, host: 'tv.example', origin })).toBe(true);
});
