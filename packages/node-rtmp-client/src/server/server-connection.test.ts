import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, expect, it, vi } from 'vitest';
import { SharedChunks } from '../session/shared-chunks.js';
import type { RtmpError } from '../session/rtmp-error.js';
import { defaultServerLimits } from './rtmp-server-limits.js';
import { ServerAdmission } from './server-admission.js';
import { ServerConnection } from './server-connection.js';

afterEach(() => {
  vi.restoreAllMocks();
});

it('disconnects a peer that neither publishes nor plays, also one that keeps talking', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const socket = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() });
  const errors: RtmpError[] = [];
  const handlers = { onError: (error: RtmpError): void => void errors.push(error) };
  const connection = new ServerConnection(socket as unknown as Socket, {
    shared: new SharedChunks(),
    ...{ handlers, limits: defaultServerLimits },
    admission: new ServerAdmission(handlers, undefined),
  });

  now.mockReturnValue(14_000);
  socket.emit('data', Buffer.of(3));
  connection.check();
  expect(errors).toEqual([]);
  now.mockReturnValue(16_000);
  connection.check();
  expect(errors).toMatchObject([{ code: 'timeout', phase: 'handshake' }]);
  await connection.closed;
});
