import type { Statistics } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { MediaRateMeter } from '../media-rate-meter.js';
import type { SourceStatus } from '../sources/media-source.js';

/** Counts what the source delivered. */
export class BroadcastStatistics {
  readonly #video = { frames: 0, keyframes: 0, bytes: 0 };
  readonly #audio = { frames: 0, bytes: 0 };
  #endMs = 0;
  #lastVideoDts: number | undefined;
  #videoInterval = 0;
  /** When the broadcast's time was zero, if every frame took as long as the first. */
  #zeroAt: number | undefined;
  #behindMs = 0;
  readonly #rate = new MediaRateMeter();

  /** Takes a packet on the broadcast's own time, which begins at zero. */
  count(packet: EncodedPacket): void {
    if (packet.type === 'config') return;
    this.#rate.add(packet);
    if (packet.track === 'audio') {
      this.#audio.frames += 1;
      this.#audio.bytes += packet.payload.byteLength;
      this.#endMs = Math.max(this.#endMs, packet.dts / 1000);
      return;
    }
    this.#video.frames += 1;
    this.#video.bytes += packet.payload.byteLength;
    if (packet.keyframe) this.#video.keyframes += 1;
    if (this.#lastVideoDts !== undefined) this.#videoInterval = packet.dts - this.#lastVideoDts;
    this.#lastVideoDts = packet.dts;
    const mediaMs = packet.dts / 1000;
    this.#zeroAt ??= performance.now() - mediaMs;
    this.#behindMs = Math.max(0, performance.now() - this.#zeroAt - mediaMs);
    // A frame lasts until the next one; the last one as long as the one before it.
    this.#endMs = Math.max(this.#endMs, (packet.dts + this.#videoInterval) / 1000);
  }

  snapshot({ account, ...source }: SourceStatus): Statistics {
    const encoded = this.#video.frames;
    const { fps, bitrate } = this.#rate.rates ?? {};
    return {
      durationMs: Math.round(this.#endMs),
      video: {
        ...{ ...this.#video, ...source },
        ...(fps !== undefined && { fps }),
        ...(account && { account: { encoded, ...account } }),
      },
      audio: { ...this.#audio },
      ...(bitrate !== undefined && { bitrate }),
      ...(this.#zeroAt !== undefined && { behindMs: Math.round(this.#behindMs) }),
    };
  }
}
