import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readToken, signToken } from './signed-token.js';

const now = 1_767_225_600_000;
const until = now + 60_000;
const token = signToken('secret', { stream: 'live/show', until });

test('a token tells what it was made for, until it expires', () => {
  expect(readToken('secret', token, now)).toEqual({ type: 'valid', stream: 'live/show', until });
  expect(readToken('secret', token, until - 1).type).toBe('valid');
  expect(readToken('secret', token, until)).toEqual({ type: 'expired' });
  const all = signToken('secret', { stream: undefined, until });
  expect(readToken('secret', all, now)).toEqual({ type: 'valid', stream: undefined, until });
});

test('no letter of a token can be another one', () => {
  for (let index = 0; index < token.length; index += 1) {
    const other = token[index] === 'A' ? 'B' : 'A';
    const changed = token.slice(0, index) + other + token.slice(index + 1);
    expect(readToken('secret', changed, now), changed).toEqual({ type: 'wrong' });
  }
  expect(readToken('secret2', token, now)).toEqual({ type: 'wrong' });
});

test.each(['', '.', '..', 'a.b.c', '*.1.', `${token}.`, ` ${token}`, 'x'.repeat(1e6), '*.1e9.x'])(
  'what is no token is wrong, and not taken for an expired one',
  (text) => expect(readToken('secret', text, now)).toEqual({ type: 'wrong' }),
);

test('stands in a query as it is, whatever the stream is called', () => {
  const odd = signToken('k', { stream: '应用/a b&c=d#?%', until });
  expect(new URLSearchParams(`token=${odd}`).get('token')).toBe(odd);
  expect(new URL(`http://h/?token=${odd}`).search).toBe(`?token=${odd}`);
  expect(readToken('k', odd, now)).toMatchObject({ stream: '应用/a b&c=d#?%' });
});

test('others can make one: openssl signs the same', () => {
  const claims = token.slice(0, token.lastIndexOf('.'));
  const made = execFileSync('openssl', ['dgst', '-sha256', '-hmac', 'secret', '-binary'], {
    input: claims,
  });
  expect(`${claims}.${made.toString('base64url')}`).toBe(token);
});
