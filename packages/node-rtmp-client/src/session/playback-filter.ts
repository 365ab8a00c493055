import type { FlvItem } from '../flv/flv-item.js';

/**
 * What a playing client is not sent because it has paused, or wants no sound or no picture (RTMP 1.0 §7.2.2.4, §7.2.2.5
 * and §7.2.2.8). After a gap each picture goes on at its next keyframe; headers always pass, since later frames need
 * them.
 */
export class PlaybackFilter {
  #paused = false;
  #audio = true;
  #video = true;
  /** Video tracks that had a keyframe since the last gap; undefined while there was no gap at all. */
  #decodable: Set<number> | undefined;

  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) this.#decodable = new Set();
  }

  receive(track: 'audio' | 'video', wanted: boolean): void {
    if (track === 'audio') {
      this.#audio = wanted;
    } else {
      this.#video = wanted;
      if (!wanted) this.#decodable = new Set();
    }
  }

  /** Whether nothing is held back, and nothing ever was. */
  get letsAll(): boolean {
    return !this.#paused && this.#audio && this.#video && this.#decodable === undefined;
  }

  lets(item: FlvItem): boolean {
    if (!('packet' in item) || item.packet.type === 'config') return true;
    if (this.#paused) return false;
    const { track, keyframe, trackId = 0 } = item.packet;
    if (track === 'audio') return this.#audio;
    if (!this.#video) return false;
    if (this.#decodable === undefined) return true;
    if (keyframe) this.#decodable.add(trackId);
    return this.#decodable.has(trackId);
  }
}
