import type { Statistics } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { MediaRateMeter } from '../media-rate-meter.js';
import type { SourceStatus } from '../sources/media-source.js';
import { SpeedMeter } from './speed-meter.js';

/** Counts what the source delivered. */
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
  readonly #rate = new MediaRateMeter();
  /** Of the picture, or of the sound where there is none. */
  readonly #speed = new SpeedMeter();

  /** Takes a packet on the broadcast's own time, which begins at zero. */
  count(packet: EncodedPacket): void {
    if (packet.type === 'config') return;
    this.#rate.add(packet);
    if (packet.track === 'audio') {
      if (this.#video.frames === 0) this.#speed.add(packet.dts / 1000);
      this.#audio.frames += 1;
      this.#audio.bytes += packet.payload.byteLength;
      this.#lastAudioDts = packet.dts;
      this.#endMs = Math.max(this.#endMs, packet.dts / 1000);
      return;
    }
    if (this.#video.frames === 0) this.#speed.reset();
    this.#speed.add(packet.dts / 1000);
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

  /** The source stands still on purpose, or has ended: how fast it is, nobody can tell then. */
  rest(): void {
    this.#speed.reset();
  }

  /** @param capturesSound whether sound is wanted, of a source that captures live. */
  snapshot({ account, ...source }: SourceStatus, capturesSound = false): Statistics {
    const encoded = this.#video.frames;
    const { fps, bitrate } = this.#rate.rates ?? {};
    const encoderSpeed = this.#speed.speed;
    return {
      durationMs: Math.round(this.#endMs),
      video: {
        ...{ ...this.#video, ...source },
        ...(fps !== undefined && { fps }),
        ...(account && { account: { encoded, ...account } }),
      },
      audio: {
        ...this.#audio,
        ...(capturesSound && { behindMs: this.#soundBehindMs() }),
      },
      ...(bitrate !== undefined && { bitrate }),
      ...(this.#zeroAt !== undefined && { behindMs: Math.round(this.#behindMs) }),
      ...(encoderSpeed !== undefined && { encoderSpeed }),
    };
  }

  #soundBehindMs(): number {
    return Math.max(0, Math.round(((this.#lastVideoDts ?? 0) - this.#lastAudioDts) / 1000));
  }
}
