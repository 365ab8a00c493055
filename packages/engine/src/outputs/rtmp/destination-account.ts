import type { DestinationStatus } from '@tallylight/contract';
import type { PacketQueue } from './packet-queue.js';

/**
 * What became of a video frame that was taken from the queue. `dropped`: the library threw it away while it followed a
 * server's request to go on elsewhere; `lost`: it was in hand when the connection was lost.
 */
export type FrameOutcome = 'sent' | 'dropped' | 'lost';

/** What was sent behind the last ping that was answered, of a server that usually answers: nobody knows of it. */
export interface Unconfirmed {
  /** Video frames. */
  readonly frames: number;
  readonly bytes: number;
}

type Account = Pick<
  DestinationStatus,
  'bytesSent' | 'framesSent' | 'framesDropped' | 'droppedBy' | 'framesMissed'
>;

/** What became of what one destination was given, over all of its connections: sent, dropped by cause, or missed. */
export class DestinationAccount {
  readonly #queue: Pick<PacketQueue, 'droppedBy' | 'framesMissed'>;
  readonly #frames: Record<FrameOutcome, number> = { sent: 0, dropped: 0, lost: 0 };
  /** Over connections that have ended. */
  #bytesBefore = 0;

  constructor(queue: Pick<PacketQueue, 'droppedBy' | 'framesMissed'>) {
    this.#queue = queue;
  }

  note(outcome: FrameOutcome): void {
    this.#frames[outcome] += 1;
  }

  /** A connection has ended; what nobody knows to have arrived counts as lost. */
  close(bytesSent: number, { frames, bytes }: Unconfirmed = { frames: 0, bytes: 0 }): void {
    this.#bytesBefore += bytesSent - bytes;
    this.#frames.sent -= frames;
    this.#frames.lost += frames;
  }

  /** @param bytesNow what the connection that there is has sent. */
  status(bytesNow: number): Account {
    const { droppedBy, framesMissed } = this.#queue;
    const { sent, dropped, lost } = this.#frames;
    const { network } = droppedBy;
    const move = droppedBy.move + dropped;
    return {
      bytesSent: this.#bytesBefore + bytesNow,
      framesSent: sent,
      framesDropped: network + move,
      droppedBy: { network, move },
      framesMissed: framesMissed + lost,
    };
  }
}
