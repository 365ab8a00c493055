import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import type { BroadcastSnapshot } from '@tallylight/contract';

/** As `os.networkInterfaces` lists them. */
export type NetworkInterfaces = NodeJS.Dict<
  readonly Pick<NetworkInterfaceInfo, 'address' | 'internal'>[]
>;

/** Whether there is an address by which others are reached, that was not there before: a network has come, or another. */
export function hasNewAddress(before: NetworkInterfaces, now: NetworkInterfaces): boolean {
  const known = new Set(addressesOf(before));
  return addressesOf(now).some((address) => !known.has(address));
}

const addressesOf = (interfaces: NetworkInterfaces): string[] =>
  Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ address, internal }) => !internal && !isLinkLocal(address))
      .map(({ address }) => `${name} ${address}`),
  );

/** An interface gives these to itself, with nobody at the other end. */
const isLinkLocal = (address: string): boolean => /^(169\.254\.|fe80:)/i.test(address);

export interface NetworkWatchOptions {
  readonly onUp: () => void;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
  readonly list?: () => NetworkInterfaces;
}

/** Looks each second whether a network has come up, while something waits for one. Nothing of the system's tells it. */
export class NetworkWatch {
  readonly #o: Required<NetworkWatchOptions>;
  #before: NetworkInterfaces = {};
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NetworkWatchOptions) {
    this.#o = { everyMs: 1_000, list: networkInterfaces, ...options };
  }

  /** Whether it looks. */
  get isWatching(): boolean {
    return this.#timer !== undefined;
  }

  /** For each snapshot of a broadcast, the last included. */
  readonly follow = ({ state, outputs }: BroadcastSnapshot): void => {
    const isOver = state === 'stopping' || state === 'ended';
    if (!isOver && outputs.some((output) => output.state === 'reconnecting')) this.#begin();
    else this.#end();
  };

  #begin(): void {
    if (this.#timer) return;
    const { list, everyMs } = this.#o;
    this.#before = list();
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = this.#o.list();
    const before = this.#before;
    this.#before = now;
    if (hasNewAddress(before, now)) this.#o.onUp();
  }
}
