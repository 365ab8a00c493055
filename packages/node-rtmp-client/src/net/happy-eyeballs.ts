import type { Socket } from 'node:net';
import { abortedByCaller, RtmpError } from '../session/rtmp-error.js';
import { networkError } from './network-error.js';
import { settleSocket } from './settle-socket.js';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Milliseconds after which the next address is tried as well, RFC 8305 §8. */
const nextAddressAfterMs = 250;
/** Names have a handful; the rest would only cost time. */
const maxAddresses = 16;

/**
 * Connects to whichever address answers first, RFC 8305: each begins a little after the one before it, or at once when
 * that one has failed, and none is given up before another has won. (Node's own way gives up the slow ones.)
 *
 * @param open begins to connect.
 * @throws RtmpError
 */
export function connectFirst(
  addresses: readonly ResolvedAddress[],
  open: (address: ResolvedAddress) => Socket,
  signal: AbortSignal,
): Promise<Socket> {
  const queue = interleaved(addresses).slice(0, maxAddresses);
  return new Promise((resolve, reject) => {
    const losers = new AbortController();
    const errors: RtmpError[] = [];
    let racing = 0;
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      losers.abort();
    };
    const onAbort = (): void => {
      finish();
      reject(abortedByCaller('tcp'));
    };
    const next = (): void => {
      clearTimeout(timer);
      const address = queue.shift();
      if (address === undefined) {
        if (racing > 0) return;
        finish();
        reject(mostTelling(errors));
        return;
      }
      racing++;
      if (queue.length > 0) timer = setTimeout(next, nextAddressAfterMs);
      settleSocket(open(address), 'connect', 'tcp', losers.signal).then(
        (socket) => {
          if (losers.signal.aborted) {
            socket.destroy();
            return;
          }
          finish();
          resolve(socket);
        },
        (error: unknown) => {
          racing--;
          errors.push(networkError(error, 'tcp'));
          if (!losers.signal.aborted) next();
        },
      );
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else next();
  });
}

/** The resolver's order, but with the families by turns, RFC 8305 §4. */
export function interleaved(addresses: readonly ResolvedAddress[]): ResolvedAddress[] {
  const first = addresses[0]?.family;
  const same = addresses.filter(({ family }) => family === first);
  const other = addresses.filter(({ family }) => family !== first);
  return same
    .flatMap((address, i) => [address, ...other.slice(i, i + 1)])
    .concat(other.slice(same.length));
}

/** Somebody who said no was there; that is more than nobody answering. */
const mostTelling = (errors: readonly RtmpError[]): RtmpError =>
  errors.find(({ code }) => code === 'refused') ??
  errors.at(-1) ??
  new RtmpError('unreachable', 'tcp', 'there is no address to connect to');
