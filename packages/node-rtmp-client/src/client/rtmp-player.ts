import { withinLimit } from '../async/within-limit.js';
import type { FlvItem } from '../flv/flv-item.js';
import { deadlineOf, type Deadlines } from '../net/phase-runner.js';
import type { ClientStream } from '../session/client-stream.js';
import { RtmpError } from '../session/rtmp-error.js';
import { openPlayer, type PlayerLink, type PlayOptions } from './player-link.js';
import { RelocatingPlayer } from './relocating-player.js';

/**
 * Connects to a server and asks to play; resolves once the server has said that it plays, which most say also of a
 * stream that nobody publishes yet.
 *
 * @throws RtmpError: `code` says what went wrong, `phase` where.
 */
export async function play(options: PlayOptions): Promise<RtmpPlayer> {
  return new RtmpPlayer(await openPlayer(options), options.deadlines, options);
}

/** What has arrived at a player. */
export interface PlayerStats {
  /** Bytes that have arrived, the protocol's own included. */
  readonly bytesReceived: number;
}

/**
 * A stream that is being played; iterate over it once. Get one from `play` or `RtmpConnection.play`. A server that has
 * said nothing for a minute, and did not answer a ping, is given up.
 */
export class RtmpPlayer implements AsyncIterable<FlvItem> {
  /**
   * Settles when the stream is over: with undefined when it ended in order or after `close`, else with the reason.
   * Never rejects.
   */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #player: RelocatingPlayer;
  readonly #deadlines: Deadlines | undefined;

  /** @param opened how, where the connection is its own and ends with the stream. */
  constructor(link: PlayerLink, deadlines: Deadlines | undefined, opened?: PlayOptions) {
    this.#player = new RelocatingPlayer(link, opened);
    this.#deadlines = deadlines;
    this.closed = this.#player.closed;
  }

  /** Of all the connections that the stream has come over. */
  get stats(): PlayerStats {
    return { bytesReceived: this.#player.bytesReceived };
  }

  /**
   * Comes to its end when the stream does; `closed` then says why. The server is held up while nobody reads, and with
   * it all other streams of the connection.
   */
  [Symbol.asyncIterator](): AsyncIterator<FlvItem> {
    return this.#player.items();
  }

  /**
   * Has the server stop sending, RTMP 1.0 §7.2.2.8. Servers of live streams may not know how to.
   *
   * @param positionMs where the player is in the stream.
   * @throws RtmpError 'call-failed' when the server says no, 'timeout' when it says nothing, 'aborted', or the stream's end.
   */
  pause(positionMs = 0, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#ask('paused', options, {
      ask: (stream) => stream.pause(true, positionMs),
      onGranted: () => this.#player.paused(true, positionMs),
    });
  }

  /** Has the server go on after `pause`. @throws RtmpError as `pause` does. */
  resume(positionMs = 0, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#ask('resumed', options, {
      ask: (stream) => stream.pause(false, positionMs),
      onGranted: () => this.#player.paused(false, positionMs),
    });
  }

  /** Goes to another place in a recording, RTMP 1.0 §7.2.2.7. @throws RtmpError as `pause` does. */
  seek(positionMs: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#ask('sought', options, {
      ask: (stream) => stream.seek(positionMs),
      onGranted: () => this.#player.sought(),
    });
  }

  /** Whether sound is to be sent, RTMP 1.0 §7.2.2.4. Servers do not answer. @throws RtmpError at the stream's end. */
  receiveAudio(on: boolean): Promise<void> {
    return this.#player.receive('audio', on);
  }

  /**
   * Whether pictures are to be sent, RTMP 1.0 §7.2.2.5. Servers do not answer.
   * @throws RtmpError at the stream's end.
   */
  receiveVideo(on: boolean): Promise<void> {
    return this.#player.receive('video', on);
  }

  /** Leaves the stream; disconnects where it came from `play`. Always ends, at the latest after `deadlineMs` (3000). */
  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    return this.#player.close(options.deadlineMs);
  }

  /** Drops the connection at once, or only leaves the stream where the connection is shared. */
  abort(): void {
    this.#player.abort();
  }

  #ask(
    wanted: keyof typeof noAnswer,
    { signal }: { readonly signal?: AbortSignal },
    {
      ask,
      onGranted,
    }: { readonly ask: (stream: ClientStream) => void; readonly onGranted: () => void },
  ): Promise<void> {
    const limit = { limitMs: deadlineOf('call', this.#deadlines), signal };
    return this.#player.ask(
      ({ connection, open }) =>
        withinLimit(
          limit,
          (limited) => {
            const changed = open.changed(wanted, limited);
            ask(open.stream);
            void connection.flush();
            return changed;
          },
          () => new RtmpError('timeout', 'streaming', noAnswer[wanted]),
        ),
      onGranted,
    );
  }
}

const noAnswer = {
  paused: 'no answer to pause',
  resumed: 'no answer to resume',
  sought: 'no answer to seek',
};
