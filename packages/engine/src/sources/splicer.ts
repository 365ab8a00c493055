import type { EncodedPacket } from 'node-rtmp-client';
import { withParameterSets } from './parameter-sets.js';
import { sameConfig } from './same-config.js';

type Track = EncodedPacket['track'];

/** Microseconds; what a track's first frame is taken to last. */
const defaultDurations = { video: 1_000_000 / 30, audio: 1_024_000_000 / 48_000 } as const;

interface Position {
  /** Decode time of the newest frame, and the latest presentation time so far. */
  readonly dts: number;
  readonly pts: number;
  /** How long a frame lasts. */
  readonly duration: number;
}

/**
 * Puts the packets of several sources, one after the other, onto one clock.
 *
 * Where the next source begins, its first keyframe follows the newest picture by the length of a frame, and its sound
 * keeps its distance from its picture. Sound that would lie over what has been sent is left out, so that decode times
 * rise within each track. A configuration is repeated only where it is another. A source with B-frames that is left
 * between a P-frame and those before it takes them along: they are missing.
 *
 * All times in microseconds.
 */
export class Splicer {
  readonly #positions = new Map<Track, Position>();
  readonly #configs = new Map<Track, EncodedPacket>();
  /** What is added to the times of the source that is on. */
  #offset = 0;
  /** Until its first sound has found a place behind that of the source before. */
  #soundMayOverlap = false;

  /**
   * Goes over to a source by what it begins with: its configurations, its first keyframe and what belongs behind it. A
   * picture that is configured otherwise than the one before tells so within its keyframe, too.
   *
   * @param pauseUs as of {@link begin}.
   * @returns what is to be sent of `head`, on the common clock.
   */
  *cutIn(head: readonly EncodedPacket[], pauseUs = 0): Generator<EncodedPacket, void, undefined> {
    const isFirst = !this.#configs.has('video');
    const first = head.find(({ type }) => type === 'frame');
    if (first) this.begin(first, pauseUs);
    let changed: EncodedPacket | undefined;
    for (const packet of head) {
      const placed = this.place(packet);
      if (!placed) continue;
      if (placed.type === 'config' && placed.track === 'video' && !isFirst) changed = placed;
      yield packet === first && changed ? withParameterSets(placed, changed) : placed;
    }
  }

  /**
   * Goes over to a source whose first frame to be sent is `first`: a keyframe, or sound where there is no picture.
   *
   * @param pauseUs how long nothing came: the time goes on by at least that much.
   */
  begin(first: EncodedPacket, pauseUs = 0): void {
    const before = this.#positions.get(first.track);
    if (!before) {
      this.#offset = 0;
      return;
    }
    this.#soundMayOverlap = true;
    const step = Math.max(before.duration, pauseUs);
    this.#offset = Math.max(
      before.dts + step - first.dts,
      // Frames that are shown later than the last decoded one come before the new picture, too.
      before.pts + before.duration - first.pts,
    );
  }

  /** The packet on the common clock; `undefined` where it has no place there. */
  place(packet: EncodedPacket): EncodedPacket | undefined {
    const placed = {
      ...packet,
      dts: packet.dts + this.#offset,
      pts: packet.pts + this.#offset,
    };
    return packet.type === 'config' ? this.#placeConfig(placed) : this.#placeFrame(placed);
  }

  #placeConfig(config: EncodedPacket): EncodedPacket | undefined {
    const before = this.#configs.get(config.track);
    if (before && sameConfig(before, config)) return undefined;
    this.#configs.set(config.track, config);
    return config;
  }

  #placeFrame(frame: EncodedPacket): EncodedPacket | undefined {
    const { track, dts, pts } = frame;
    const before = this.#positions.get(track);
    const step = before ? dts - before.dts : 0;
    if (track === 'audio' && this.#soundMayOverlap) {
      if (before && step < before.duration / 2) return undefined;
      this.#soundMayOverlap = false;
    }
    const isPlausible = step > 0 && step < 1_000_000;
    this.#positions.set(track, {
      dts,
      pts: Math.max(pts, before?.pts ?? pts),
      duration: isPlausible ? step : (before?.duration ?? defaultDurations[track]),
    });
    return frame;
  }
}
