import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestHandshakes } from '../../test/fixtures/handshake.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ClientHandshake, type ClientHandshakeOptions } from './client-handshake.js';
import type { Digests } from './digests.js';
import { findDigest, isSignedAnswer } from './handshake-digest.js';
import { handshakeLength } from './handshake-packet.js';
import { ServerHandshake } from './server-handshake.js';

const digests: Digests = {
  hmacSha256: (key, data) =>
    Uint8Array.from(createHmac('sha256', key).update(Buffer.from(data)).digest()),
  md5: (data) => Uint8Array.from(createHash('md5').update(data).digest()),
};
const digestClient: ClientHandshakeOptions = { kind: 'digest', digests };

const queueOf = (...pieces: Uint8Array[]): ByteQueue => {
  const queue = new ByteQueue();
  for (const piece of pieces) queue.push(piece);
  return queue;
};

const altered = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

function answerOf(server: ServerHandshake, hello: Uint8Array): Uint8Array {
  const step = server.advance(queueOf(hello));
  if (step.type !== 'send') throw new Error(`the server says ${step.type}`);
  return step.output;
}

function lastOf(client: ClientHandshake, answer: Uint8Array): Uint8Array {
  const step = client.advance(queueOf(answer));
  if (step.type !== 'done') throw new Error(`the client says ${step.type}`);
  return step.output;
}

const s1Of = (answer: Uint8Array): Uint8Array => answer.subarray(1, 1 + handshakeLength);
const s2Of = (answer: Uint8Array): Uint8Array => answer.subarray(1 + handshakeLength);

describe.each(digestHandshakes)('$name', ({ clientScheme, serverScheme, bytes }) => {
  const { c1, s1, s2, c2 } = bytes;
  const client = findDigest(c1, 'client', digests);
  const server = findDigest(s1, 'server', digests);

  it('[HS-17] has a digest in C1 and in S1, each in its scheme', () => {
    expect(client?.scheme).toBe(clientScheme);
    expect(server?.scheme).toBe(serverScheme);
  });

  it('[HS-19] ends S2 and C2 with signatures', () => {
    if (client === undefined || server === undefined) throw new Error('no digest found');
    expect(isSignedAnswer(s2, client.digest, 'server', digests)).toBe(true);
    expect(isSignedAnswer(altered(s2, 700), client.digest, 'server', digests)).toBe(false);
    if (c2 === undefined) return;
    expect(isSignedAnswer(c2, server.digest, 'client', digests)).toBe(true);
    expect(isSignedAnswer(c2, client.digest, 'client', digests)).toBe(false);
  });

  it('is not taken for signed once a byte has changed', () => {
    for (const at of [0, 4, 300, 1000, 1535]) {
      expect(findDigest(altered(c1, at), 'client', digests)).toBeUndefined();
    }
    expect(findDigest(c1, 'server', digests)).toBeUndefined();
  });

  it('[HS-18] is answered in the scheme that its client offered', () => {
    const answer = answerOf(new ServerHandshake({ digests }), Uint8Array.from([3, ...c1]));
    expect(findDigest(s1Of(answer), 'server', digests)?.scheme).toBe(clientScheme);
    expect(client && isSignedAnswer(s2Of(answer), client.digest, 'server', digests)).toBe(true);
  });
});

describe('a client and a server', () => {
  it.each([0, 1] as const)('agree by digests in scheme %i', (scheme) => {
    const client = new ClientHandshake({ ...digestClient, scheme });
    const server = new ServerHandshake({ digests });
    const answer = answerOf(server, client.hello);
    const last = lastOf(client, answer);
    expect(findDigest(client.hello.subarray(1), 'client', digests)?.scheme).toBe(scheme);
    expect(last).not.toEqual(s1Of(answer));
    expect(server.advance(queueOf(last))).toEqual({ type: 'done' });
  });

  it.each([
    { name: 'both know only the simple handshake', client: {}, server: {} },
    { name: 'the client wants it simple', client: {}, server: { digests } },
    { name: 'the server knows no digests', client: digestClient, server: {} },
  ])('[HS-13] [HS-20] echo each other when $name', (row) => {
    const client = new ClientHandshake(row.client);
    const server = new ServerHandshake(row.server);
    const answer = answerOf(server, client.hello);
    expect(s2Of(answer)).toEqual(client.hello.subarray(1));
    const last = lastOf(client, answer);
    expect(last).toEqual(s1Of(answer));
    expect(server.advance(queueOf(last))).toEqual({ type: 'done' });
  });

  it('[HS-11] say by zeros in place of a version that it is simple', () => {
    const { hello } = new ClientHandshake();
    expect([...hello.subarray(0, 9)]).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(hello.length).toBe(1 + handshakeLength);
  });

  it('[HS-12] never say the same twice', () => {
    expect(new ClientHandshake().hello).not.toEqual(new ClientHandshake().hello);
  });
});

describe('ClientHandshake', () => {
  it('[HS-15] takes an S2 that does not answer its digest, and signs C2', () => {
    const client = new ClientHandshake(digestClient);
    const answer = answerOf(new ServerHandshake({ digests }), client.hello);
    const server = findDigest(s1Of(answer), 'server', digests);
    for (const s2 of [s2Of(altered(answer, 1 + handshakeLength + 5)), new Uint8Array(1536)]) {
      const last = lastOf(
        new ClientHandshake(digestClient),
        Uint8Array.from([...answer.subarray(0, 1 + handshakeLength), ...s2]),
      );
      expect(server && isSignedAnswer(last, server.digest, 'client', digests)).toBe(true);
    }
  });

  it('[HS-15] takes an S2 that echoes something else, in the simple handshake', () => {
    const client = new ClientHandshake();
    const answer = altered(answerOf(new ServerHandshake(), client.hello), 3000);
    expect(client.advance(queueOf(answer)).type).toBe('done');
  });

  it('cannot do without digests where it is to use them', () => {
    expect(() => new ClientHandshake({ kind: 'digest' })).toThrow(TypeError);
  });

  it('[HS-02] [HS-03] [HS-16] waits for the last byte of S2, and leaves what follows', () => {
    const client = new ClientHandshake(digestClient);
    const answer = answerOf(new ServerHandshake({ digests }), client.hello);
    const input = new ByteQueue();
    for (const byte of answer.subarray(0, -1)) {
      input.push(Uint8Array.of(byte));
      if (input.length % 100 === 1) expect(client.advance(input).type).toBe('need-more');
    }
    input.push(Uint8Array.from([...answer.subarray(-1), 2, 3]));
    expect(client.advance(input).type).toBe('done');
    expect([...input.read(2)]).toEqual([2, 3]);
  });
});

describe('ServerHandshake', () => {
  const begin = (): { server: ServerHandshake; s1: Uint8Array } => {
    const server = new ServerHandshake({ digests });
    return { server, s1: s1Of(answerOf(server, new ClientHandshake(digestClient).hello)) };
  };

  it('takes an echo from a client that began with a digest, as ffmpeg publishes', () => {
    const { server, s1 } = begin();
    expect(server.advance(queueOf(s1)).type).toBe('done');
    const again = begin();
    const timed = Uint8Array.from([
      ...again.s1.subarray(0, 4),
      1,
      2,
      3,
      4,
      ...again.s1.subarray(8),
    ]);
    expect(again.server.advance(queueOf(timed)).type).toBe('done');
  });

  it('[HS-15] takes a C2 that is neither signed nor an echo, after digests', () => {
    const { s1 } = begin();
    for (const c2 of [altered(s1, 800), new Uint8Array(handshakeLength), s1.toReversed()]) {
      expect(begin().server.advance(queueOf(c2)).type).toBe('done');
    }
  });

  it('[HS-15] takes any C2 in the simple handshake', () => {
    const server = new ServerHandshake({ digests });
    const s1 = s1Of(answerOf(server, new ClientHandshake().hello));
    expect(server.advance(queueOf(altered(s1, 800))).type).toBe('done');
  });

  it.each([
    { version: 4, type: 'send' },
    { version: 19, type: 'send' },
    { version: 2, type: 'not-rtmp' },
    { version: 6, type: 'not-rtmp' },
    { version: 0x16, type: 'not-rtmp' },
    { version: 32, type: 'not-rtmp' },
    { version: 0x47, type: 'not-rtmp' },
  ])('[HS-08] [HS-09] meets version $version with $type', ({ version, type }) => {
    const hello = new ClientHandshake().hello.slice();
    hello[0] = version;
    const step = new ServerHandshake({ digests }).advance(queueOf(hello));
    expect(step.type).toBe(type);
    if (step.type === 'send') expect(step.output[0]).toBe(3);
  });

  it('names RTMPE when it is asked for it', () => {
    expect(new ServerHandshake().advance(queueOf(Uint8Array.of(6)))).toMatchObject({
      reason: expect.stringContaining('RTMPE') as string,
    });
  });
});
