import type { SegmentProtocol } from './traffic.js';

/** Players of HLS and DASH ask again for a playlist or manifest within a few segments, and those last up to ten seconds. */
export const activeMs = 30_000;
/** Viewers that are remembered; beyond, those who asked longest ago are forgotten. */
const mostViewers = 10_000;
const longestAgent = 200;

interface Viewer {
  readonly stream: string;
  readonly protocol: SegmentProtocol;
  readonly seenAt: number;
}

/** Who asks for a stream in segments. */
export interface SegmentRequest {
  readonly address: string;
  readonly userAgent: string;
  /** Undefined for a segment, which both ways have in common. */
  readonly protocol: SegmentProtocol | undefined;
  /** A picture for a list, which nobody watches. */
  readonly isPreview: boolean;
}

/**
 * Who watches over HLS and DASH. Nobody is connected there, so a viewer is whoever has asked within the last
 * {@link activeMs}: an address and a program. Those behind one proxy with the same program are one.
 */
export class SegmentViewers {
  /** By stream and viewer; who asked last is last. */
  readonly #viewers = new Map<string, Viewer>();

  /** @returns by which way this viewer plays: a segment's is that of the playlist or manifest before. */
  see(
    stream: string,
    { address, userAgent, protocol, isPreview }: SegmentRequest,
    now: number,
  ): SegmentProtocol {
    if (isPreview) return protocol ?? 'hls';
    const key = JSON.stringify([stream, address, userAgent.slice(0, longestAgent)]);
    const known = this.#viewers.get(key)?.protocol;
    const viewer = { stream, protocol: protocol ?? known ?? 'hls', seenAt: now };
    this.#viewers.delete(key);
    this.#viewers.set(key, viewer);
    this.#forget(now);
    return viewer.protocol;
  }

  /** How many there are of each stream. */
  count(now: number): ReadonlyMap<string, Readonly<Record<SegmentProtocol, number>>> {
    this.#forget(now);
    const counts = new Map<string, Record<SegmentProtocol, number>>();
    for (const { stream, protocol } of this.#viewers.values()) {
      const count = counts.get(stream) ?? { hls: 0, dash: 0 };
      count[protocol] += 1;
      counts.set(stream, count);
    }
    return counts;
  }

  #forget(now: number): void {
    for (const [key, { seenAt }] of this.#viewers) {
      if (now - seenAt <= activeMs && this.#viewers.size <= mostViewers) return;
      this.#viewers.delete(key);
    }
  }
}
