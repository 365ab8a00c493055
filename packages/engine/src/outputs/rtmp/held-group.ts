import { KeyframeGate, type EncodedPacket } from 'node-rtmp-client';
import { isKeyframe, isVideoFrame } from './video-frames.js';

/**
 * The newest group of pictures, with its sound, that nobody was there to take: a server that comes back goes on with it
 * at once, instead of waiting for the next keyframe. A group that grows beyond the bounds is not kept, and sound alone
 * is not worth it: it goes on anywhere.
 */
export class HeldGroup {
  readonly #maxMs: number;
  readonly #maxBytes: number;
  #gate = new KeyframeGate();
  #packets: EncodedPacket[] = [];
  #bytes = 0;

  /**
   * @param maxMs milliseconds of picture; 0: nothing is held.
   * @param maxBytes of picture and sound.
   */
  constructor(maxMs: number, maxBytes: number) {
    this.#maxMs = maxMs;
    this.#maxBytes = maxBytes;
  }

  /** Video frames that are held. */
  get frames(): number {
    return this.#packets.filter(isVideoFrame).length;
  }

  /** @returns how many video frames are lost by it, which may be its own. */
  push(packet: EncodedPacket): number {
    // A configuration comes right before the keyframe that needs it.
    const isEnd = packet.type === 'config' || (isKeyframe(packet) && (packet.trackId ?? 0) === 0);
    const lost = isEnd ? this.discard() : 0;
    if (packet.type === 'config') return lost;
    if (this.#maxMs === 0) return lost + (isVideoFrame(packet) ? 1 : 0);
    const isKept = this.#gate.passes(packet) && (this.#packets.length > 0 || isVideoFrame(packet));
    if (!isKept) return lost + (isVideoFrame(packet) ? 1 : 0);
    this.#packets.push(packet);
    this.#bytes += packet.payload.byteLength;
    const [first = packet] = this.#packets;
    const isTooMuch = packet.dts - first.dts > this.#maxMs * 1000 || this.#bytes > this.#maxBytes;
    return isTooMuch ? lost + this.discard() : lost;
  }

  /** Gives what is held; from here on nothing is. */
  take(): readonly EncodedPacket[] {
    const packets = this.#packets;
    this.#clear();
    return packets;
  }

  /** @returns how many video frames are lost by it. */
  discard(): number {
    return this.take().filter(isVideoFrame).length;
  }

  #clear(): void {
    this.#packets = [];
    this.#bytes = 0;
    this.#gate = new KeyframeGate();
  }
}
