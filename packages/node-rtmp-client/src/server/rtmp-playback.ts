import type { FlvItem } from '../flv/flv-item.js';
import type { RtmpServerStream } from './rtmp-ingest.js';

/** What a player may ask for while it plays. */
export interface PlaybackControl {
  /**
   * The player has paused, or goes on. Without this handler, what is written while it has paused is left out, and the
   * picture goes on at the next keyframe, as suits what is live.
   *
   * @param milliseconds the player's place in the stream.
   */
  readonly onPause?: (paused: boolean, milliseconds: number) => void;
  /** The player wants what is written next to be from this place in the stream. Without this handler it is refused. */
  readonly onSeek?: (milliseconds: number) => void;
}

/** Somebody who plays, or wants to, from our server. */
export interface RtmpPlayback extends RtmpServerStream {
  /** Seconds: 0 and above ask for what is recorded, from there on; −1 for what is live; −2 for either. */
  readonly start: number;
  /** Seconds to be played; below 0 all there is. */
  readonly duration: number;
  /** Bytes that wait to be handed to the operating system. */
  readonly bytesQueued: number;
  /** Lets the player play; items can be written from now on. */
  accept(control?: PlaybackControl): void;
  /**
   * Sends an item; resolves at once while the player takes more, else when it has caught up. Rejects once it has left.
   */
  write(item: FlvItem): Promise<void>;
  /** As `write`, for several with one call of the system. */
  writeAll(items: readonly FlvItem[]): Promise<void>;
  /** Tells the player that the stream is over. */
  end(): void;
}
