import { withResolvers } from '../async/with-resolvers.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { ClientStream } from '../session/client-stream.js';
import { RtmpError } from '../session/rtmp-error.js';
import {
  isFollowing,
  playElsewhere,
  recordingStays,
  type PlayerLink,
  type PlayOptions,
} from './player-link.js';
import { Relocation } from './relocation.js';
import { SplicedItems } from './spliced-items.js';
import { findSplice, type Splice, type SpliceNeed } from './stream-trail.js';

/** Once the old connection has ended, a place to go on from is waited for so long; and so long only for a good one. */
const holdMs = 10_000;
const choosyMs = 3_000;
/** So long the place where we are is looked for in what another server sends. */
const searchMs = 15_000;

/** A part of what is played: what comes over one connection. */
interface Leg {
  readonly link: PlayerLink;
  /** How it joins the leg before; undefined of the first. */
  readonly splice: Splice | undefined;
  /** The leg after it, once there is one; undefined where there is none. */
  readonly next: Promise<Leg | undefined>;
  readonly resume: (next: Leg | undefined) => void;
}

/** What was played has ended, and goes on elsewhere. */
interface Hold {
  /** Why it has ended. */
  readonly reason: RtmpError | undefined;
  readonly timers: readonly NodeJS.Timeout[];
  need: SpliceNeed;
}

/** A played stream that comes over one connection and, when the server asks for it, over another. */
export class RelocatingPlayer {
  /** Settles when the stream is over: with undefined when it ended in order or after `close`, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #closed = withResolvers<RtmpError | undefined>();
  /** How it was opened, where its connection is its own; undefined where it is shared, and cannot move. */
  readonly #opened: PlayOptions | undefined;
  readonly #isFollowing: boolean;
  readonly #relocation: Relocation<PlayerLink>;
  /** What is delivered now; what comes over the next connection waits for its turn. */
  #reading: Leg;
  #leg: Leg;
  /** What arrived over connections that have been left. */
  #bytesBefore = 0;
  readonly #receives = new Map<'audio' | 'video', boolean>();
  #isPaused = false;
  /** How many wait for an answer over the connection in use. */
  #waiting = 0;
  /** Runs while our place in another server's stream is looked for. */
  #searchTimer: NodeJS.Timeout | undefined;
  /** From the end of the old connection to the place where the new one goes on. */
  #hold: Hold | undefined;
  #isEnding = false;

  constructor(link: PlayerLink, opened: PlayOptions | undefined) {
    this.#opened = opened;
    this.#isFollowing = opened !== undefined && isFollowing(opened);
    this.closed = this.#closed.promise;
    this.#relocation = new Relocation({
      onReady: (next) => this.#attendNext(next),
      onFailed: (error) => {
        if (this.#hold !== undefined) void this.#end(this.#hold.reason);
        else if (error !== undefined) opened?.onEvent?.({ type: 'move-failed', error });
      },
    });
    this.#leg = newLeg(link, undefined);
    this.#reading = this.#leg;
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

  /**
   * Asks for something over the connection in use, where the stream stays until it is answered.
   *
   * @param onGranted what becomes of it then.
   * @throws RtmpError what `ask` throws; also when the stream is over, or between two connections.
   */
  async ask(ask: (link: PlayerLink) => Promise<void>, onGranted: () => void): Promise<void> {
    if (this.#hold !== undefined) {
      throw new RtmpError('call-failed', 'streaming', 'the stream is on its way to another server');
    }
    this.#check();
    this.#waiting++;
    try {
      await ask(this.link);
      onGranted();
    } finally {
      this.#waiting--;
      this.#tryToGo('same');
    }
  }

  /** The player has paused, or goes on. */
  paused(isPaused: boolean, positionMs: number): void {
    this.#isPaused = isPaused;
    this.#tellNext((stream) => stream.pause(isPaused, positionMs));
  }

  /** The player has gone to another place, which is what only recordings have. */
  sought(): void {
    if (this.#relocation.destination !== undefined) this.#relocation.cancel(recordingStays());
  }

  /** Whether sound, or pictures, are to be sent. @throws RtmpError when the stream is over. */
  async receive(track: 'audio' | 'video', on: boolean): Promise<void> {
    if (this.#hold === undefined) this.#check();
    this.#receives.set(track, on);
    this.#tellNext((stream) => stream.receive(track, on));
    const { connection, open } = this.link;
    if (open.isOver) return;
    open.stream.receive(track, on);
    await connection.flush();
  }

  async close(deadlineMs: number | undefined): Promise<void> {
    this.#relocation.stop();
    const { connection, open } = this.link;
    if (this.#hold !== undefined) await this.#end(undefined, deadlineMs);
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
      for (let leg: Leg | undefined = this.#reading; leg !== undefined; leg = await leg.next) {
        this.#reading = leg;
        if (leg.splice !== undefined) spliced.resume(leg.splice);
        this.#tryToGo('same');
        for await (const item of leg.link.open.items) yield* spliced.splice(item);
      }
    } finally {
      // There is nobody to be taken elsewhere, nor for whom the server should be held up.
      this.#relocation.stop();
      const { items } = this.link.open;
      items.end();
      items.drain();
    }
  }

  /** @throws RtmpError when the stream is over. */
  #check(): void {
    const { connection, open } = this.link;
    const error = open.error ?? connection.error;
    if (error !== undefined) throw error;
    if (open.isOver) throw new RtmpError('closed', 'close', 'the stream is over');
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
    open.onItem = (item) => trail.see(item);
    trail.onMark = () => this.#tryToGo('same');
    connection.onReconnectRequest((tcUrl) => {
      if (leg !== this.#leg) return;
      this.#relocation.request((signal) => playElsewhere(options, link, { tcUrl, signal }));
    });
  }

  /** Looks for our place in what comes over another connection. */
  #attendNext({ open, trail }: PlayerLink): void {
    for (const [track, on] of this.#receives) {
      this.#tellNext((stream) => stream.receive(track, on));
    }
    if (this.#isPaused) this.#tellNext((stream) => stream.pause(true, 0));
    const isNext = (): boolean => this.#relocation.destination?.open === open;
    let isLate = false;
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => {
      if (!isNext()) return;
      if (trail.marks.length === 0) this.#relocation.cancel(nothingThere());
      isLate = true;
    }, searchMs);
    open.onItem = (item) => {
      trail.see(item);
      // Before the first mark there is nothing that could be compared, or decoded.
      if (trail.marks.length === 0) open.items.dropOlder();
    };
    trail.onMark = () => {
      if (this.#tryToGo(isLate ? 'other' : 'same') || !isLate) return;
      // Too much has come in vain to be kept for more than the moment.
      open.items.dropOlder();
      trail.dropOlder();
    };
    this.#tryToGo('same');
  }

  #tellNext(tell: (stream: ClientStream) => void): void {
    const next = this.#relocation.destination;
    if (next === undefined) return;
    tell(next.open.stream);
    void next.connection.flush();
  }

  /**
   * Goes over to the other connection if it is known where, and nobody would miss anything.
   *
   * @returns whether it has gone.
   */
  #tryToGo(need: SpliceNeed): boolean {
    const { link: old, splice: before } = this.#leg;
    const next = this.#relocation.destination;
    if (next === undefined || next.open.isOver) return false;
    // One connection that is left may wait for its reader; more would not be bounded.
    if (this.#reading !== this.#leg) return false;
    if (this.#hold === undefined && (this.#isPaused || this.#waiting > 0)) return false;
    const splice = findSplice(old.trail, next.trail, this.#hold?.need ?? need);
    if (splice === undefined) return false;
    this.#switchTo(next, { ...splice, shift: splice.shift + (before?.shift ?? 0) });
    return true;
  }

  #switchTo(next: PlayerLink, splice: Splice): void {
    const old = this.#leg;
    const { connection, open } = old.link;
    this.#relocation.release();
    this.#relocation.moved();
    const wasHeld = this.#hold !== undefined;
    this.#stopTimers();
    this.#bytesBefore += connection.bytesReceived;
    this.#leg = newLeg(next, splice);
    // What has come already is still delivered; for the rest nobody waits.
    void connection.leave(open);
    void connection.close();
    old.resume(this.#leg);
    this.#opened?.onEvent?.({ type: 'moved', shownUrl: next.connection.shownUrl });
    if (wasHeld) this.#opened?.onEvent?.({ type: 'resumed' });
    this.#attend(this.#leg);
  }

  /** The stream has come to its end where it was. */
  #onOver(error: RtmpError | undefined): void {
    if (!this.#relocation.isUnderWay) {
      void this.#end(error);
      return;
    }
    const tryTo = (need: SpliceNeed): boolean => {
      hold.need = need;
      return this.#tryToGo(need);
    };
    const timers = [
      setTimeout(() => tryTo('other'), choosyMs),
      setTimeout(() => {
        if (!tryTo('any')) void this.#end(error);
      }, holdMs),
    ];
    const hold: Hold = { reason: error, timers, need: 'next' };
    this.#hold = hold;
    this.#opened?.onEvent?.({ type: 'held', error });
    tryTo('next');
  }

  async #end(error: RtmpError | undefined, deadlineMs?: number): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#relocation.stop();
    this.#stopTimers();
    this.#leg.resume(undefined);
    if (this.#opened !== undefined) {
      const { connection } = this.link;
      // It has no other purpose.
      if (error === undefined) await connection.close(deadlineMs);
      else connection.abort(error);
    }
    this.#closed.resolve(error);
  }

  #stopTimers(): void {
    clearTimeout(this.#searchTimer);
    for (const timer of this.#hold?.timers ?? []) clearTimeout(timer);
    this.#hold = undefined;
  }
}

const nothingThere = (): RtmpError =>
  new RtmpError('timeout', 'play', `nothing came within ${searchMs / 1000} s`);

function newLeg(link: PlayerLink, splice: Splice | undefined): Leg {
  const { promise, resolve } = withResolvers<Leg | undefined>();
  return { link, splice, next: promise, resume: resolve };
}
