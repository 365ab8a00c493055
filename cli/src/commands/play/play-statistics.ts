import { MillisecondClock } from '@tallylight/engine';
import type { FlvItem, OpaquePacket } from 'node-rtmp-client';

/** Counts what a player gets. */
export class PlayStatistics {
  #video = { frames: 0, keyframes: 0, bytes: 0 };
  #audio = { frames: 0, bytes: 0 };
  #hasFrames = false;
  /** Of codecs that are not understood. */
  #other = { packets: 0, bytes: 0 };
  readonly #codecs = new Set<string>();
  /** Time goes on where the publisher's clock is set. */
  readonly #clock = new MillisecondClock();
  readonly #limitMs: number;
  #isComplete = false;
  /** Decode times in microseconds. */
  #first: number | undefined;
  #last = 0;

  /** @param limitMs as much media time is counted, and no more. */
  constructor(limitMs = Infinity) {
    this.#limitMs = limitMs;
  }

  /** Whether all that was wanted has come; the frame that showed it is not counted. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Video frames. */
  get frames(): number {
    return this.#video.frames;
  }

  /** Whether picture or sound has come, of whichever codec. */
  get hasFrames(): boolean {
    return this.#hasFrames;
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
      ...(this.#codecs.size > 0 && { other: { ...this.#other, codecs: [...this.#codecs] } }),
    };
  }

  /** @returns the codec of the item where it is not understood, and the first of its kind. */
  count(item: FlvItem): string | undefined {
    if (item.type === 'opaque') return this.#countOpaque(item.packet);
    if (item.type !== 'packet' || item.packet.type !== 'frame') return undefined;
    const { track, keyframe, payload } = item.packet;
    if (!this.#take(item.packet)) return undefined;
    if (track === 'video') {
      this.#video.frames += 1;
      if (keyframe) this.#video.keyframes += 1;
      this.#video.bytes += payload.byteLength;
    } else {
      this.#audio.frames += 1;
      this.#audio.bytes += payload.byteLength;
    }
    return undefined;
  }

  /** Whether the frame is within the limit. */
  #take(frame: Parameters<MillisecondClock['round']>[0]): boolean {
    const { dts } = this.#clock.round(frame);
    this.#first ??= dts;
    this.#isComplete ||= dts - this.#first >= this.#limitMs * 1000;
    if (this.#isComplete) return false;
    this.#hasFrames = true;
    this.#last = Math.max(this.#last, dts);
    return true;
  }

  #countOpaque(packet: OpaquePacket): string | undefined {
    const { codec, payload } = packet;
    if (packet.type === 'frame' && !this.#take(packet)) return undefined;
    this.#other.packets += 1;
    this.#other.bytes += payload.byteLength;
    if (this.#codecs.has(codec)) return undefined;
    this.#codecs.add(codec);
    return codec;
  }
}
