import type { OutputStatus } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { StreamDescription } from './stream-description.js';

/** What a broadcast gives an output to work with. */
export interface OutputContext {
  /** To be called whenever {@link Output.status} has changed. */
  readonly onChange: () => void;
  /** Asks the source for a keyframe soon, where it can give one. */
  readonly requestKeyframe: () => void;
  /** How many video frames capture and encoder have lost so far; absent where nobody counts them. */
  readonly lostFrames?: () => number;
}

/**
 * Why no more packets will come: `source-ended`, the program is over, and whatever can still be delivered is waited
 * for; `stopped`, somebody asked for the end, and only what is on its way already is.
 */
export type FinishReason = 'source-ended' | 'stopped';

/** What was saved into a file of its own. */
export interface SavedFile {
  readonly path: string;
  /** Where the picture became another within it, which a file cannot follow. */
  readonly otherPaths?: readonly string[];
  /** Of all of them. */
  readonly bytes: number;
  readonly durationMs: number;
}

/** How far an output is behind what it was given. */
export interface Pressure {
  /** Milliseconds of picture that wait. */
  readonly queuedMs: number;
  readonly queuedBytes: number;
  /** How what has left arrives, where that is known. */
  readonly delivery?: Delivery;
}

export interface Delivery {
  /**
   * For how long it waits on its way, in milliseconds: what the way takes longer than when nothing waits. Buffers of the
   * system and of routers, of which nothing else tells, are in there.
   */
  readonly delayMs: number;
  /** Bits per second that arrived, over up to two seconds; while something waits, what the way has room for. */
  readonly bitrate: number | undefined;
  /** Whether it is of what waited alone; at first there is also what went through before. */
  readonly isOfQueue: boolean;
}

/**
 * Where the packets of a broadcast go: a server, a file, a buffer. Added before or during a broadcast, once; it never
 * slows the broadcast, and its failure is its own.
 */
export interface Output {
  readonly id: string;
  readonly status: OutputStatus;
  readonly pressure: Pressure;
  /** Gets ready before there is media: opens a file, checks an address. A failure shows in {@link status}. */
  open(context: OutputContext): void;
  /**
   * What comes next: the packets that follow begin with the configurations of all tracks, then a keyframe. Called once,
   * before the first packet.
   */
  start(description: StreamDescription): void;
  /** The stream becomes another with the packets that follow: other codecs, another size. */
  change(description: StreamDescription): void;
  /**
   * Takes a packet, with its times in microseconds of the broadcast's clock; rounds them for itself. Never waits: what
   * cannot be delivered in time is dropped, counted, and never shown as sent.
   */
  push(packet: EncodedPacket): void;
  /**
   * No more packets will come. Resolves when everything is delivered or given up, within a deadline of its own, or
   * `limitMs` milliseconds where that is less and there is something that can be given up.
   */
  finish(reason: FinishReason, limitMs?: number): Promise<void>;
  /** Tries again at once: one that waits for its next try, or has failed. Absent where there is nothing to try. */
  retry?(): void;
  /** Leaves out what comes until {@link resume}. Absent where a pause makes no sense. */
  pause?(): void;
  resume?(): void;
  /** Writes what it holds into a new file. Absent where it holds nothing. @throws AppError why that failed. */
  save?(path: string): Promise<SavedFile>;
  /** This computer has a network again: one that waits for its next try makes it now. Absent where that is no matter. */
  networkUp?(): void;
}

/** Whether an output has come to its end. */
export const isOver = ({ state }: OutputStatus): boolean =>
  state === 'failed' || state === 'stopped';
