import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { anyHost, reachableHosts } from './reachable-hosts.js';

const address = (text: string, internal = false): NetworkInterfaceInfo => ({
  ...{ address: text, netmask: '', mac: '', cidr: null, internal },
  ...(text.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
});

describe('addresses that others reach', () => {
  it('are those of the house first, IPv4 before IPv6, and those of containers and VPNs last', () => {
    const networks = {
      lo: [address('127.0.0.1', true), address('::1', true)],
      docker0: [address('172.17.0.1')],
      'br-2f1c': [address('172.18.0.1')],
      wg0: [address('10.8.0.2')],
      wlan0: [address('fd12::7'), address('192.168.1.20'), address('fe80::1')],
      eth1: [address('169.254.7.7')],
    };
    expect(reachableHosts(networks).map(({ host, reach }) => `${host} ${reach}`)).toEqual([
      '192.168.1.20 network',
      '[fd12::7] network',
      '169.254.7.7 network',
      '172.17.0.1 virtual',
      '172.18.0.1 virtual',
      '10.8.0.2 virtual',
    ]);
  });

  it('are none where there is no network', () => {
    expect(reachableHosts({ lo: [address('127.0.0.1', true)] })).toEqual([]);
  });

  it('take in IPv6 only where the machine has that', () => {
    expect(anyHost({ lo: [address('127.0.0.1', true), address('::1', true)] })).toBe('::');
    expect(anyHost({ lo: [address('127.0.0.1', true)] })).toBe('0.0.0.0');
  });
});
