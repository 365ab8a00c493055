import fc from 'fast-check';
import { expect, it } from 'vitest';
import { messageBytes } from '../../test/support/message-bytes.js';
import { joined, SessionWire } from '../../test/support/session-wire.js';
import type { AmfValue } from '../amf/amf-value.js';
import { ChunkWriter } from '../chunk/chunk-writer.js';
import { ServerSession } from './server-session.js';

it('an answer to what a client has asked for before does not let it have what it asks for now', () => {
  const wire = new SessionWire({ role: 'publish', onRequest: () => undefined }).run();
  const first = wire.request;
  const command = (name: string, ...values: AmfValue[]): Uint8Array =>
    messageBytes({
      type: 'command',
      streamId: 1,
      name,
      transactionId: 0,
      values: [null, ...values],
    });
  wire.toServer(command('closeStream'));
  wire.toServer(command('publish', 'another-key', 'live'));
  expect(wire.request.streamName).toBe('another-key');
  wire.server.drainOutput();
  wire.server.accept(first);
  wire.server.reject(first, 'NetStream.Publish.Denied', 'late');
  expect(wire.server.drainOutput()).toEqual([]);
  wire.server.accept(wire.request);
  expect(wire.server.drainOutput()).not.toEqual([]);
});

it('data that cannot be read does not end the stream', () => {
  const wire = new SessionWire({ role: 'play' }).run();
  const output: Uint8Array[] = [];
  // An AMF3 value inside AMF0.
  const payload = [Uint8Array.of(2, 0, 1, 0x78, 0x11, 0x0a)];
  const writer = new ChunkWriter();
  writer.write({ chunkStreamId: 9, typeId: 18, streamId: 1, timestamp: 0, payload }, output);
  expect(wire.client.receive(joined(output))).toEqual([]);
  expect(wire.isStreaming).toBe(true);
});

it.each([
  { answer: 'HTTP/1.1 400 Bad Request\r\n', reason: 'it is a web server' },
  { answer: '<html><head>', reason: 'it is a web server' },
  { answer: '\x15\x03\x01\x00\x02\x02\x46', reason: 'it expects TLS' },
  { answer: 'SSH-2.0-OpenSSH', reason: 'it is an SSH server' },
  { answer: 'xyz', reason: 'its first byte is 120, not 3' },
])('[HS-09, HS-10] a server that answers $answer is not RTMP', ({ answer, reason }) => {
  const { client } = new SessionWire({ role: 'publish' });
  expect(client.receive(Uint8Array.from(Buffer.from(answer, 'latin1')))).toMatchObject([
    { type: 'failed', error: { code: 'not-rtmp', phase: 'handshake', data: { reason } } },
  ]);
});

it('[HS-09] a client that begins with TLS or HTTP is told apart by its first byte', () => {
  for (const first of [0x16, 0x47]) {
    expect(new ServerSession().receive(Uint8Array.of(first))).toMatchObject([
      { type: 'failed', error: { code: 'not-rtmp' } },
    ]);
  }
});

it('garbage after the handshake ends the session, and throws nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (garbage) => {
      for (const role of ['publish', 'play'] as const) {
        const wire = new SessionWire({ role }).run();
        for (const session of [wire.client, wire.server]) {
          for (const event of session.receive(garbage)) {
            if (event.type === 'failed') expect(event.error.code).toMatch(/protocol|closed|reject/);
          }
          session.drainOutput();
        }
      }
    }),
    { numRuns: 200 },
  );
});

it('a flood of pings is answered one for one, nothing kept', () => {
  const wire = new SessionWire({ role: 'publish' }).run();
  for (let i = 0; i < 1000; i++) wire.client.ping(i);
  wire.run();
  expect(wire.clientEvents.filter((event) => event.type === 'pong').length).toBe(1000);
});
