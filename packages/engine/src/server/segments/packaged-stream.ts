import { Notifier } from 'node-rtmp-client/async';
import { segmentTypeBox, serializeFragment, type CmafSample } from '../../cmaf/cmaf-fragment.js';
import { initSegmentOf, timescaleOf, type CmafTrack } from '../../cmaf/init-segment.js';
import { Segmenter, type SegmenterEvent, type TrackKind } from '../../cmaf/segmenter.js';
import type { FlvItem } from 'node-rtmp-client';

/** A stretch of a stream with the same tracks and configurations. */
export interface Period {
  /** The number of its first segment. */
  readonly id: number;
  /** The time of presentation with which it begins, microseconds. */
  readonly start: number;
  /** When that was here, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly tracks: ReadonlyMap<TrackKind, PeriodTrack>;
}

export interface PeriodTrack {
  readonly track: CmafTrack;
  /** Ticks a second of its segments. */
  readonly timescale: number;
  readonly init: Uint8Array;
}

/** What a player may load before its segment is complete. */
export interface Part {
  readonly bytes: Uint8Array;
  /** Microseconds. */
  readonly duration: number;
  /** Whether a player can begin with it. */
  readonly isIndependent: boolean;
}

/** Consecutive frames of one track. */
export interface Segment {
  readonly number: number;
  readonly period: Period;
  /**
   * Where it begins in the presentation, microseconds: where the one before ends, if nothing is missing. Not its earliest
   * frame: where it was cut between keyframes, that may be shown before the last one of the segment before, or later.
   */
  readonly start: number;
  /** Microseconds; grows while it is open. */
  readonly duration: number;
  readonly bytes: number;
  readonly parts: readonly Part[];
  readonly isIndependent: boolean;
}

/** The segments of one kind of track that can be had, oldest first. */
export interface Rendition {
  readonly kind: TrackKind;
  /** Complete ones that a playlist lists. */
  readonly listed: readonly Segment[];
  /** The one that grows. */
  readonly open: Segment | undefined;
  /** Changes of period up to the first one that is listed (RFC 8216 §4.3.3.3). */
  readonly discontinuities: number;
}

interface GrowingSegment extends Segment {
  duration: number;
  bytes: number;
  readonly parts: Part[];
}

interface Track extends Rendition {
  /** Complete ones, also those that are not listed any more. */
  segments: Segment[];
  listed: Segment[];
  open: GrowingSegment | undefined;
  discontinuities: number;
  nextNumber: number;
  fragments: number;
  /** From decoding to presentation at the beginning of the period, microseconds. */
  delay: number;
}

export interface PackagedStreamOptions {
  readonly segmentSeconds: number;
  readonly partSeconds: number;
  /** Complete segments that a playlist lists; as many again can be had for those who are late. */
  readonly listedSegments: number;
  /** Bytes of all segments that are kept, and of each one that grows. */
  readonly maxBytes: number;
  /** The wall clock, milliseconds since the epoch. */
  readonly now?: () => number;
}

/** One stream as HLS and DASH give it out: the segments of its last seconds, in memory, over any number of publishers. */
export class PackagedStream {
  readonly partSeconds: number;
  readonly segmentSeconds: number;
  readonly #options: PackagedStreamOptions;
  readonly #now: () => number;
  readonly #segmenter: Segmenter;
  readonly #tracks: Readonly<Record<TrackKind, Track>>;
  readonly #changed = new Notifier();
  #period: Period | undefined;
  #isOver = false;

  constructor(options: PackagedStreamOptions) {
    this.#options = options;
    this.partSeconds = options.partSeconds;
    this.segmentSeconds = options.segmentSeconds;
    this.#now = options.now ?? Date.now;
    this.#segmenter = new Segmenter({ ...options, maxSegmentBytes: options.maxBytes });
    // An address never means two things, also when the server was started anew: a segment takes a second at least.
    const first = Math.floor(this.#now() / 1000);
    this.#tracks = { video: newTrack('video', first), audio: newTrack('audio', first) };
  }

  /** The renditions that the newest period has, the picture first. */
  get renditions(): readonly Rendition[] {
    const { video, audio } = this.#tracks;
    return [video, audio].filter(({ kind }) => this.#period?.tracks.has(kind) === true);
  }

  /** The newest one; undefined before there is any. */
  get period(): Period | undefined {
    return this.#period;
  }

  /** Seconds; undefined before the first segment is complete. */
  get targetSeconds(): number | undefined {
    return this.#segmenter.targetSeconds;
  }

  /** True once nobody publishes it, and nobody is waited for any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether each rendition has something to play. */
  get isPlayable(): boolean {
    const { renditions } = this;
    return renditions.length > 0 && renditions.every(({ listed }) => listed.length > 0);
  }

  /** Whether each rendition has something of the newest period to play, not only what came before a publisher went away. */
  get isCurrent(): boolean {
    return (
      this.isPlayable &&
      this.renditions.every(({ listed }) => listed.at(-1)?.period === this.#period)
    );
  }

  /** Takes the next item of the publisher. One at a time. */
  async push(item: FlvItem): Promise<void> {
    await this.#apply(this.#segmenter.push(item));
  }

  /** The publisher has gone; another one may come. */
  async endPublisher(): Promise<void> {
    await this.#apply(this.#segmenter.end());
  }

  /** Nobody comes any more. */
  close(): void {
    this.#isOver = true;
    this.#changed.notify();
  }

  rendition(kind: TrackKind): Rendition {
    return this.#tracks[kind];
  }

  /** A segment that is complete. */
  segment(kind: TrackKind, number: number): Segment | undefined {
    return this.#tracks[kind].segments.find((segment) => segment.number === number);
  }

  /** A part, of a segment that is complete or of the open one. */
  part(kind: TrackKind, number: number, index: number): Part | undefined {
    const { open } = this.#tracks[kind];
    const segment = open?.number === number ? open : this.segment(kind, number);
    return segment?.parts[index];
  }

  init(kind: TrackKind, periodId: number): Uint8Array | undefined {
    const { segments, open } = this.#tracks[kind];
    const all = [this.#period, open?.period, ...segments.map(({ period }) => period)];
    return all.find((period) => period?.id === periodId)?.tracks.get(kind)?.init;
  }

  /** Waits until `isMet`, the stream is over or the signal is aborted. */
  async until(isMet: () => boolean, signal: AbortSignal): Promise<void> {
    while (!isMet() && !this.#isOver && !signal.aborted) await this.#changed.wait(signal);
  }

  async #apply(events: readonly SegmenterEvent[]): Promise<void> {
    for (const event of events) {
      switch (event.type) {
        case 'period':
          this.#period = await this.#newPeriod(event);
          break;
        case 'part':
          this.#addPart(this.#tracks[event.kind], event.samples);
          break;
        case 'segment-end':
          this.#endSegment(this.#tracks[event.kind]);
      }
    }
    if (events.length > 0) this.#changed.notify();
  }

  async #newPeriod({
    tracks,
    start,
    newest,
  }: Extract<SegmenterEvent, { type: 'period' }>): Promise<Period> {
    const startedAt = this.#now() - (newest - start) / 1000;
    const described = await Promise.all(
      tracks.map(async (track): Promise<[TrackKind, PeriodTrack]> => {
        const init = await initSegmentOf(track);
        return [track.track, { track, timescale: timescaleOf(track), init }];
      }),
    );
    const id = Math.max(...tracks.map(({ track }) => this.#tracks[track].nextNumber));
    return { id, start, startedAt, tracks: new Map(described) };
  }

  #addPart(track: Track, samples: readonly CmafSample[]): void {
    const period = this.#period;
    const periodTrack = period?.tracks.get(track.kind);
    const [first] = samples;
    if (period === undefined || periodTrack === undefined || first === undefined) return;
    const isFirst = track.open === undefined;
    const isIndependent = first.keyframe;
    if (isFirst && track.segments.at(-1)?.period !== period) track.delay = first.pts - first.dts;
    track.open ??= {
      ...{ number: track.nextNumber, period, isIndependent, parts: [], bytes: 0, duration: 0 },
      start: first.dts + track.delay,
    };
    const fragment = serializeFragment((track.fragments += 1), periodTrack.timescale, samples);
    const bytes = isFirst ? Buffer.concat([segmentTypeBox, fragment]) : fragment;
    const duration = samples.reduce((sum, sample) => sum + sample.duration, 0);
    const { open } = track;
    open.parts.push({ bytes, duration, isIndependent });
    open.duration += duration;
    open.bytes += bytes.byteLength;
  }

  #endSegment(track: Track): void {
    if (track.open === undefined) return;
    const { listedSegments } = this.#options;
    track.segments.push(track.open);
    track.listed.push(track.open);
    track.nextNumber = track.open.number + 1;
    track.open = undefined;
    while (track.listed.length > listedSegments) unlist(track);
    while (track.segments.length > listedSegments * 2) track.segments.shift();
    this.#keepInBounds();
  }

  /** One long segment may be more than the bound; it is kept, as nothing could be played else. */
  #keepInBounds(): void {
    const tracks = Object.values(this.#tracks);
    const held = (): number =>
      tracks.reduce(
        (sum, { segments }) => sum + segments.reduce((all, { bytes }) => all + bytes, 0),
        0,
      );
    while (held() > this.#options.maxBytes) {
      const track = tracks.find(({ segments }) => segments.length > 1);
      if (track === undefined) return;
      if (track.listed.length === track.segments.length) unlist(track);
      track.segments.shift();
    }
  }
}

const newTrack = (kind: TrackKind, nextNumber: number): Track => ({
  ...{ kind, nextNumber, segments: [], listed: [], open: undefined, discontinuities: 0 },
  ...{ fragments: 0, delay: 0 },
});

function unlist(track: Track): void {
  const [gone, next] = track.listed;
  track.listed.shift();
  if (gone && next && next.period !== gone.period) track.discontinuities += 1;
}
