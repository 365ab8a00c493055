import { connect } from 'node:net';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ClientHandshake } from '../handshake/client-handshake.js';
import { plainBytes } from './plain-bytes.js';

/**
 * Whether the address answers an unencrypted RTMP handshake. Asked when a server stays silent to TLS: a plain RTMP
 * server takes the start of TLS for the start of a handshake, and waits for the rest.
 */
export function speaksPlainRtmp(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const input = new ByteQueue();
    const handshake = new ClientHandshake();
    const socket = connect({ host, port });
    const finish = (answer: boolean): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(answer);
    };
    const onAbort = (): void => finish(false);
    signal.addEventListener('abort', onAbort);
    socket
      .on('connect', () => socket.write(handshake.hello))
      .on('data', (bytes: Buffer) => {
        input.push(plainBytes(bytes));
        handshake.advance(input);
        finish(handshake.serverSpokeRtmp);
      })
      .on('error', () => finish(false))
      .on('close', () => finish(false));
    if (signal.aborted) onAbort();
  });
}
