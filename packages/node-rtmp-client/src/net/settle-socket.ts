import type { Socket } from 'node:net';
import { RtmpError } from '../session/rtmp-error.js';
import { networkError } from './network-error.js';

/** Resolves with the socket at `event`; the socket is destroyed when anything else comes first. @throws RtmpError */
export function settleSocket<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  phase: 'tcp' | 'tls',
  signal: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      socket.destroy();
    };
    const cleanUp = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onReady).off('error', onError).off('close', onClose);
    };
    const onReady = (): void => {
      cleanUp();
      resolve(socket);
    };
    const onError = (error: Error): void => {
      cleanUp();
      // An error after this one has nobody to tell.
      socket.on('error', () => undefined).destroy();
      reject(networkError(error, phase));
    };
    const onClose = (): void => {
      cleanUp();
      const code = phase === 'tls' ? 'tls-not-spoken' : 'unreachable';
      reject(new RtmpError(code, phase, 'the server closed the connection'));
    };
    signal.addEventListener('abort', onAbort);
    socket.on(event, onReady).on('error', onError).on('close', onClose);
    if (signal.aborted) onAbort();
  });
}
