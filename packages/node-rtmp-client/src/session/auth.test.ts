import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { adobeResponse } from './auth-adobe.js';
import { answerAuthChallenge, parseAuthChallenge } from './auth-challenge.js';
import { limelightResponse } from './auth-limelight.js';

const digests = { md5: (data: Uint8Array) => createHash('md5').update(data).digest() };
const zang = { user: 'zang', password: '123456' };

/** Answers that ffmpeg 5.1 gave to a server that asked for these. */
const fromFfmpeg = {
  adobe: [
    { clientChallenge: '80e6b683', response: 'Cf6j093DJdwCToHCe+cp3Q==' },
    { clientChallenge: 'bd4d8b1f', response: 'fO8Kh7k2/TI7UIP2Ev4yiA==' },
  ],
  llnw: [
    { app: 'live', clientNonce: 'a205b9e9', response: '348125a9ff1601e573ed6f44ecbe0934' },
    { app: 'live/inst', clientNonce: 'da257f27', response: 'c31ae14509d068713a955a20536de8e2' },
  ],
};

describe('the answer to a challenge', () => {
  it.each(fromFfmpeg.adobe)("[CMD-27] of Adobe's is ffmpeg's: $response", (sample) => {
    const { clientChallenge, response } = sample;
    const challenge = '6fruuQ==';
    const proof = { ...zang, salt: 'PJuw1w==', challenge, clientChallenge };
    expect(adobeResponse({ ...proof, opaque: challenge }, digests)).toBe(response);
    // Without an opaque value the challenge stands in for it.
    expect(adobeResponse({ ...proof, opaque: '' }, digests)).toBe(response);
    expect(adobeResponse({ ...proof, opaque: '', salt: '' }, digests)).not.toBe(response);
  });

  it.each(fromFfmpeg.llnw)("[CMD-28] of Limelight's is ffmpeg's: $response", (sample) => {
    const { app, clientNonce, response } = sample;
    const proof = { ...zang, app, nonce: 'B7gAAIjODDkoezzy', clientNonce, nonceCount: '00000001' };
    expect(limelightResponse(proof, digests)).toBe(response);
    expect(limelightResponse({ ...proof, password: 'x' }, digests)).not.toBe(response);
  });
});

describe('what a server says when it refuses', () => {
  it.each([
    {
      words: '[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ',
      challenge: { type: 'identify', scheme: 'adobe' },
    },
    {
      words:
        '[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=test&salt=alhJEA==&challenge=Pre+jg==&opaque=Pre+jg==',
      challenge: {
        ...{ type: 'prove', scheme: 'adobe', salt: 'alhJEA==' },
        ...{ challenge: 'Pre+jg==', opaque: 'Pre+jg==' },
      },
    },
    {
      words:
        '[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=100987&salt=NDU=&challenge=NjA4NDEzNzg0',
      challenge: {
        ...{ type: 'prove', scheme: 'adobe', salt: 'NDU=' },
        ...{ challenge: 'NjA4NDEzNzg0', opaque: '' },
      },
    },
    {
      words: '[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed&opaque=vgoAAA==',
      challenge: { type: 'failed' },
    },
    {
      words: '[ AccessManager.Reject ] : [ authmod=llnw ] : ?reason=nosuchuser',
      challenge: { type: 'failed' },
    },
    {
      words: '[ code=403 need auth; authmod=llnw ]',
      challenge: { type: 'identify', scheme: 'llnw' },
    },
    {
      words: '[ authmod=llnw ] : ?reason=needauth&user=acme&nonce=abc=',
      challenge: { type: 'prove', scheme: 'llnw', nonce: 'abc=' },
    },
    {
      words: '[ code=403 need auth; authmod=red5 ]',
      challenge: { type: 'unknown-scheme', scheme: 'red5' },
    },
    { words: 'Application not found.', challenge: undefined },
    { words: '', challenge: undefined },
  ])('"$words"', ({ words, challenge }) => {
    expect(parseAuthChallenge(words)).toEqual(challenge);
  });

  it('is not sent back at any length', () => {
    const salt = 'x'.repeat(100_000);
    const challenge = parseAuthChallenge(`authmod=adobe ?reason=needauth&opaque=${salt}`);
    if (challenge?.type !== 'prove') throw new Error('no challenge');
    const query = answerAuthChallenge(challenge, zang, 'live', digests);
    expect(query.length).toBeLessThan(700);
  });
});

describe('the next connect', () => {
  it('names the user first', () => {
    const query = (user: string): string =>
      answerAuthChallenge(
        { type: 'identify', scheme: 'adobe' },
        { ...zang, user },
        'live',
        digests,
      );
    expect(query('zang')).toBe('authmod=adobe&user=zang');
    expect(query('a&b=c?d%@e')).toBe('authmod=adobe&user=a%26b%3Dc%3Fd%25@e');
  });

  it('[CMD-27, CMD-28] then proves who it is, with a value of its own that is never the same', () => {
    const adobe = {
      ...({ type: 'prove', scheme: 'adobe', salt: 'PJuw1w==' } as const),
      ...{ challenge: '6fruuQ==', opaque: '6fruuQ==' },
    };
    const [first, second] = [0, 1].map(() => answerAuthChallenge(adobe, zang, 'live', digests));
    expect(first).toMatch(
      /^authmod=adobe&user=zang&challenge=[\da-f]{8}&response=[\w+/]{22}==&opaque=6fruuQ==$/,
    );
    expect(second).not.toBe(first);
    const llnw = { type: 'prove', scheme: 'llnw', nonce: 'n1' } as const;
    expect(answerAuthChallenge(llnw, zang, 'live', digests)).toMatch(
      /^authmod=llnw&user=zang&nonce=n1&cnonce=[\da-f]{8}&nc=00000001&response=[\da-f]{32}$/,
    );
  });
});
