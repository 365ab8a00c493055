import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { aborted, wait } from '../async/abort.js';
import { abortedByCaller, RtmpError } from '../session/rtmp-error.js';
import { connectFirst, type ResolvedAddress } from './happy-eyeballs.js';
import { networkError } from './network-error.js';
import type { PhaseRunner } from './phase-runner.js';
import { ProxyConversation } from './proxy-conversation.js';
import { connectThroughHttp } from './proxy-http.js';
import type { ProxyOptions, ProxyTarget } from './proxy-options.js';
import { connectThroughSocks5 } from './proxy-socks5.js';
import type { RtmpAddress } from '../address/rtmp-address.js';
import { settleSocket } from './settle-socket.js';
import { speaksPlainRtmp } from './speaks-plain-rtmp.js';

/** How the certificate of an rtmps server is checked. */
export interface TlsOptions {
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | Buffer | (string | Buffer)[];
  /** False accepts any certificate. True by default. */
  readonly rejectUnauthorized?: boolean;
  /** The name to ask for (SNI) and to check the certificate against; the address's host by default. */
  readonly servername?: string;
}

/** The certificate that an rtmps server has shown, and that was trusted. */
export interface ServerCertificate {
  /** When it ends, in milliseconds since the epoch. */
  readonly validTo: number;
}

export interface SocketOptions {
  readonly tls?: TlsOptions | undefined;
  /** Is told of the certificate of each rtmps server that is connected to. */
  readonly onCertificate?: ((certificate: ServerCertificate) => void) | undefined;
  readonly proxy?: ProxyOptions | undefined;
  /** The address of this machine to connect from. */
  readonly localAddress?: string | undefined;
}

/** Milliseconds of silence to the start of TLS after which it is looked into. */
const tlsSilenceMs = 2_000;

/**
 * Opens a connection: name service, TCP, a proxy where there is one, and TLS for rtmps. The socket is paused.
 *
 * With a proxy, name service and TCP are about the proxy.
 * @throws RtmpError
 */
export async function openSocket(
  address: RtmpAddress,
  options: SocketOptions,
  phases: PhaseRunner,
): Promise<Socket> {
  const { proxy, localAddress } = options;
  const { host, port } = proxy ?? address;
  const addresses = await phases.run(
    'dns',
    () => resolve(host, localAddress),
    (found) => found.map((each) => each.address).join(', '),
  );
  const socket = await phases.run(
    'tcp',
    (signal) =>
      connectFirst(
        addresses,
        (found) =>
          connectTcp({
            host: found.address,
            port,
            ...(localAddress !== undefined && { localAddress }),
          }),
        signal,
      ),
    ({ remoteAddress: to = host, remotePort: at = port }) =>
      to.includes(':') ? `[${to}]:${at}` : `${to}:${at}`,
  );
  // Between one listener and the next an error must not end the process.
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 10_000);
  try {
    if (proxy !== undefined) {
      await phases.run('proxy', (signal) => passThrough(socket, proxy, address, signal));
    }
    if (address.protocol === 'rtmp') return socket;
    const secured = await phases.run('tls', (signal) =>
      secureOrExplain(socket, address, options, signal),
    );
    options.onCertificate?.(certificateOf(secured));
    return secured;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function passThrough(
  socket: Socket,
  proxy: ProxyOptions,
  target: ProxyTarget,
  signal: AbortSignal,
): Promise<void> {
  const talk = new ProxyConversation(socket, signal);
  if (proxy.type === 'socks5') await connectThroughSocks5(talk, proxy, target);
  else await connectThroughHttp(talk, proxy, target);
  talk.end();
}

/** TLS, and a look at why when the server stays silent. */
async function secureOrExplain(
  plain: Socket,
  { host, port }: RtmpAddress,
  { tls, proxy }: SocketOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  // Behind a proxy there is nothing to be looked at from here.
  if (proxy !== undefined) return secure(plain, host, tls, signal);
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  const peer = plain.remoteAddress ?? host;
  try {
    return await Promise.race([
      secure(plain, host, tls, either),
      explainSilence({ host: peer, port }, either),
    ]);
  } finally {
    settled.abort();
  }
}

/** @throws RtmpError where the server turns out to speak RTMP without TLS; else when `signal` is aborted. */
async function explainSilence(
  { host, port }: Pick<RtmpAddress, 'host' | 'port'>,
  signal: AbortSignal,
): Promise<never> {
  if ((await wait(tlsSilenceMs, signal)) && (await speaksPlainRtmp(host, port, signal))) {
    throw new RtmpError('tls-not-spoken', 'tls', 'it speaks RTMP without TLS');
  }
  await aborted(signal);
  throw abortedByCaller('tls');
}

async function resolve(host: string, localAddress: string | undefined): Promise<ResolvedAddress[]> {
  const found = await lookUp(host);
  if (localAddress === undefined) return found;
  const family = isIP(localAddress);
  const fitting = found.filter((each) => each.family === family);
  if (fitting.length > 0) return fitting;
  const reason = `the host has no address that can be reached from ${localAddress}`;
  throw new RtmpError('unreachable', 'dns', reason);
}

async function lookUp(host: string): Promise<ResolvedAddress[]> {
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

async function secure(
  plain: Socket,
  host: string,
  tls: TlsOptions | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const servername = tls?.servername ?? (isIP(host) === 0 ? host : undefined);
  const socket = connectTls({
    socket: plain,
    // What the certificate is checked against when there is no servername.
    host,
    ...(servername !== undefined && { servername }),
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    rejectUnauthorized: tls?.rejectUnauthorized ?? true,
  });
  await settleSocket(socket, 'secureConnect', 'tls', signal);
  return socket;
}

/** Node gives its end as text, such as "Nov 30 12:00:00 2027 GMT". */
const certificateOf = (socket: TLSSocket): ServerCertificate => ({
  validTo: Date.parse(socket.getPeerCertificate().valid_to),
});
