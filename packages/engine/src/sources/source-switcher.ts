import { appError, type Wording } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import type { MeasuredMedia, MediaSource, SourceControl, SourceStatus } from './media-source.js';
import { OpenedSource } from './opened-source.js';
import { Splicer } from './splicer.js';

/** For so many milliseconds a next picture is waited for, where another source is ready to take its place. */
const restMs = 200;

/** How one source follows another. */
export type Handover =
  /** Both run for a moment, and nothing is missing. */
  | 'overlap'
  /** The same, of one device; what the old one gives is heard up to its next picture, whose place the new one takes. */
  | 'takeover'
  /** The old one ends first, since both need the same device; what that takes is missing. */
  | 'exclusive';

/** How a source came to its end by itself. */
export type SourceEnd =
  | { readonly type: 'ended'; readonly source: MediaSource }
  | { readonly type: 'failed'; readonly source: MediaSource; readonly error: unknown };

export interface SourceSwitcherOptions {
  /** What people call the whole. */
  readonly name: Wording;
  readonly first: MediaSource;
  /** What comes after a source that has ended or failed by itself; `undefined` lets the switcher end, or fail, too. */
  readonly after?: (end: SourceEnd) => MediaSource | undefined;
}

type Head = Awaited<ReturnType<OpenedSource['readHead']>>;

/** A source that was asked for, on its way to being on. */
interface Switch {
  readonly source: MediaSource;
  readonly handover: Handover;
  /** Settles when it is on. */
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** With an overlap: set while it is being opened. */
  opened?: OpenedSource;
  head?: Head;
}

type Turn =
  | { readonly type: 'packet'; readonly packet: EncodedPacket }
  | SourceEnd
  | { readonly type: 'switch'; readonly to: Switch };

/** The source that is on next, from its first keyframe. */
interface Successor {
  readonly opened: OpenedSource;
  readonly head: Head;
  /** How long nothing came, in microseconds. */
  readonly pauseUs: number;
}

/**
 * One source made of several, one after the other: on request, when one ends, or when one fails. What comes after is cut
 * in at its first keyframe, on one clock that goes on; see {@link Splicer}.
 */
export class SourceSwitcher implements MediaSource {
  readonly name: Wording;
  readonly #after: NonNullable<SourceSwitcherOptions['after']>;
  readonly #splicer = new Splicer();
  /** What is being ended. */
  readonly #closing = new Set<Promise<unknown>>();
  #current: MediaSource;
  #droppedBefore = 0;
  #signal: AbortSignal | undefined;
  #isOver = false;
  #switch: Switch | undefined;
  #wake: () => void = () => undefined;
  /** Milliseconds of a clock that never goes back. */
  #newestAt = 0;

  constructor({ name, first, after }: SourceSwitcherOptions) {
    this.name = name;
    this.#current = first;
    this.#after = after ?? (() => undefined);
  }

  /** The source that is on. */
  get current(): MediaSource {
    return this.#current;
  }

  get hasAudio(): boolean {
    return this.#current.hasAudio;
  }

  get hasVideo(): boolean {
    return this.#current.hasVideo ?? true;
  }

  get capturesLive(): boolean {
    return this.#current.capturesLive ?? false;
  }

  get status(): SourceStatus {
    const { droppedFrames, notes } = this.#current.status;
    return { droppedFrames: this.#droppedBefore + droppedFrames, ...(notes && { notes }) };
  }

  get measured(): MeasuredMedia | undefined {
    return this.#current.measured;
  }

  /** What the source that is on can be told. */
  get control(): SourceControl | undefined {
    return this.#current.control;
  }

  /**
   * Goes over to `source` at its first keyframe. Unless that is exclusive, the one before goes on until then, and also when the
   * new one fails. Resolves when the new one is on.
   *
   * @throws what the new source throws; AppError `SOURCE_EMPTY` where it has no picture, `NOT_BROADCASTING` where
   *   another was asked for meanwhile or the switcher does not run.
   */
  switchTo(source: MediaSource, handover: Handover = 'overlap'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#abandonSwitch();
      if (!this.#signal || this.#isOver) {
        reject(abandoned());
        return;
      }
      const to: Switch = { source, handover, resolve, reject };
      this.#switch = to;
      if (handover !== 'exclusive') void this.#open(to, this.#signal);
      this.#wake();
    });
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    this.#signal = signal;
    let on = new OpenedSource(this.#current, signal);
    try {
      for (;;) {
        const turn = await this.#turn(on);
        if (signal.aborted) return;
        if (turn.type === 'packet') {
          on.consumed();
          this.#newestAt = performance.now();
          const placed = this.#splicer.place(turn.packet);
          if (placed) yield placed;
          continue;
        }
        if (turn.type === 'switch' && turn.to.head && turn.to.handover === 'takeover') {
          yield* this.#restOfSound(on);
          // Another was asked for meanwhile.
          if (this.#switch !== turn.to) continue;
        }
        const next = await this.#successor(on, turn, signal);
        if (!next) return;
        void this.#close(on);
        this.#droppedBefore += this.#current.status.droppedFrames;
        on = next.opened;
        this.#current = on.source;
        this.#newestAt = performance.now();
        yield* this.#splicer.cutIn(next.head, next.pauseUs);
      }
    } finally {
      this.#isOver = true;
      this.#abandonSwitch();
      await Promise.all([...this.#closing, on.close()]);
    }
  }

  /** The next packet of the source that is on, its end, or a switch that can be made. */
  #turn(on: OpenedSource): Promise<Turn> {
    const { source } = on;
    return this.#orSwitch<Turn>(
      on.next().then(
        (next) =>
          next.done === true ? { type: 'ended', source } : { type: 'packet', packet: next.value },
        (error: unknown) => ({ type: 'failed', source, error }),
      ),
    );
  }

  /**
   * What is heard before the next picture, whose place the first one of another source takes: sound comes as far as the
   * picture before it only, and a hole as long as a picture would be heard.
   */
  async *#restOfSound(on: OpenedSource): AsyncGenerator<EncodedPacket, void, undefined> {
    const deadline = performance.now() + restMs;
    for (;;) {
      const next = on.next().catch(() => undefined);
      const result = await within(next, deadline - performance.now());
      if (result === undefined || result === 'late' || result.done === true) return;
      const { track, type } = result.value;
      if (track !== 'audio' || type !== 'frame') return;
      on.consumed();
      const placed = this.#splicer.place(result.value);
      if (placed) yield placed;
    }
  }

  /** Opens what is to overlap; the source that is on goes on meanwhile. */
  async #open(to: Switch, signal: AbortSignal): Promise<void> {
    const opened = new OpenedSource(to.source, signal);
    to.opened = opened;
    try {
      to.head = await opened.readHead();
    } catch (error) {
      await opened.close();
      if (this.#switch === to) this.#switch = undefined;
      to.reject(error);
    }
    this.#wake();
  }

  /**
   * What is on next: a switch that was asked for, also while something else is being opened, or what comes after an end.
   *
   * @throws the error of the source that failed, where nothing comes after it.
   */
  async #successor(
    on: OpenedSource,
    cause: Exclude<Turn, { type: 'packet' }>,
    signal: AbortSignal,
  ): Promise<Successor | undefined> {
    // Whether frames come until the cut; else the time without them has passed.
    let goesOn = cause.type === 'switch';
    for (;;) {
      const to = cause.type === 'switch' ? cause.to : await this.#pendingSwitch();
      this.#switch = undefined;
      if (to?.opened && to.head) {
        to.resolve();
        return { opened: to.opened, head: to.head, pauseUs: goesOn ? 0 : this.#passedUs() };
      }
      const end = cause.type === 'switch' ? undefined : cause;
      const source = to ? to.source : end && !signal.aborted ? this.#after(end) : undefined;
      if (!source) {
        if (end?.type === 'failed' && !signal.aborted) throw end.error;
        return undefined;
      }
      // Both may need the same device.
      if (to) await on.close();
      const opened = new OpenedSource(source, signal);
      const step = await this.#orSwitch(
        opened.readHead().then(
          (head) => ({ type: 'head', head }) as const,
          (error: unknown) => ({ type: 'failed', source, error }) as const,
        ),
      );
      if (step.type === 'head') {
        to?.resolve();
        // What follows the end of a file follows it without a pause. Beside what is captured live, time goes by.
        const isSeamless = cause.type === 'ended' && !to && cause.source.capturesLive !== true;
        const pauseUs = isSeamless ? 0 : this.#passedUs();
        return { opened, head: step.head, pauseUs };
      }
      to?.reject(step.type === 'failed' ? step.error : abandoned());
      const closed = this.#close(opened);
      if (step.type === 'failed' || step.to.handover === 'exclusive') await closed;
      goesOn = false;
      cause = step;
    }
  }

  /** A source that was asked for may be about to come: it is what comes after one that has ended. */
  async #pendingSwitch(): Promise<Switch | undefined> {
    for (;;) {
      const to = this.#switch;
      if (!to || to.head || to.handover === 'exclusive') return to;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** What `step` comes to, or a switch that can be made before. */
  #orSwitch<Step>(step: Promise<Step>): Promise<Step | { type: 'switch'; to: Switch }> {
    return new Promise((resolve, reject) => {
      this.#wake = () => {
        const to = this.#switch;
        if (to && (to.head || to.handover === 'exclusive')) resolve({ type: 'switch', to });
      };
      step.then(resolve, reject);
      this.#wake();
    });
  }

  #close(opened: OpenedSource): Promise<unknown> {
    const closed = opened.close();
    this.#closing.add(closed);
    void closed.then(() => this.#closing.delete(closed));
    return closed;
  }

  /** How long nothing came, in microseconds. */
  #passedUs(): number {
    return (performance.now() - this.#newestAt) * 1000;
  }

  #abandonSwitch(): void {
    const to = this.#switch;
    this.#switch = undefined;
    to?.reject(abandoned());
    void to?.opened?.close();
  }
}

const abandoned = (): Error => appError('NOT_BROADCASTING');
