import type { ServerHost } from '@tallylight/contract';
import { isIPv6 } from 'node:net';
import type { networkInterfaces } from 'node:os';

/** What the system says of its networks. */
export type NetworkInterfaces = ReturnType<typeof networkInterfaces>;

/** Networks of containers, virtual machines and VPNs, as the programs that make them call them. */
const virtualNetworks =
  /^(docker|br-|veth|virbr|vmnet|vnic|vboxnet|lxc|lxd|cni|flannel|podman|kube|tun|tap|utun|wg|zt|tailscale|awdl|llw|anpi|bridge)|^vEthernet|VMware|VirtualBox|Hyper-V|WSL|TAP-/i;

/** Of this machine alone. */
export const loopbackHost: ServerHost = {
  host: '127.0.0.1',
  network: 'lo',
  reach: 'this-machine',
};

/**
 * The addresses at which others on the network reach what listens on all of them, those that most probably help first.
 * Link-local ones of IPv6 are left out: a URL cannot say on which network they are.
 */
export function reachableHosts(networks: NetworkInterfaces): ServerHost[] {
  const found = Object.entries(networks).flatMap(([network, addresses = []]) =>
    addresses
      .filter(({ address, internal }) => !internal && !/^fe[89ab]/i.test(address))
      .map(({ address }) => ({ network, address })),
  );
  return found
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ network, address }) => ({
      host: isIPv6(address) ? `[${address}]` : address,
      network,
      reach: virtualNetworks.test(network) ? 'virtual' : 'network',
    }));
}

/** The lower, the more probable it is that a phone in the same house reaches it. */
function rank({ network, address }: { network: string; address: string }): number {
  const far = virtualNetworks.test(network) ? 10 : 0;
  // Given by nobody: the network has no router.
  if (address.startsWith('169.254.')) return far + 3;
  // People read it more easily, and every program takes it.
  return far + (isIPv6(address) ? 1 : 0);
}

/** Where to listen for everybody: also over IPv6, where this machine has that. */
export const anyHost = (networks: NetworkInterfaces): string =>
  Object.values(networks).some((addresses) => addresses?.some(({ family }) => family === 'IPv6'))
    ? '::'
    : '0.0.0.0';
