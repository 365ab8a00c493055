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
  /** How far apart the frames of a track are, in microseconds, where that is known beforehand. */
  readonly #steps = new Map<EncodedPacket['track'], number>();
  /** The earliest that a track's next frame can be. */
  readonly #next = new Map<EncodedPacket['track'], number>();
  /** The newest that has left. */
  #left = -Infinity;

  constructor(tracks: readonly EncodedPacket['track'][]) {
    this.#open = new Set(tracks);
    for (const track of tracks) this.#queues.set(track, []);
  }

  /**
   * Says that each frame of a track comes `step` microseconds after the one before, so that nobody has to wait for it to
   * know that nothing comes in between.
   */
  setStep(track: EncodedPacket['track'], step: number): void {
    this.#steps.set(track, step);
  }

  /** Adds a packet and gives what may leave now. Packets of a track that was not announced are left out. */
  push(given: EncodedPacket): EncodedPacket[] {
    const queue = this.#queues.get(given.track);
    if (!queue) return [];
    const packet = this.#inOrder(given);
    const order = packet.type === 'config' ? (queue.at(-1)?.order ?? -Infinity) : packet.dts;
    queue.push({ packet, order });
    if (packet.type === 'frame') {
      this.#next.set(packet.track, packet.dts + (this.#steps.get(packet.track) ?? 0));
    }
    return this.#ready();
  }

  /** Nothing more comes of `track`. */
  end(track: EncodedPacket['track']): EncodedPacket[] {
    this.#open.delete(track);
    return this.#ready();
  }

  /** A frame that is a little earlier than was foreseen, where a clock is corrected, goes with what has left by then. */
  #inOrder(packet: EncodedPacket): EncodedPacket {
    const step = this.#steps.get(packet.track);
    const isEarly = packet.dts < this.#left && packet.dts >= this.#left - (step ?? 0);
    if (packet.type === 'config' || !isEarly) return packet;
    return { ...packet, dts: this.#left, pts: Math.max(packet.pts, this.#left) };
  }

  #ready(): EncodedPacket[] {
    const ready: EncodedPacket[] = [];
    for (;;) {
      const queues = [...this.#queues.values()].filter((queue) => queue.length > 0);
      queues.sort((a, b) => orderOf(a[0]) - orderOf(b[0]));
      const [earliest] = queues;
      const first = earliest?.[0];
      if (!earliest || !first) return ready;
      const mayFollow = [...this.#open].some(
        (track) =>
          this.#queues.get(track)?.length === 0 &&
          (this.#next.get(track) ?? -Infinity) < first.order,
      );
      const waited = orderOf(earliest.at(-1)) - first.order;
      if (mayFollow && waited < windowUs && first.order !== -Infinity) return ready;
      earliest.shift();
      this.#left = Math.max(this.#left, first.order);
      ready.push(first.packet);
    }
  }
}

const orderOf = (entry: Entry | undefined): number => entry?.order ?? Infinity;
