import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Digests } from '../handshake/digests.js';
import { answerAuthChallenge, parseAuthChallenge, type AuthScheme } from './auth-challenge.js';
import { ServerAuthentication, withoutAuthentication } from './server-authentication.js';

const digests: Digests = {
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  md5: (data) => createHash('md5').update(data).digest(),
};
const schemes: readonly AuthScheme[] = ['adobe', 'llnw'];

const serverOf = (first: AuthScheme, ...others: AuthScheme[]): ServerAuthentication =>
  new ServerAuthentication({
    ...{ schemes: [first, ...others], digests },
    secret: crypto.getRandomValues(new Uint8Array(32)),
  });

/** The query by which our client answers what the server said to `query`. */
function answer(server: ServerAuthentication, query: string, user: string, now = 0): string {
  const step = server.check('live', query, now);
  if (step.type !== 'refuse') throw new Error('not refused');
  // ffmpeg keeps no more of it.
  expect(step.description.length).toBeLessThan(256);
  const challenge = parseAuthChallenge(step.description);
  if (challenge?.type !== 'identify' && challenge?.type !== 'prove')
    throw new Error('no challenge');
  return answerAuthChallenge(challenge, { user, password: 'password' }, 'live', digests);
}

function proof(server: ServerAuthentication, user: string, now = 0): string {
  return answer(server, answer(server, '', user, now), user, now);
}

function verify(server: ServerAuthentication, query: string, password?: string, now = 0) {
  const step = server.check('live', query, now);
  if (step.type !== 'proof') return step.type;
  return step.verify(password) === undefined ? step.user : 'wrong';
}

describe.each(schemes)('[CMD-27, CMD-28] authmod=%s', (scheme) => {
  it.each(['one', 'some one', 'ä&ö=?#%25', 'x'.repeat(60)])(
    'knows "%s" by the password',
    (user) => {
      const server = serverOf(scheme);
      expect(verify(server, proof(server, user), 'password')).toBe(user);
    },
  );

  it('refuses another password, and a user who is not there', () => {
    const server = serverOf(scheme);
    expect(verify(server, proof(server, 'one'), 'passwort')).toBe('wrong');
    expect(verify(server, proof(server, 'one'), undefined)).toBe('wrong');
    const query = proof(server, 'one').replace('user=one', 'user=two');
    expect(verify(server, query, 'password')).toBe('refuse');
  });

  it('takes each answer once, and for a minute', () => {
    const server = serverOf(scheme);
    const query = proof(server, 'one');
    expect(verify(server, query, 'password', 60_001)).toBe('refuse');
    expect(verify(server, query, 'password', 59_000)).toBe('one');
    expect(verify(server, query, 'password', 59_001)).toBe('refuse');
    expect(verify(server, proof(server, 'one', 70_000), 'password', 70_000)).toBe('one');
  });

  it('takes no challenge that it did not make itself', () => {
    expect(verify(serverOf(scheme), proof(serverOf(scheme), 'one'), 'password')).toBe('refuse');
    const server = serverOf(scheme);
    for (const forged of ['', 'x', 'f'.repeat(40), `${'0'.repeat(32)}NaN`]) {
      const query = proof(server, 'one').replace(/(opaque|nonce)=[^&]+/, `$1=${forged}`);
      expect(verify(server, query, 'password')).toBe('refuse');
    }
  });

  it('asks again in the same scheme when an answer comes too late', () => {
    const server = serverOf('adobe', 'llnw');
    const query = `authmod=${scheme}&user=one`;
    expect(server.check('live', query, 0)).toMatchObject({
      description: expect.stringContaining(`[ authmod=${scheme} ] : ?reason=needauth`) as string,
    });
  });
});

it('proposes its first scheme to those who name none that it knows', () => {
  for (const query of ['', 'user=one', 'authmod=rot13&user=one', 'authmod=adobe']) {
    expect(serverOf('llnw').check('live', query, 0)).toEqual({
      type: 'refuse',
      description: '[ AccessManager.Reject ] : [ code=403 need auth; authmod=llnw ] : ',
    });
  }
});

it('takes what authenticates out of a query, and leaves the rest', () => {
  expect(withoutAuthentication('a=1&authmod=adobe&user=one&opaque=x==&response=y&b')).toBe('a=1&b');
  expect(withoutAuthentication('authmod=llnw&user=one&nonce=1&cnonce=2&nc=3&response=4')).toBe('');
  expect(withoutAuthentication('user=one&response=4')).toBe('user=one&response=4');
});
