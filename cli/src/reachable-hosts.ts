import { networkInterfaces } from 'node:os';

/** Under which hosts others reach what listens on `host`: an address that stands for all is none to be opened. */
export function reachableHosts(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const here = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return ['127.0.0.1', ...here.slice(0, mostShown)];
}

/** Virtual machines and containers bring networks of their own, which are of no use to people. */
const mostShown = 3;
