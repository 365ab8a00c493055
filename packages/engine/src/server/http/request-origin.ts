import { isIP } from 'node:net';
import { isLoopbackHost } from 'node-rtmp-client/address';

/** What tells where a request comes from. */
export interface RequestOrigin {
  /** The address of ours that it came to. */
  readonly localAddress: string | undefined;
  /** The headers of these names. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/**
 * On a loopback address only loopback names are ours: else any web page could read everything through a name of its own
 * that points to this machine (DNS rebinding). Elsewhere the owner has opened the server to others.
 */
export function isAddressedToUs({ localAddress, host = '' }: RequestOrigin): boolean {
  if (!isLoopback(localAddress)) return true;
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || isIP(name) !== 0;
}

/**
 * On a loopback address only pages of this machine may read streams: their names can be guessed, and the browser in which
 * any web page runs reaches what others on the network do not. Programs, and pages that cannot read what they show, name
 * no origin.
 */
export function isFromAllowedPage({ localAddress, origin }: RequestOrigin): boolean {
  if (origin === undefined || !isLoopback(localAddress)) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  // What is no web page is a program that somebody has installed.
  if (protocol !== 'http:' && protocol !== 'https:') return true;
  return /^(.*\.)?localhost$/.test(hostname) || isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Whether who asks is on this machine: nobody else reaches a loopback address. */
export const isOnThisMachine = ({ localAddress }: RequestOrigin): boolean =>
  isLoopback(localAddress);

/** An address, not a name. */
const isLoopback = (address = ''): boolean => isIP(address) !== 0 && isLoopbackHost(address);
