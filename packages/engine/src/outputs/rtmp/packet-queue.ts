import { KeyframeGate, type EncodedPacket } from 'node-rtmp-client';
import { Notifier } from 'node-rtmp-client/async';

export interface PacketQueueLimits {
  /** Milliseconds of picture that may wait for the server to take the stream for the first time. */
  readonly connectingMs: number;
  /** Milliseconds of picture that may wait once packets flow. */
  readonly flowingMs: number;
  /** Bytes of picture and sound. */
  readonly bytes: number;
}

const defaultQueueLimits: PacketQueueLimits = {
  connectingMs: 10_000,
  flowingMs: 2_000,
  bytes: 32 * 1024 * 1024,
};

const isVideoFrame = (packet: EncodedPacket): boolean =>
  packet.type === 'frame' && packet.track === 'video';

const isKeyframe = (packet: EncodedPacket): boolean => isVideoFrame(packet) && packet.keyframe;

/**
 * What waits for one destination. The only place where frames are dropped: never in the source, never for others.
 *
 * When more picture waits than the limit, everything up to the newest waiting keyframe is dropped; where no later
 * keyframe waits, all of it and what comes until one does. Sound is dropped only where dropping the picture was not
 * enough to keep within the bytes. Configurations are never dropped.
 */
export class PacketQueue {
  #packets: EncodedPacket[] = [];
  #bytes = 0;
  #framesDropped = 0;
  #framesMissed = 0;
  #limitMs: number;
  #flowing = false;
  #suspended = false;
  /** Suspended, or not yet at the keyframe after it. */
  #isAway = false;
  readonly #gate = new KeyframeGate();
  #ended = false;
  readonly #changed = new Notifier();
  readonly #configs = new Map<EncodedPacket['track'], EncodedPacket>();
  readonly #limits: PacketQueueLimits;

  constructor(limits: PacketQueueLimits = defaultQueueLimits) {
    this.#limits = limits;
    this.#limitMs = limits.connectingMs;
  }

  /** Video frames that waited for too long. */
  get framesDropped(): number {
    return this.#framesDropped;
  }

  /** Those that nobody was there to take, in a suspension and until the keyframe after it. */
  get framesMissed(): number {
    return this.#framesMissed;
  }

  /** Whether the next picture that can be sent is a keyframe, since there was a suspension. */
  get waitsForKeyframe(): boolean {
    return this.#isAway;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Picture that waits, in milliseconds. */
  get durationMs(): number {
    const first = this.#packets.find(isVideoFrame);
    const last = this.#packets.findLast(isVideoFrame);
    return first && last ? (last.dts - first.dts) / 1000 : 0;
  }

  push(packet: EncodedPacket): void {
    if (this.#ended) return;
    if (packet.type === 'config') this.#configs.set(packet.track, packet);
    if (this.#suspended || !this.#gate.passes(packet)) {
      if (!isVideoFrame(packet)) return;
      if (this.#isAway) this.#framesMissed += 1;
      else this.#framesDropped += 1;
      return;
    }
    // Sound passes behind the keyframe, or where there is no picture.
    if (packet.type === 'frame') this.#isAway = false;
    this.#add(packet);
    if (this.durationMs > this.#limitMs || this.#bytes > this.#limits.bytes) this.#dropVideo();
    if (this.#bytes > this.#limits.bytes) this.#dropOldestAudio();
    this.#changed.notify();
  }

  /** The next packet; `undefined` when the queue has ended and is empty, or `signal` is aborted. One reader at a time. */
  async next(signal: AbortSignal): Promise<EncodedPacket | undefined> {
    while (this.#packets.length === 0 && !this.#ended && !signal.aborted) {
      await this.#changed.wait(signal);
    }
    if (signal.aborted) return undefined;
    const packet = this.#packets.shift();
    if (packet) this.#bytes -= packet.payload.byteLength;
    // What piled up while connecting may drain at the network's pace; from there on the backlog may not grow again.
    if (this.#flowing && this.#limitMs > this.#limits.flowingMs) {
      const { flowingMs } = this.#limits;
      this.#limitMs = Math.max(flowingMs, Math.min(this.#limitMs, this.durationMs + flowingMs));
    }
    return packet;
  }

  /**
   * Nobody takes anything any more: drops what waits and what comes.
   *
   * @param wasSlow what waits has waited for a server that was there.
   */
  suspend(wasSlow = false): void {
    this.#suspended = true;
    this.#isAway = true;
    const waiting = this.#packets.filter(isVideoFrame).length;
    if (wasSlow) this.#framesDropped += waiting;
    else this.#framesMissed += waiting;
    this.#packets = [];
    this.#bytes = 0;
  }

  /** A server takes the stream. After a suspension it gets the configurations, then everything from the next keyframe. */
  flow(): void {
    this.#flowing = true;
    if (!this.#suspended) return;
    this.#suspended = false;
    this.#limitMs = this.#limits.flowingMs;
    // Sound waits for the picture, so that a resumed stream begins as a fresh one does.
    this.#gate.close('waits');
    for (const config of this.#configs.values()) this.#add(config);
    this.#changed.notify();
  }

  /** Nothing more will be pushed. What waits can still be taken. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  #add(packet: EncodedPacket): void {
    this.#packets.push(packet);
    this.#bytes += packet.payload.byteLength;
  }

  #dropVideo(): void {
    const firstVideo = this.#packets.findIndex(isVideoFrame);
    const newestKeyframe = this.#packets.findLastIndex(isKeyframe);
    const keepFrom = newestKeyframe > firstVideo ? newestKeyframe : this.#packets.length;
    if (keepFrom === this.#packets.length) this.#gate.close('passes');
    this.#drop((packet, index) => isVideoFrame(packet) && index < keepFrom);
  }

  #dropOldestAudio(): void {
    let excess = this.#bytes - this.#limits.bytes;
    this.#drop((packet) => {
      if (packet.type !== 'frame' || packet.track !== 'audio' || excess <= 0) return false;
      excess -= packet.payload.byteLength;
      return true;
    });
  }

  #drop(isDropped: (packet: EncodedPacket, index: number) => boolean): void {
    this.#packets = this.#packets.filter((packet, index) => {
      if (!isDropped(packet, index)) return true;
      this.#bytes -= packet.payload.byteLength;
      if (isVideoFrame(packet)) this.#framesDropped += 1;
      return false;
    });
  }
}
