import type { FlvItem } from 'node-rtmp-client';

/** Counts what a player gets. */
export class PlayStatistics {
  #video = { frames: 0, keyframes: 0, bytes: 0 };
  #audio = { frames: 0, bytes: 0 };
  /** Decode times in microseconds. */
  #first: number | undefined;
  #last = 0;

  /** Video frames. */
  get frames(): number {
    return this.#video.frames;
  }

  /** Media time between the first frame and the last, in milliseconds. */
  get durationMs(): number {
    return Math.round((this.#last - (this.#first ?? this.#last)) / 1000);
  }

  get summary(): object {
    return {
      durationMs: this.durationMs,
      video: { ...this.#video },
      audio: { ...this.#audio },
    };
  }

  count(item: FlvItem): void {
    if (item.type !== 'packet' || item.packet.type !== 'frame') return;
    const { track, keyframe, dts, payload } = item.packet;
    this.#first ??= dts;
    this.#last = Math.max(this.#last, dts);
    if (track === 'video') {
      this.#video.frames += 1;
      if (keyframe) this.#video.keyframes += 1;
      this.#video.bytes += payload.byteLength;
    } else {
      this.#audio.frames += 1;
      this.#audio.bytes += payload.byteLength;
    }
  }
}
