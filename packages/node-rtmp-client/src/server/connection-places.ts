/** A connection that wants a place on a server. */
export interface PlacedConnection {
  /** The peer's IP address. */
  readonly address: string;
  /**
   * What it is worth to its peer: nothing yet, as long as it has asked for nothing; little, when it has been served and
   * may ask again; else it is being served.
   */
  worth(): 'nothing' | 'little' | 'much';
  /** Its place is given to another. */
  giveWay(): void;
}

/** How many connections there are at a time. */
export interface ConnectionPlacesOptions {
  readonly most: number;
  /** Of one IP address. */
  readonly mostPerAddress: number;
}

/**
 * The connections that a server has at a time. Where there are too many, the one that has been there longest without
 * asking for anything gives way, so that connections which are opened and left alone keep nobody out.
 */
export class ConnectionPlaces {
  readonly #options: ConnectionPlacesOptions;
  readonly #connections = new Set<PlacedConnection>();
  readonly #perAddress = new Map<string, number>();

  constructor(options: ConnectionPlacesOptions) {
    this.#options = options;
  }

  /** @returns why there is no place for it: everywhere, or for its address, are others that are being served. */
  take(connection: PlacedConnection): 'full' | 'address-full' | undefined {
    const { most, mostPerAddress } = this.#options;
    const { address } = connection;
    const others = this.#perAddress.get(address) ?? 0;
    if (others >= mostPerAddress && !this.#makeRoom((other) => other.address === address))
      return 'address-full';
    if (this.#connections.size >= most && !this.#makeRoom(() => true)) return 'full';
    this.#connections.add(connection);
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    return undefined;
  }

  /** To be called when a connection has ended. Without effect for one that has none, or gave way. */
  leave(connection: PlacedConnection): void {
    if (!this.#connections.delete(connection)) return;
    const left = (this.#perAddress.get(connection.address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(connection.address, left);
    else this.#perAddress.delete(connection.address);
  }

  #makeRoom(mayGive: (connection: PlacedConnection) => boolean): boolean {
    for (const worth of ['nothing', 'little'] as const) {
      for (const connection of this.#connections) {
        if (connection.worth() !== worth || !mayGive(connection)) continue;
        this.leave(connection);
        connection.giveWay();
        return true;
      }
    }
    return false;
  }
}
