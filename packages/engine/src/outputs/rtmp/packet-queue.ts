import type { DropCause, DroppedBy } from '@tallylight/contract';
import { isDisposablePicture, KeyframeGate, type EncodedPacket } from 'node-rtmp-client';
import { Notifier } from 'node-rtmp-client/async';
import { HeldGroup } from './held-group.js';
import { isKeyframe, isVideoFrame } from './video-frames.js';

export interface PacketQueueLimits {
  /** Milliseconds of picture that may wait for the server to take the stream for the first time. */
  readonly connectingMs: number;
  /** Milliseconds of picture that may wait once packets flow. */
  readonly flowingMs: number;
  /** Bytes of picture and sound. */
  readonly bytes: number;
  /** Milliseconds of picture that are kept while the server is away, for when it is back; 0: nothing is. */
  readonly heldMs: number;
}

export const defaultQueueLimits: PacketQueueLimits = {
  connectingMs: 10_000,
  flowingMs: 2_000,
  bytes: 32 * 1024 * 1024,
  heldMs: 4_000,
};

/**
 * What waits for one destination. The only place where frames are dropped: never in the source, never for others.
 *
 * When picture waits for longer than half the limit, pictures that no other is decoded from are left out, those that wait
 * and those that come. When more waits than the limit, everything up to the newest waiting keyframe is dropped; where no
 * later keyframe waits, all of it and what comes until one does. Sound is dropped only where dropping the picture was not
 * enough to keep within the bytes. Configurations are never dropped.
 *
 * While no server is there, the newest group of pictures is held, and is what one that comes back gets first.
 */
export class PacketQueue {
  #packets: EncodedPacket[] = [];
  #bytes = 0;
  readonly #droppedBy: Record<DropCause, number> = { network: 0, move: 0 };
  #framesMissed = 0;
  #limitMs: number;
  #flowing = false;
  #suspended = false;
  #sheds = false;
  /** Suspended, or not yet at the keyframe after it. */
  #isAway = false;
  readonly #gate = new KeyframeGate();
  /** Why the gate was closed: what it keeps out until the next keyframe is lost by that, too. */
  #gateClosedBy: DropCause = 'network';
  #ended = false;
  readonly #changed = new Notifier();
  /** Who reads; it is listened to once, and not at each packet, which costs more than the packet. */
  #reader: AbortSignal | undefined;
  readonly #configs = new Map<EncodedPacket['track'], EncodedPacket>();
  readonly #limits: PacketQueueLimits;
  readonly #held: HeldGroup;
  readonly #whyWaiting: () => DropCause;

  /** @param whyWaiting what keeps packets waiting at the moment. */
  constructor(
    changed: Partial<PacketQueueLimits> = {},
    whyWaiting: () => DropCause = () => 'network',
  ) {
    this.#whyWaiting = whyWaiting;
    const limits = { ...defaultQueueLimits, ...changed };
    this.#limits = limits;
    this.#limitMs = limits.connectingMs;
    this.#held = new HeldGroup(limits.heldMs, limits.bytes);
  }

  /** Video frames that waited for too long, by what they waited for. */
  get droppedBy(): DroppedBy {
    return this.#droppedBy;
  }

  /**
   * Those that nobody was there to take, in a suspension and until the keyframe after it. Those that are held are among
   * them, frame by frame as they come, until a server takes them: nobody knows before whether one will.
   */
  get framesMissed(): number {
    return this.#framesMissed + this.#held.frames;
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
    if (this.#suspended) {
      this.#framesMissed += this.#held.push(packet);
      return;
    }
    if (!this.#gate.passes(packet)) {
      if (!isVideoFrame(packet)) return;
      if (this.#isAway) this.#framesMissed += 1;
      else this.#droppedBy[this.#gateClosedBy] += 1;
      return;
    }
    // Sound passes behind the keyframe, or where there is no picture.
    if (packet.type === 'frame') this.#isAway = false;
    this.#add(packet);
    if (this.#flowing) this.#shed();
    if (this.durationMs > this.#limitMs || this.#bytes > this.#limits.bytes) this.#dropVideo();
    if (this.#bytes > this.#limits.bytes) this.#dropOldestAudio();
    this.#changed.notify();
  }

  /** The next packet; `undefined` when the queue has ended and is empty, or `signal` is aborted. One reader at a time. */
  async next(signal: AbortSignal): Promise<EncodedPacket | undefined> {
    if (signal !== this.#reader) {
      this.#reader = signal;
      signal.addEventListener('abort', () => this.#changed.notify(), { once: true });
    }
    while (this.#packets.length === 0 && !this.#ended && !signal.aborted) {
      await this.#changed.wait();
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
   * Nobody takes anything any more: what comes is dropped but for the newest group of pictures, and so is what waits.
   *
   * @param wasSlow what waits has waited for a server that was there.
   */
  suspend(wasSlow = false): void {
    this.#suspended = true;
    this.#isAway = true;
    const waiting = this.#packets;
    this.#packets = [];
    this.#bytes = 0;
    if (wasSlow) this.#droppedBy[this.#whyWaiting()] += waiting.filter(isVideoFrame).length;
    else for (const packet of waiting) this.#framesMissed += this.#held.push(packet);
    if (this.#ended) this.#framesMissed += this.#held.discard();
  }

  /**
   * A server takes the stream. After a suspension it gets the configurations, then what is held, or everything from the
   * next keyframe.
   */
  flow(): void {
    this.#flowing = true;
    if (!this.#suspended) return;
    this.#suspended = false;
    // Sound waits for the picture, so that a resumed stream begins as a fresh one does.
    this.#gate.close('waits');
    for (const config of this.#configs.values()) this.#add(config);
    for (const packet of this.#held.take()) {
      if (!this.#gate.passes(packet)) continue;
      this.#isAway = false;
      this.#add(packet);
    }
    // What was held may drain at the network's pace, as what piled up while connecting may.
    this.#limitMs = this.durationMs + this.#limits.flowingMs;
    this.#changed.notify();
  }

  /** Nothing more will be pushed. What waits can still be taken. */
  end(): void {
    this.#ended = true;
    // Nobody will be there to take it.
    if (this.#suspended) this.#framesMissed += this.#held.discard();
    this.#changed.notify();
  }

  #add(packet: EncodedPacket): void {
    this.#packets.push(packet);
    this.#bytes += packet.payload.byteLength;
  }

  /** Leaves out what can be left out, while the queue is more than half full. */
  #shed(): void {
    const sheds = this.durationMs > this.#limitMs - this.#limits.flowingMs / 2;
    const [newest] = this.#packets.slice(-1);
    if (sheds && !this.#sheds) this.#drop(isDisposable);
    else if (sheds && newest && isDisposable(newest)) this.#drop((packet) => packet === newest);
    this.#sheds = sheds;
  }

  #dropVideo(): void {
    const firstVideo = this.#packets.findIndex(isVideoFrame);
    const newestKeyframe = this.#packets.findLastIndex(isKeyframe);
    const keepFrom = newestKeyframe > firstVideo ? newestKeyframe : this.#packets.length;
    if (keepFrom === this.#packets.length) {
      this.#gate.close('passes');
      this.#gateClosedBy = this.#whyWaiting();
    }
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
    const cause = this.#whyWaiting();
    this.#packets = this.#packets.filter((packet, index) => {
      if (!isDropped(packet, index)) return true;
      this.#bytes -= packet.payload.byteLength;
      if (isVideoFrame(packet)) this.#droppedBy[cause] += 1;
      return false;
    });
  }
}

const isDisposable = (packet: EncodedPacket): boolean =>
  packet.type === 'frame' &&
  packet.track === 'video' &&
  isDisposablePicture(packet.codec, packet.payload);
