import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { RtmpError } from '../session/rtmp-error.js';
import { networkError } from './network-error.js';
import type { PhaseRunner } from './phase-runner.js';
import type { RtmpAddress } from './rtmp-url.js';
import { speaksPlainRtmp } from './speaks-plain-rtmp.js';

export interface TlsOptions {
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | Buffer | (string | Buffer)[];
  /** False accepts any certificate. True by default. */
  readonly rejectUnauthorized?: boolean;
  /** The name to ask for (SNI) and to check the certificate against; the address's host by default. */
  readonly servername?: string;
}

interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Milliseconds after which the next address is tried as well; Node's own 250 gives up on slow links too early. */
const nextAddressAfterMs = 1_000;
/** Milliseconds of silence to the start of TLS after which it is looked into. */
const tlsSilenceMs = 2_000;

/** Opens a connection: name service, TCP, and TLS for rtmps. The socket is paused. @throws RtmpError */
export async function openSocket(
  address: RtmpAddress,
  tls: TlsOptions | undefined,
  phases: PhaseRunner,
): Promise<Socket> {
  const addresses = await phases.run(
    'dns',
    () => resolve(address.host),
    (found) => found.map((each) => each.address).join(', '),
  );
  const socket = await phases.run(
    'tcp',
    (signal) => connect(addresses, address.port, signal),
    (connected) => `${connected.remoteAddress ?? ''} port ${connected.remotePort ?? address.port}`,
  );
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 10_000);
  if (address.protocol === 'rtmp') return socket;
  try {
    return await phases.run('tls', (signal) => secureOrExplain(socket, address, tls, signal));
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** TLS, and a look at why when the server stays silent. */
async function secureOrExplain(
  plain: Socket,
  { host, port }: RtmpAddress,
  tls: TlsOptions | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  const peer = plain.remoteAddress ?? host;
  const silence = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      void speaksPlainRtmp(peer, port, either).then((isPlain) => {
        if (!isPlain) return;
        reject(new RtmpError('tls-not-spoken', 'tls', 'it speaks RTMP without TLS'));
      });
    }, tlsSilenceMs);
    either.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([secure(plain, host, tls, either), silence]);
  } finally {
    settled.abort();
  }
}

async function resolve(host: string): Promise<ResolvedAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  try {
    const found = await lookup(host, { all: true });
    if (found.length > 0) return found;
  } catch (error) {
    throw networkError(error, 'dns');
  }
  throw new RtmpError('dns-not-found', 'dns', 'the name has no address');
}

function connect(
  addresses: readonly ResolvedAddress[],
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  const [first] = addresses;
  const socket = connectTcp({
    host: first?.address ?? '',
    port,
    autoSelectFamily: addresses.length > 1,
    autoSelectFamilyAttemptTimeout: nextAddressAfterMs,
    // Already resolved; Node only has to try them in turn.
    ...(addresses.length > 1 && {
      host: 'resolved.invalid',
      lookup: (_host, _options, callback) => callback(null, [...addresses]),
    }),
  });
  return settle(socket, 'connect', 'tcp', signal);
}

function secure(
  plain: Socket,
  host: string,
  tls: TlsOptions | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const servername = tls?.servername ?? (isIP(host) === 0 ? host : undefined);
  const socket = connectTls({
    socket: plain,
    // What the certificate is checked against when there is no servername.
    host,
    ...(servername !== undefined && { servername }),
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    rejectUnauthorized: tls?.rejectUnauthorized ?? true,
  });
  return settle(socket, 'secureConnect', 'tls', signal);
}

/** Resolves with the socket at `event`; the socket is destroyed when anything else comes first. */
function settle<S extends Socket>(
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
  });
}
