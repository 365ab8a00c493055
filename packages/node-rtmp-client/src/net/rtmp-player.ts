import { libraryCapabilities } from '../session/capabilities.js';
import type { PlayRequest } from '../session/client-stream.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { ClientConnection } from './client-connection.js';
import type { RtmpClientOptions } from './connect-options.js';
import type { OpenStream } from './open-stream.js';
import { Opening, withoutReconnect } from './opening.js';
import { deadlineOf, type Deadlines } from './phase-runner.js';
import { watchSilence } from './silence-watch.js';
import { withinLimit } from './within-limit.js';

const defaultBufferMs = 1_000;

/** What of a stream is to be played, RTMP 1.0 §7.2.2.1. */
export interface PlayRange {
  /** Seconds into a recording; -1 only the live stream; -2, as by default, the live stream or else the recording. */
  readonly start?: number;
  /** Seconds to play; -1, as by default, all. */
  readonly duration?: number;
  /** False lets what was asked for before on this stream go on first. */
  readonly reset?: boolean;
  /** How much the server is told that is kept here, in milliseconds; 1000 by default. */
  readonly bufferMs?: number;
}

export interface PlayOptions extends RtmpClientOptions, PlayRange {}

export const playRequest = ({
  streamKey,
  start,
  duration,
  reset,
  bufferMs = defaultBufferMs,
}: PlayRange & { readonly streamKey: string }): PlayRequest => ({
  ...{ role: 'play', streamKey, start, duration, reset, bufferMs },
});

/**
 * Connects to a server and asks to play; resolves once the server has said that it plays, which most say also of a
 * stream that nobody publishes yet.
 *
 * @throws RtmpError: `code` says what went wrong, `phase` where.
 */
export async function play(options: PlayOptions): Promise<RtmpPlayer> {
  const { streamKey, deadlines } = options;
  const opening = new Opening({
    ...options,
    capabilities: options.capabilities ?? withoutReconnect(libraryCapabilities),
    ...{ plays: true, publishes: false },
    secrets: [streamKey],
  });
  const first = await opening.connect();
  return opening.phases.run('play', (signal) =>
    opening.following(first, signal, async (connection) => {
      const open = connection.open(playRequest(options));
      await open.started;
      return new RtmpPlayer({ connection, open, ownsConnection: true, deadlines });
    }),
  );
}

export interface PlayerStats {
  /** Bytes that have arrived over the connection, the protocol's own included. */
  readonly bytesReceived: number;
}

interface PlayerParts {
  readonly connection: ClientConnection;
  readonly open: OpenStream;
  /** Whether the connection ends with the stream. */
  readonly ownsConnection: boolean;
  readonly deadlines: Deadlines | undefined;
}

/**
 * A stream that is being played; iterate over it once. Get one from `play` or `RtmpConnection.play`. A server that has said nothing
 * for a minute, and did not answer a ping, is given up.
 */
export class RtmpPlayer implements AsyncIterable<FlvItem> {
  /**
   * Settles when the stream is over: with undefined when it ended in order or after `close`, else with the reason. Never
   * rejects.
   */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #parts: PlayerParts;

  constructor(parts: PlayerParts) {
    this.#parts = parts;
    void parts.open.closed.then(watchSilence(parts.connection));
    this.closed = parts.ownsConnection ? this.#endTogether() : parts.open.closed;
  }

  get stats(): PlayerStats {
    return { bytesReceived: this.#parts.connection.bytesReceived };
  }

  /**
   * Comes to its end when the stream does; `closed` then says why. The server is held up while nobody reads, and with it
   * all other streams of the connection.
   */
  [Symbol.asyncIterator](): AsyncIterator<FlvItem> {
    return this.#parts.open.items[Symbol.asyncIterator]();
  }

  /**
   * Has the server stop sending, RTMP 1.0 §7.2.2.8. Servers of live streams may not know how to.
   *
   * @param positionMs where the player is in the stream.
   * @throws RtmpError 'call-failed' when the server says no, 'timeout' when it says nothing, 'aborted', or the stream's end.
   */
  pause(positionMs = 0, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#change('paused', options, `no answer to pause`, (stream) =>
      stream.pause(true, positionMs),
    );
  }

  /** Has the server go on after `pause`. @throws RtmpError as `pause` does. */
  resume(positionMs = 0, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#change('resumed', options, `no answer to resume`, (stream) =>
      stream.pause(false, positionMs),
    );
  }

  /** Goes to another place in a recording, RTMP 1.0 §7.2.2.7. @throws RtmpError as `pause` does. */
  seek(positionMs: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#change('sought', options, `no answer to seek`, (stream) =>
      stream.seek(positionMs),
    );
  }

  /** Whether sound is to be sent, RTMP 1.0 §7.2.2.4. Servers do not answer. @throws RtmpError at the stream's end. */
  receiveAudio(on: boolean): Promise<void> {
    return this.#receive('audio', on);
  }

  /** Whether pictures are to be sent, RTMP 1.0 §7.2.2.5. Servers do not answer. @throws RtmpError at the stream's end. */
  receiveVideo(on: boolean): Promise<void> {
    return this.#receive('video', on);
  }

  /** Leaves the stream; disconnects where it came from `play`. Always ends, at the latest after `deadlineMs` (3000). */
  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    const { connection, open, ownsConnection } = this.#parts;
    return ownsConnection
      ? connection.close(options.deadlineMs)
      : connection.leave(open, options.deadlineMs);
  }

  /** Drops the connection at once, or only leaves the stream where the connection is shared. */
  abort(): void {
    const { connection, open, ownsConnection } = this.#parts;
    if (ownsConnection) connection.abort();
    else void connection.leave(open);
  }

  /** The connection has no other purpose. */
  async #endTogether(): Promise<RtmpError | undefined> {
    const { connection, open } = this.#parts;
    const error = await open.closed;
    if (error === undefined) await connection.close();
    else connection.abort(error);
    return error;
  }

  async #receive(track: 'audio' | 'video', on: boolean): Promise<void> {
    const { connection, open } = this.#parts;
    this.#check();
    open.stream.receive(track, on);
    await connection.flush();
  }

  async #change(
    wanted: 'paused' | 'resumed' | 'sought',
    { signal }: { readonly signal?: AbortSignal },
    reason: string,
    ask: (stream: OpenStream['stream']) => void,
  ): Promise<void> {
    const { connection, open, deadlines } = this.#parts;
    this.#check();
    const limitMs = deadlineOf('call', deadlines);
    await withinLimit({ limitMs, signal }, reason, (limited) => {
      const changed = open.changed(wanted, limited);
      ask(open.stream);
      void connection.flush();
      return changed;
    });
  }

  #check(): void {
    const { connection, open } = this.#parts;
    const error = open.error ?? connection.error;
    if (error !== undefined) throw error;
    if (open.isOver) throw new RtmpError('closed', 'close', 'the stream is over');
  }
}
