import type { FlvItem } from '../flv/flv-item.js';
import type { ClientStream } from '../session/client-stream.js';
import { RtmpError } from '../session/rtmp-error.js';
import { isFollowing, playElsewhere, type PlayerLink, type PlayOptions } from './player-link.js';
import { Relocation } from './relocation.js';
import { SplicedItems } from './spliced-items.js';
import { findSplice, type Splice } from './stream-trail.js';

/** Once the old connection has ended, the new one waits so long for a place to go on from. */
const holdMs = 10_000;
/** So long the place where we are is looked for in what another server sends; then any keyframe will do. */
const searchMs = 10_000;

/** A part of what is played: what comes over one connection. */
interface Leg {
  readonly link: PlayerLink;
  /** How it joins the leg before; undefined of the first. */
  readonly splice: Splice | undefined;
  /** The leg after it, once there is one; undefined where there is none. */
  readonly next: Promise<Leg | undefined>;
  readonly goOn: (next: Leg | undefined) => void;
}

/** What is played, while it comes over one connection and, when the server wishes so, over another. */
export class Playing {
  /** Settles when the stream is over: with undefined when it ended in order or after `close`, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  /** How it was opened, where its connection is its own; undefined where it is shared, and cannot move. */
  readonly #opened: PlayOptions | undefined;
  readonly #isFollowing: boolean;
  readonly #relocation: Relocation<PlayerLink>;
  readonly #first: Leg;
  #leg: Leg;
  /** What arrived over connections that have been left. */
  #bytesBefore = 0;
  readonly #receives = new Map<'audio' | 'video', boolean>();
  #isPaused = false;
  /** When the search for our place in another server's stream began. */
  #searchBegun = 0;
  /** From the end of the old connection to the place where the new one goes on. */
  #hold: { readonly timer: NodeJS.Timeout; readonly reason: RtmpError | undefined } | undefined;
  #isEnding = false;
  #settleClosed: (error: RtmpError | undefined) => void = () => undefined;

  constructor(link: PlayerLink, opened: PlayOptions | undefined) {
    this.#opened = opened;
    this.#isFollowing = opened !== undefined && isFollowing(opened);
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.#relocation = new Relocation({
      onReady: (next) => this.#attendNext(next),
      onFailed: (error) => {
        if (this.#hold !== undefined) void this.#end(this.#hold.reason);
        else if (error !== undefined) opened?.onEvent?.({ type: 'move-failed', error });
      },
    });
    this.#first = newLeg(link, undefined);
    this.#leg = this.#first;
    this.#attend(this.#leg);
  }

  /** What the stream comes over now. */
  get link(): PlayerLink {
    return this.#leg.link;
  }

  get bytesReceived(): number {
    return this.#bytesBefore + this.link.connection.bytesReceived;
  }

  items(): AsyncIterator<FlvItem> {
    return this.#isFollowing ? this.#spliced() : this.link.open.items[Symbol.asyncIterator]();
  }

  /** The player has paused, or goes on. */
  paused(isPaused: boolean, positionMs: number): void {
    this.#isPaused = isPaused;
    this.#tellNext((stream) => stream.pause(isPaused, positionMs));
  }

  /** The player has gone to another place, which is what only recordings have: see {@link playElsewhere}. */
  sought(): void {
    this.#relocation.destination?.abort();
  }

  /** Whether sound, or pictures, are to be sent. */
  async receive(track: 'audio' | 'video', on: boolean): Promise<void> {
    const { connection, open } = this.link;
    this.#receives.set(track, on);
    this.#tellNext((stream) => stream.receive(track, on));
    open.stream.receive(track, on);
    await connection.flush();
  }

  async close(deadlineMs: number | undefined): Promise<void> {
    this.#relocation.stop();
    const { connection, open } = this.link;
    if (this.#hold !== undefined) await this.#end(undefined);
    else if (this.#opened === undefined) await connection.leave(open, deadlineMs);
    else await connection.close(deadlineMs);
  }

  abort(): void {
    this.#relocation.stop();
    const { connection, open } = this.link;
    if (this.#hold !== undefined) {
      void this.#end(new RtmpError('aborted', 'streaming', 'aborted from here'));
    } else if (this.#opened === undefined) void connection.leave(open);
    else connection.abort();
  }

  async *#spliced(): AsyncGenerator<FlvItem, void, undefined> {
    const spliced = new SplicedItems();
    try {
      for (let leg: Leg | undefined = this.#first; leg !== undefined; leg = await leg.next) {
        if (leg.splice !== undefined) spliced.goOn(leg.splice);
        for await (const item of leg.link.open.items) {
          const taken = spliced.take(item);
          if (taken !== undefined) yield taken;
        }
      }
    } finally {
      // There is nobody to be taken elsewhere.
      this.#relocation.stop();
    }
  }

  /** Listens to what becomes of a connection while the stream comes over it. */
  #attend(leg: Leg): void {
    const { link } = leg;
    const { connection, open, trail } = link;
    void open.closed.then((error) => {
      if (leg === this.#leg) this.#onOver(error);
    });
    const options = this.#opened;
    if (options === undefined || !this.#isFollowing) return;
    trail.onMark = () => this.#tryToGo();
    connection.onReconnectRequest((tcUrl) => {
      if (leg !== this.#leg) return;
      this.#relocation.wish((signal) => playElsewhere(options, link, { tcUrl, signal }));
    });
  }

  #attendNext({ trail }: PlayerLink): void {
    this.#searchBegun = performance.now();
    for (const [track, on] of this.#receives) {
      this.#tellNext((stream) => stream.receive(track, on));
    }
    if (this.#isPaused) this.#tellNext((stream) => stream.pause(true, 0));
    trail.onMark = () => this.#tryToGo();
    this.#tryToGo();
  }

  #tellNext(tell: (stream: ClientStream) => void): void {
    const next = this.#relocation.destination;
    if (next === undefined) return;
    tell(next.open.stream);
    void next.connection.flush();
  }

  /** Goes over to the other connection if it is known where. */
  #tryToGo(): void {
    const { link: old, splice: before } = this.#leg;
    const next = this.#relocation.destination;
    const isOver = this.#hold !== undefined;
    if (next === undefined || (this.#isPaused && !isOver)) return;
    const isLate = performance.now() - this.#searchBegun > searchMs;
    const splice = findSplice(old.trail, next.trail, isOver || isLate);
    if (splice === undefined) return;
    this.#takeOver(next, { ...splice, shift: splice.shift + (before?.shift ?? 0) });
  }

  #takeOver(next: PlayerLink, splice: Splice): void {
    const old = this.#leg;
    const { connection, open, trail } = old.link;
    this.#relocation.take();
    this.#relocation.moved();
    this.#stopHolding();
    this.#bytesBefore += connection.bytesReceived;
    this.#leg = newLeg(next, splice);
    // What has come already is still delivered; for the rest nobody waits.
    void connection.leave(open);
    void connection.close();
    trail.onMark = undefined;
    old.goOn(this.#leg);
    this.#opened?.onEvent?.({ type: 'moved', serverUrl: next.connection.shownUrl });
    this.#attend(this.#leg);
  }

  /** The stream has come to its end where it was. */
  #onOver(error: RtmpError | undefined): void {
    if (!this.#relocation.isUnderWay) {
      void this.#end(error);
      return;
    }
    this.#hold ??= { timer: setTimeout(() => void this.#end(error), holdMs), reason: error };
    this.#tryToGo();
  }

  async #end(error: RtmpError | undefined): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#relocation.stop();
    this.#stopHolding();
    this.#leg.goOn(undefined);
    if (this.#opened !== undefined) {
      const { connection } = this.link;
      // It has no other purpose.
      if (error === undefined) await connection.close();
      else connection.abort(error);
    }
    this.#settleClosed(error);
  }

  #stopHolding(): void {
    clearTimeout(this.#hold?.timer);
    this.#hold = undefined;
  }
}

function newLeg(link: PlayerLink, splice: Splice | undefined): Leg {
  let goOn: Leg['goOn'] = () => undefined;
  const next = new Promise<Leg | undefined>((resolve) => {
    goOn = resolve;
  });
  return { link, splice, next, goOn };
}
