import type { EncodedPacket } from 'node-rtmp-client';
import type { FinishReason } from '../../src/outputs/output.js';
import { RtmpDestination } from '../../src/outputs/rtmp/rtmp-destination.js';

/** A destination, and how many pictures it was given while it could do something with them. */
export class WatchedDestination extends RtmpDestination {
  given = 0;
  /** Whether it has come to its end. */
  isGone = false;
  #isFinishing = false;

  override push(packet: EncodedPacket): void {
    const isPicture = packet.type === 'frame' && packet.track === 'video';
    if (isPicture && !this.#isFinishing) this.given += 1;
    super.push(packet);
  }

  override async finish(reason: FinishReason, limitMs?: number): Promise<void> {
    this.#isFinishing = true;
    await super.finish(reason, limitMs);
    this.isGone = true;
  }
}
