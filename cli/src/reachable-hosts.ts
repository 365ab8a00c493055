import { networkInterfaces } from 'node:os';
import { reachableHosts } from '@tallylight/engine';

/** All hosts, as they are written in a URL, under which others reach what listens on `host`, the likeliest first. */
export function hostsOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const others = reachableHosts(networkInterfaces()).map((each) => each.host);
  return ['127.0.0.1', ...others];
}

/** Those that people are told: an address that stands for all is none to be opened, and more would only be read past. */
export const toldHosts = (host: string): string[] =>
  hostsOf(host)
    .filter((each) => !each.startsWith('['))
    .slice(0, mostTold);

const mostTold = 4;
