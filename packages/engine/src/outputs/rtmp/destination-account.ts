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

/** Its figures of a destination's status. */
export type DestinationFigures = Pick<
  DestinationStatus,
  | 'bytesSent'
  | 'framesSent'
  | 'framesDropped'
  | 'droppedBy'
  | 'framesMissed'
  | 'framesBefore'
  | 'framesLost'
>;

/** Video frames that it did not get. */
interface NotSent {
  readonly network: number;
  readonly move: number;
  readonly missed: number;
}

/**
 * What became of what one destination was given, over all of its connections: sent, dropped by cause, missed, or passed
 * before it was live, when there was nobody to miss anything.
 */
export class DestinationAccount {
  readonly #queue: Pick<PacketQueue, 'droppedBy' | 'framesMissed'>;
  readonly #frames: Record<FrameOutcome, number> = { sent: 0, dropped: 0, lost: 0 };
  /** Over connections that have ended. */
  #bytesBefore = 0;
  /** Sent to servers that then did not take the stream, before it was live. */
  #sentInVain = 0;
  readonly #lostFrames: () => number | undefined;
  /** As it stood when it was live for the first time; undefined before. */
  #atLive: { readonly notSent: NotSent; readonly lost: number } | undefined;
  /** What {@link #lostFrames} said at the end; undefined before. */
  #lostAtEnd: number | undefined;

  /** @param lostFrames how many video frames capture and encoder have lost so far; undefined where nobody counts them. */
  constructor(
    queue: Pick<PacketQueue, 'droppedBy' | 'framesMissed'>,
    lostFrames: () => number | undefined = () => undefined,
  ) {
    this.#queue = queue;
    this.#lostFrames = lostFrames;
  }

  /** It is live: from the first time on, what it does not get is missing to somebody. */
  goLive(): void {
    this.#atLive ??= { notSent: this.#notSent, lost: this.#lostFrames() ?? 0 };
  }

  /** It is given no more. */
  end(): void {
    this.#lostAtEnd ??= this.#lostFrames();
  }

  note(outcome: FrameOutcome): void {
    this.#frames[outcome] += 1;
  }

  /**
   * A connection has ended; what nobody knows to have arrived counts as lost.
   *
   * @param wasLost it did not end in order: one that was never live has refused what it was sent.
   */
  close(
    bytesSent: number,
    wasLost: boolean,
    { frames, bytes }: Unconfirmed = { frames: 0, bytes: 0 },
  ): void {
    this.#bytesBefore += bytesSent - bytes;
    this.#frames.sent -= frames;
    this.#frames.lost += frames;
    if (!wasLost || this.#atLive) return;
    this.#sentInVain += this.#frames.sent;
    this.#frames.sent = 0;
  }

  /** @param bytesNow what the connection that there is has sent. */
  status(bytesNow: number): DestinationFigures {
    const notSent = this.#notSent;
    const before = this.#atLive?.notSent ?? notSent;
    const network = notSent.network - before.network;
    const move = notSent.move - before.move;
    return {
      bytesSent: this.#bytesBefore + bytesNow,
      framesSent: this.#frames.sent,
      framesDropped: network + move,
      droppedBy: { network, move },
      framesMissed: notSent.missed - before.missed,
      framesBefore: before.network + before.move + before.missed + this.#sentInVain,
      ...this.#lostSinceLive(),
    };
  }

  #lostSinceLive(): Pick<DestinationFigures, 'framesLost'> {
    const lost = this.#lostAtEnd ?? this.#lostFrames();
    if (lost === undefined) return {};
    return { framesLost: this.#atLive ? Math.max(0, lost - this.#atLive.lost) : 0 };
  }

  /** Since the beginning. */
  get #notSent(): NotSent {
    const { droppedBy, framesMissed } = this.#queue;
    const { dropped, lost } = this.#frames;
    return {
      network: droppedBy.network,
      move: droppedBy.move + dropped,
      missed: framesMissed + lost,
    };
  }
}
