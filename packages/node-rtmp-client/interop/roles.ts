interface Peer {
  /** As the matrix says it. */
  readonly name: string;
  /** The program of other people's without which it cannot be tried, as `scripts/test-parts.mjs` names it. */
  readonly program?: string;
}

/** Somebody who sends a file of FLV to a server and ends the stream in order. */
export interface Publisher extends Peer {
  /** Why the decode times that it sends may stand still. */
  readonly flatTimes?: string;
  publish(url: string, clip: string): Promise<void>;
}

export interface Player extends Peer {
  /** The end by which it may lose the last packet, and why. */
  readonly mayLoseLast?: { readonly by: PlayEnd; readonly why: string };
  /** Takes media only on the message stream that it plays, as the specification has it. */
  readonly isStrictAboutStreams?: boolean;
  /** Starts to play into a file. */
  play(url: string, file: string): Playing;
}

/** Whether it has heard that the stream is over, or was interrupted because nothing came any more. */
type PlayEnd = 'told' | 'interrupted';

export interface Playing {
  /** Resolves once it has ended. */
  finish(): Promise<PlayEnd>;
  /** Ends it, whatever it does. */
  stop(): Promise<void>;
}

export interface Server extends Peer {
  /** Sends media to players on message stream 0, whatever stream they play. */
  readonly sendsOnStreamZero?: boolean;
  start(folder: string): Promise<Serving>;
}

export interface Serving {
  /** Where a stream of this name is published and played. */
  urlOf(streamName: string): string;
  /** Resolves once somebody waits to play the stream. */
  hasPlayer(streamName: string): Promise<void>;
  /** The file that the server itself has made of a stream that is over; absent where it makes none. */
  recordingOf?(streamName: string): Promise<string>;
  stop(): Promise<void>;
}
