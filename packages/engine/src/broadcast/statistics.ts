import type { Statistics } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { SourceStatus } from '../sources/media-source.js';

interface Sample {
  /** Milliseconds of a clock that never goes back. */
  readonly at: number;
  readonly frames: number;
  readonly bytes: number;
}

const windowMs = 2_000;

/** Counts what the source delivered. Rates are over the last two seconds of wall time. */
export class BroadcastStatistics {
  readonly #video = { frames: 0, keyframes: 0, bytes: 0 };
  readonly #audio = { frames: 0, bytes: 0 };
  #endMs = 0;
  #lastVideoDts: number | undefined;
  /** At first the beginning of the picture. */
  #lastAudioDts = 0;
  #videoInterval = 0;
  /** When the broadcast's time was zero, if every frame took as long as the first. */
  #zeroAt: number | undefined;
  #behindMs = 0;
  #samples: Sample[] = [];
  #rates = { fps: 0, bitrate: 0 };

  /** Takes a packet on the broadcast's own time, which begins at zero. */
  count(packet: EncodedPacket): void {
    if (packet.type === 'config') return;
    if (packet.track === 'audio') {
      this.#audio.frames += 1;
      this.#audio.bytes += packet.payload.byteLength;
      this.#lastAudioDts = packet.dts;
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

  /** Computes the rates anew; called twice a second. */
  tick(): void {
    const at = performance.now();
    const bytes = this.#video.bytes + this.#audio.bytes;
    this.#samples.push({ at, frames: this.#video.frames, bytes });
    // One sample from before the window stays, so that the window is whole.
    while ((this.#samples[1]?.at ?? at) <= at - windowMs) this.#samples.shift();
    const [first] = this.#samples;
    if (!first || first.at === at) return;
    const seconds = (at - first.at) / 1000;
    this.#rates = {
      fps: (this.#video.frames - first.frames) / seconds,
      bitrate: ((bytes - first.bytes) * 8) / seconds,
    };
  }

  /** @param hasAudio whether sound is wanted. */
  snapshot({ account, ...source }: SourceStatus, hasAudio = false): Statistics {
    const encoded = this.#video.frames;
    return {
      durationMs: Math.round(this.#endMs),
      video: {
        ...{ ...this.#video, ...source, fps: this.#rates.fps },
        ...(account && { account: { encoded, ...account } }),
      },
      audio: {
        ...this.#audio,
        // Only what captures live gives an account: the sound of a file may end before its picture.
        ...(account && hasAudio && { behindMs: this.#soundBehindMs() }),
      },
      bitrate: this.#rates.bitrate,
      ...(this.#zeroAt !== undefined && { behindMs: Math.round(this.#behindMs) }),
    };
  }

  #soundBehindMs(): number {
    return Math.max(0, Math.round(((this.#lastVideoDts ?? 0) - this.#lastAudioDts) / 1000));
  }
}
