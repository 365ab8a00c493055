import type { FlvItem } from '../flv/flv-demuxer.js';
import type { RtmpError } from '../session/rtmp-error.js';

/** Somebody who plays, or wants to, from our server. */
export interface RtmpPlayback {
  readonly app: string;
  readonly streamName: string;
  /** What followed the "?" in the stream's name, or else in the application's; without it. */
  readonly query: string;
  /** The peer's address and port. */
  readonly remote: string;
  /** Bytes that wait to be handed to the operating system. */
  readonly bytesQueued: number;
  /** Settles when the player has left: with undefined when in order, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  accept(): void;
  /** @param code such as NetStream.Play.StreamNotFound. */
  reject(code: string, description: string): void;
  /** Sends an item; resolves at once while the player takes more, else when it has caught up. Rejects once it has left. */
  write(item: FlvItem): Promise<void>;
  /** Tells the player that the stream is over. */
  end(): void;
  /** Drops the connection. */
  abort(): void;
}
