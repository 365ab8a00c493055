import { createHash } from 'node:crypto';
import type { MediaSource } from '@tallylight/engine';
import type { EncodedPacket } from 'node-rtmp-client';

type Track = EncodedPacket['track'];

/** The fingerprints of the coded frames that went by, each track in its order, to compare two ends of a way. */
export class FrameLog {
  readonly #frames: Record<Track, string[]> = { video: [], audio: [] };

  count(track: Track): number {
    return this.#frames[track].length;
  }

  add(packet: EncodedPacket): void {
    if (packet.type !== 'frame') return;
    this.#frames[packet.track].push(createHash('sha1').update(packet.payload).digest('base64'));
  }

  /** True when the frames of this are frames of `other` without a gap, in the same order. */
  isRunOf(other: FrameLog, track: Track): boolean {
    const [own, all] = [this.#frames[track], other.#frames[track]];
    // Wherever it may begin: silence is made of frames that are all alike.
    return (
      own.length > 0 &&
      all.some((_, start) => own.every((frame, index) => frame === all[start + index]))
    );
  }

  /** The same source, every packet of which is added as it is taken. */
  tap(source: MediaSource): MediaSource {
    const add = (packet: EncodedPacket): void => this.add(packet);
    return {
      name: source.name,
      hasAudio: source.hasAudio,
      get status() {
        return source.status;
      },
      get control() {
        return source.control;
      },
      async *packets(signal) {
        for await (const packet of source.packets(signal)) {
          add(packet);
          yield packet;
        }
      },
    };
  }
}
