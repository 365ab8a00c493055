import {
  destinationsOf,
  leavingRates,
  mostDestinations,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import { wantedBitrate, wasLive } from './broadcast-figures.js';
import { FigureRing } from './figure-ring.js';

/**
 * Of the whole broadcast: bits per second that left, and that were wanted; frames that capture and encoder lost since the
 * row before; how fast the source is (1 keeps up); what the program costs: cores, and bytes.
 */
const wholeFigures = ['left', 'wanted', 'lostHere', 'speed', 'cpu', 'memory'] as const;
type WholeFigure = (typeof wholeFigures)[number];

/** Of one destination: bits and frames per second, frames lost since the row before, milliseconds twice. */
const destinationFigures = ['bitrate', 'fps', 'lost', 'roundTrip', 'queue'] as const;
export type DestinationFigure = (typeof destinationFigures)[number];

/** Names one line of figures. */
export type FigureKey = WholeFigure | `${DestinationFigure} ${string}`;

export interface Clocks {
  /** Milliseconds since whenever; it is never set, and may stand still while the computer sleeps. */
  readonly monotonic: () => number;
  /** Milliseconds since the epoch; it can be set at any time. */
  readonly wall: () => number;
}

/** Whom figures are of, as a snapshot names it; `number` is its own, from 0 on, for as long as there are any. */
export interface KnownDestination extends Pick<DestinationStatus, 'id' | 'name'> {
  readonly number: number;
}

export const historyMs = 10 * 60_000;

/** Every change yields a snapshot, and so does each half second: what comes sooner adds nothing to see. */
const leastMs = 400;

/** Where no snapshot came for longer, nothing is known of the time between. */
const gapMs = 2_000;

/** By how much the clock on the wall must be off, before times are read anew from it. */
const clockTolerance = 250;

/** As many destinations again may have been removed in these ten minutes. */
const mostColumns = wholeFigures.length + 2 * mostDestinations * destinationFigures.length;

const windowClocks: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/** So long the axis of time is, in milliseconds: the first is there at once, the next when there is more. */
const spans = [60_000, 120_000, 300_000, historyMs] as const;

/** The rows that are shown. Times are milliseconds of the monotonic clock. */
export interface HistoryRows {
  readonly from: number;
  readonly to: number;
  readonly times: readonly number[];
}

/**
 * The figures of the last ten minutes of one broadcast, twice a second. They lie on a clock that is never set, so that a
 * clock that is put right neither mixes nor stretches them; what the clock on the wall said then is known beside.
 */
export class BroadcastHistory {
  readonly #clocks: Clocks;
  readonly #ring = new FigureRing(historyMs / leastMs, mostColumns);
  #startedAt: number | undefined;
  #last: { time: number; wall: number; state: BroadcastSnapshot['state'] } | undefined;
  /** What to add to a time to have that on the wall, from when on; oldest first. */
  #offsets: { readonly from: number; readonly offset: number }[] = [];
  /** What was lost up to the row before, by whose it is. */
  readonly #lostBefore = new Map<string, number>();
  #lostHereBefore: number | undefined;
  readonly #destinations = new Map<string, KnownDestination>();

  constructor(clocks = windowClocks) {
    this.#clocks = clocks;
  }

  receive(snapshot: BroadcastSnapshot): void {
    const { state, startedAt } = snapshot;
    if (startedAt !== this.#startedAt) this.#begin(startedAt);
    if (state !== 'live' && state !== 'reconnecting' && state !== 'recording') return;
    const time = this.#clocks.monotonic();
    const wall = this.#clocks.wall();
    const last = this.#last;
    if (last) {
      const since = time - last.time;
      if (since <= 1 || (since < leastMs && state === last.state)) return;
      const isJump = Math.abs(wall - last.wall - since) > gapMs;
      if (since > gapMs || isJump) this.#ring.push(last.time + 1, new Map());
    }
    this.#last = { time, wall, state };
    this.#readClock(time, wall - time);
    const destinations = destinationsOf(snapshot);
    const values = [
      ...this.#wholeValues(snapshot),
      ...destinations.flatMap((one) => this.#valuesOf(one)),
    ];
    this.#ring.push(time, new Map(values));
    this.#forgetRemoved(new Set(destinations.map(({ id }) => id)));
  }

  /** Whether there is anything to draw yet. */
  get isEmpty(): boolean {
    return this.#ring.length === 0;
  }

  /** Those of which there are figures, in the order in which they came; some may have been removed since. */
  get destinations(): readonly KnownDestination[] {
    return [...this.#destinations.values()];
  }

  /** How much of the time is shown, in milliseconds. */
  get spanMs(): number {
    const { length } = this.#ring;
    const known = length === 0 ? 0 : this.#ring.time(length - 1) - this.#ring.time(0);
    return spans.find((span) => known <= span) ?? historyMs;
  }

  /** What is shown: now, which is the newest row, is at the right end. */
  rows(): HistoryRows {
    const to = this.#last?.time ?? 0;
    const from = to - this.spanMs;
    return { from, to, times: this.#shown().map((index) => this.#ring.time(index)) };
  }

  /** The values at the times of {@link rows}; null where nothing is known. */
  values(key: FigureKey): (number | null)[] {
    return this.#shown().map((index) => known(this.#ring.value(key, index)));
  }

  /** As {@link values}, of what is counted from row to row: per second. */
  perSecond(key: FigureKey): (number | null)[] {
    return this.#shown().map((index) => {
      const count = known(this.#ring.value(key, index));
      if (count === null || index === 0) return null;
      return (Math.max(0, count) * 1000) / (this.#ring.time(index) - this.#ring.time(index - 1));
    });
  }

  /** What the clock on the wall said at a time of {@link rows}, in milliseconds since the epoch. */
  clockAt(time: number): number {
    const known = this.#offsets.findLast(({ from }) => from <= time) ?? this.#offsets[0];
    return time + (known?.offset ?? 0);
  }

  /** When it was that on the wall, as a time of {@link rows}: the last time, where it was so twice. */
  timeOf(wall: number): number | undefined {
    const { from, to } = this.rows();
    return this.#offsets
      .map((each, index) => ({
        time: wall - each.offset,
        // What happened just before the first row after it was set was told in the new time, too.
        begin: index === 0 ? -Infinity : each.from - gapMs,
        end: this.#offsets[index + 1]?.from ?? Infinity,
      }))
      .findLast(({ time, begin, end }) => time >= Math.max(begin, from) && time < end && time <= to)
      ?.time;
  }

  #begin(startedAt: number | undefined): void {
    this.#startedAt = startedAt;
    this.#last = undefined;
    this.#offsets = [];
    this.#ring.clear();
    this.#lostBefore.clear();
    this.#lostHereBefore = undefined;
    this.#destinations.clear();
  }

  #readClock(time: number, offset: number): void {
    const before = this.#offsets.at(-1);
    if (before && Math.abs(before.offset - offset) <= clockTolerance) return;
    this.#offsets.push({ from: time, offset });
    const oldest = this.#ring.length > 0 ? this.#ring.time(0) : time;
    const stillShown = this.#offsets.findLastIndex(({ from }) => from <= oldest);
    this.#offsets.splice(0, Math.max(0, stillShown));
  }

  #wholeValues(snapshot: BroadcastSnapshot): [FigureKey, number][] {
    const { statistics, program } = snapshot;
    const before = this.#lostHereBefore;
    this.#lostHereBefore = statistics?.video.droppedFrames;
    // What is only recorded leaves for nowhere.
    const isShow = snapshot.state !== 'recording';
    return valuesIn<WholeFigure>({
      left: isShow ? leavingRates(snapshot).bitrate : undefined,
      wanted: isShow ? wantedBitrate(snapshot) : undefined,
      lostHere: since(before, this.#lostHereBefore),
      ...{ speed: statistics?.encoderSpeed, cpu: program?.cpu, memory: program?.memoryBytes },
    });
  }

  #valuesOf(destination: DestinationStatus): [FigureKey, number][] {
    const { id, name, state, bitrate, fps, rttMs, queuedMs } = destination;
    const number = this.#destinations.get(id)?.number ?? this.#freeNumber();
    this.#destinations.set(id, { id, name, number });
    // One that is ended, or was never live, loses nothing: nobody wants anything of it, or was there to get it.
    if (state === 'stopped') return [];
    const lost = wasLive(destination) ? lostFrames(destination) : undefined;
    const before = this.#lostBefore.get(id);
    // What it loses is counted from when it is live.
    this.#lostBefore.set(id, lost ?? 0);
    return valuesIn<DestinationFigure>({
      ...{ bitrate, fps, roundTrip: rttMs, queue: queuedMs },
      lost: since(before, lost),
    }).map(([figure, value]) => [`${figure} ${id}`, value]);
  }

  /** One that is removed is gone with its last figure. */
  #forgetRemoved(present: ReadonlySet<string>): void {
    const shown = new Set(this.#ring.names.map((name) => name.slice(name.indexOf(' ') + 1)));
    for (const id of this.#destinations.keys()) {
      if (present.has(id)) continue;
      // Where it is added again, it counts anew.
      this.#lostBefore.delete(id);
      if (!shown.has(id)) this.#destinations.delete(id);
    }
  }

  #freeNumber(): number {
    const taken = new Set(this.destinations.map(({ number }) => number));
    let number = 0;
    while (taken.has(number)) number++;
    return number;
  }

  /** The indexes of the rows that are shown. */
  #shown(): number[] {
    const { length } = this.#ring;
    const from = (this.#last?.time ?? 0) - this.spanMs;
    let first = 0;
    while (first < length && this.#ring.time(first) < from) first++;
    return Array.from({ length: length - first }, (_, index) => first + index);
  }
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Those that are known. */
const valuesIn = <Name extends string>(
  values: Readonly<Record<Name, number | undefined>>,
): [Name, number][] =>
  // `Object.entries` forgets the names' type.
  (Object.keys(values) as Name[]).flatMap((name): [Name, number][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });

/**
 * Of what was lost before it was seen first, nobody can say when that was. Below zero where a server has got after all
 * what was held for it.
 */
const since = (before: number | undefined, now: number | undefined): number | undefined =>
  before === undefined || now === undefined ? undefined : now - before;

/** Frames of a destination that its viewers did not get, whatever the reason. */
const lostFrames = ({ framesDropped, framesMissed = 0 }: DestinationStatus): number =>
  framesDropped + framesMissed;
