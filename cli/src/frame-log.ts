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

  /** True when this holds the first `frames` frames of `other`, and nothing else. */
  holdsFirst(frames: number, track: Track, other: FrameLog): boolean {
    const expected = other.#frames[track].slice(0, frames);
    return (
      expected.length === frames &&
      this.count(track) === frames &&
      expected.every((fingerprint, index) => this.#frames[track][index] === fingerprint)
    );
  }

  /** The same source, every packet of which is added as it is taken. */
  tap(source: MediaSource): MediaSource {
    const add = (packet: EncodedPacket): void => this.add(packet);
    return {
      name: source.name,
      hasAudio: source.hasAudio,
      get droppedFrames() {
        return source.droppedFrames;
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
