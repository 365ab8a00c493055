import type { EncodedPacket } from 'node-rtmp-client';

/** A track that is silent holds the other back by at most this much of the other's media time, in microseconds. */
const windowUs = 500_000;

interface Entry {
  readonly packet: EncodedPacket;
  /** What it is sorted by. A configuration goes where the frame before it went. */
  readonly order: number;
}

/**
 * Puts the packets of two tracks into one order of decode times. A packet leaves when the other track has shown that it
 * has nothing earlier, or after half a second of media in which it showed nothing.
 */
export class TrackMerger {
  readonly #queues = new Map<EncodedPacket['track'], Entry[]>();
  readonly #open: Set<EncodedPacket['track']>;

  constructor(tracks: readonly EncodedPacket['track'][]) {
    this.#open = new Set(tracks);
    for (const track of tracks) this.#queues.set(track, []);
  }

  /** Adds a packet and gives what may leave now. Packets of a track that was not announced are left out. */
  push(packet: EncodedPacket): EncodedPacket[] {
    const queue = this.#queues.get(packet.track);
    if (!queue) return [];
    const order = packet.type === 'config' ? (queue.at(-1)?.order ?? -Infinity) : packet.dts;
    queue.push({ packet, order });
    return this.#ready();
  }

  /** Nothing more comes of `track`. */
  end(track: EncodedPacket['track']): EncodedPacket[] {
    this.#open.delete(track);
    return this.#ready();
  }

  #ready(): EncodedPacket[] {
    const ready: EncodedPacket[] = [];
    for (;;) {
      const queues = [...this.#queues.values()].filter((queue) => queue.length > 0);
      queues.sort((a, b) => orderOf(a[0]) - orderOf(b[0]));
      const [earliest] = queues;
      const first = earliest?.[0];
      if (!earliest || !first) return ready;
      const isSilent = [...this.#open].some((track) => this.#queues.get(track)?.length === 0);
      const waited = orderOf(earliest.at(-1)) - first.order;
      if (isSilent && waited < windowUs && first.order !== -Infinity) return ready;
      earliest.shift();
      ready.push(first.packet);
    }
  }
}

const orderOf = (entry: Entry | undefined): number => entry?.order ?? Infinity;
