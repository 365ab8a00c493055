import type { EncodedPacket, FlvItem } from 'node-rtmp-client';
import type { CmafSample } from './cmaf-fragment.js';
import type { CmafTrack } from './init-segment.js';
import { sameConfig } from '../sources/same-config.js';
import { describeTrack, describesItself } from './track-format.js';

export type TrackKind = CmafTrack['track'];

/** What becomes of the stream, in order. Times in microseconds. */
export type SegmenterEvent =
  /** What follows has these tracks, with these configurations, from a place where a player can begin. */
  | {
      readonly type: 'period';
      readonly tracks: readonly CmafTrack[];
      /** The earliest time of presentation. */
      readonly start: number;
      /** The earliest time of decoding. */
      readonly decodeStart: number;
      /** The latest one that has come by now. */
      readonly newest: number;
    }
  /** The next part of the track's open segment: at least one sample. */
  | { readonly type: 'part'; readonly kind: TrackKind; readonly samples: readonly CmafSample[] }
  /** The track's open segment, which has at least one part, is complete. */
  | { readonly type: 'segment-end'; readonly kind: TrackKind };

export interface SegmenterOptions {
  /** A segment ends with the first keyframe at or after this long. Seconds. */
  readonly segmentSeconds: number;
  /** A part is as long as whole frames make it, and no longer. Seconds. */
  readonly partSeconds: number;
  /** What a segment may weigh, whatever its times are: a publisher makes them up. Bytes. */
  readonly maxSegmentBytes: number;
}

const microseconds = 1_000_000;
/** Times of RTMP are whole milliseconds: two seconds of frames may be one less. */
const rounding = 50_000;
/** Where no keyframe comes, a segment ends without one. Seconds. */
const longestSegment = 10;
/** Nothing of any track for longer than this, and players are told of a hole. */
const longestHole = 3_000_000;
/** How long the other kind of track is waited for, before a stream is taken to have none. */
const patience = 1_000_000;
/** Sound that pauses for longer is not stretched over the pause. */
const longestSound = 500_000;
/** What a frame takes beside its payload, about. Bytes. */
const frameOverhead = 256;

/** The open segment of one track. */
interface TrackState {
  readonly kind: TrackKind;
  /** The newest frame, whose duration is not known before the next one. */
  held: EncodedPacket | undefined;
  /** Of the last sample, for the one that none follows. */
  lastDuration: number;
  part: CmafSample[];
  partDuration: number;
  /** Of the first sample of the open segment; undefined while it has none. */
  segmentStart: number | undefined;
  /** Of the last sample. */
  end: number;
  /** What the open segment weighs. */
  bytes: number;
  hasParts: boolean;
  /** Sound from this time on belongs to the next segment. */
  cutAt: number | undefined;
}

const kinds = ['video', 'audio'] as const;

/**
 * Divides a live stream into segments and parts, for HLS and DASH alike: each track by itself, cut together at
 * keyframes, never re-encoded. Keeps the times that were published. A pure function of what it is given.
 *
 * The default track of each kind is taken. A period begins with a keyframe, where the stream has a picture; a track that
 * comes, a configuration that changes and a hole in the times begin another one.
 */
export class Segmenter {
  readonly #segmentDuration: number;
  readonly #partDuration: number;
  readonly #maxSegmentBytes: number;
  #maxSegment = longestSegment * microseconds;
  #targetSeconds: number | undefined;
  readonly #configs = new Map<TrackKind, EncodedPacket>();
  /** Frames from before it is known which tracks there are. */
  #early: EncodedPacket[] = [];
  #earlyBytes = 0;
  #tracks = new Map<TrackKind, TrackState>();
  /** Another period begins with the next frame with which one can begin. */
  #isChanging = false;
  /** Tracks whose frames belong to the next period. */
  readonly #reconfigured = new Set<TrackKind>();
  #newest: number | undefined;

  constructor({ segmentSeconds, partSeconds, maxSegmentBytes }: SegmenterOptions) {
    this.#segmentDuration = segmentSeconds * microseconds;
    this.#partDuration = partSeconds * microseconds;
    this.#maxSegmentBytes = maxSegmentBytes;
  }

  /**
   * Seconds that no segment exceeds, rounded (RFC 8216 §4.3.3.1). Known, and the same for ever, from the first segment
   * on.
   */
  get targetSeconds(): number | undefined {
    return this.#targetSeconds;
  }

  push(item: FlvItem): SegmenterEvent[] {
    if (item.type !== 'packet' || (item.packet.trackId ?? 0) !== 0) return [];
    const { packet } = item;
    if (packet.type === 'config') {
      this.#configure(packet);
      return [];
    }
    if (describesItself(packet)) this.#configs.set(packet.track, packet);
    if (!this.#configs.has(packet.track)) return [];
    return this.#tracks.size === 0 ? this.#wait(packet) : this.#frame(packet);
  }

  /** The publisher has gone: what is there is given out. Another one may follow. */
  end(): SegmenterEvent[] {
    const events = this.#tracks.size === 0 ? this.#begin() : [];
    events.push(...this.#endPeriod());
    this.#configs.clear();
    this.#newest = undefined;
    return events;
  }

  #configure(packet: EncodedPacket): void {
    const before = this.#configs.get(packet.track);
    // Frames of a track that cannot be described are passed over.
    if (describeTrack(packet, packet)) this.#configs.set(packet.track, packet);
    else this.#configs.delete(packet.track);
    if (before !== undefined && !sameConfig(before, packet)) this.#reconfigured.add(packet.track);
  }

  /** Before a period: until there is a frame of both kinds, or it has been waited long enough for the other. */
  #wait(packet: EncodedPacket): SegmenterEvent[] {
    const isUseless = packet.track === 'video' && !packet.keyframe && !this.#hasEarly('video');
    if (isUseless) return [];
    this.#early.push(packet);
    this.#earlyBytes += weightOf(packet);
    const span = packet.dts - (this.#early[0]?.dts ?? packet.dts);
    const isComplete = kinds.every((kind) => this.#hasEarly(kind));
    const isBounded = this.#earlyBytes < this.#maxSegmentBytes;
    if (!isComplete && span < patience && isBounded) return [];
    return this.#begin();
  }

  #hasEarly(kind: TrackKind): boolean {
    return this.#early.some(({ track }) => track === kind);
  }

  #begin(): SegmenterEvent[] {
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#isChanging = false;
    this.#reconfigured.clear();
    const tracks = kinds.flatMap((kind) => {
      const config = this.#configs.get(kind);
      const first = early.find(({ track }) => track === kind);
      return config && first ? (describeTrack(config, first) ?? []) : [];
    });
    this.#tracks = new Map(tracks.map(({ track }) => [track, newState(track)]));
    const kept = early.filter(({ track }) => this.#tracks.has(track));
    const times = kept.map(({ pts }) => pts);
    if (tracks.length === 0) return [];
    const events: SegmenterEvent[] = [
      {
        ...{ type: 'period', tracks, start: Math.min(...times), newest: Math.max(...times) },
        decodeStart: Math.min(...kept.map(({ dts }) => dts)),
      },
    ];
    for (const packet of kept) events.push(...this.#frame(packet));
    return events;
  }

  #frame(packet: EncodedPacket): SegmenterEvent[] {
    const newest = this.#newest ?? packet.dts;
    const isForeign = !this.#tracks.has(packet.track) || this.#reconfigured.has(packet.track);
    if (isForeign || packet.dts > newest + longestHole) this.#isChanging = true;
    if (this.#isChanging && this.#canBegin(packet)) {
      const events = this.#endPeriod();
      this.#newest = undefined;
      return [...events, ...this.#wait(packet)];
    }
    if (isForeign) return [];
    this.#newest = Math.max(newest, packet.dts);
    const state = this.#tracks.get(packet.track);
    return state === undefined ? [] : this.#hold(state, packet);
  }

  /** A period that has a picture, or will have one, begins with a keyframe. */
  #canBegin({ track, keyframe }: EncodedPacket): boolean {
    return track === 'video' ? keyframe : !this.#configs.has('video');
  }

  #hold(state: TrackState, packet: EncodedPacket): SegmenterEvent[] {
    const { held } = state;
    state.held = packet;
    const events = held ? this.#place(state, held, durationOf(state, held, packet)) : [];
    if (packet.track === 'video' && packet.keyframe && this.#isLong(state, packet.dts + rounding)) {
      events.push(...this.#endSegment(state));
      const sound = this.#tracks.get('audio');
      if (sound) {
        // Sound that was to be cut before, and of which nothing came since.
        if (sound.cutAt !== undefined) events.push(...this.#endSegment(sound));
        sound.cutAt = packet.pts;
      }
    }
    return events;
  }

  /** Whether the open segment is as long as it is wanted, if it ends at that time. */
  #isLong({ segmentStart }: TrackState, end: number): boolean {
    return segmentStart !== undefined && end - segmentStart >= this.#segmentDuration;
  }

  #place(state: TrackState, packet: EncodedPacket, duration: number): SegmenterEvent[] {
    const events: SegmenterEvent[] = [];
    if (this.#isCut(state, packet, duration)) {
      events.push(...this.#endSegment(state));
      state.cutAt = undefined;
    }
    if (state.part.length > 0 && state.partDuration + duration > this.#partDuration) {
      events.push(...this.#endPart(state));
    }
    const { dts, pts, keyframe, payload } = packet;
    state.segmentStart ??= dts;
    state.part.push({ dts, pts, duration, keyframe, payload });
    state.partDuration += duration;
    state.bytes += weightOf(packet);
    state.lastDuration = duration;
    state.end = dts + duration;
    return events;
  }

  /**
   * Whether the open segment ends before that frame, besides at a keyframe: sound where the picture did, or by itself
   * where there is none; and what would be too long.
   */
  #isCut(state: TrackState, packet: EncodedPacket, duration: number): boolean {
    const { pts, dts } = packet;
    const { segmentStart = dts, cutAt, bytes } = state;
    if (cutAt !== undefined && pts >= cutAt) return true;
    if (!this.#tracks.has('video') && this.#isLong(state, dts)) return true;
    if (bytes > 0 && bytes + weightOf(packet) > this.#maxSegmentBytes) return true;
    return dts > segmentStart && dts + duration - segmentStart > this.#maxSegment;
  }

  #endPart(state: TrackState): SegmenterEvent[] {
    if (state.part.length === 0) return [];
    const samples = state.part;
    state.part = [];
    state.partDuration = 0;
    state.hasParts = true;
    return [{ type: 'part', kind: state.kind, samples }];
  }

  #endSegment(state: TrackState): SegmenterEvent[] {
    const events = this.#endPart(state);
    if (!state.hasParts) return events;
    this.#settleTarget(state);
    state.bytes = 0;
    state.hasParts = false;
    state.segmentStart = undefined;
    return [...events, { type: 'segment-end', kind: state.kind }];
  }

  /** The longest that a segment may be must never change: the first one tells how far apart keyframes are. */
  #settleTarget({ segmentStart = 0, end }: TrackState): void {
    if (this.#targetSeconds !== undefined) return;
    const longest = Math.max(this.#segmentDuration, end - segmentStart - rounding);
    this.#targetSeconds = Math.min(Math.ceil(longest / microseconds), longestSegment);
    // What players compare with it is rounded.
    this.#maxSegment = (this.#targetSeconds + 0.49) * microseconds;
  }

  #endPeriod(): SegmenterEvent[] {
    const events = [...this.#tracks.values()].flatMap((state) => {
      const { held } = state;
      state.held = undefined;
      const placed = held ? this.#place(state, held, state.lastDuration) : [];
      return [...placed, ...this.#endSegment(state)];
    });
    this.#tracks.clear();
    return events;
  }
}

const newState = (kind: TrackKind): TrackState => ({
  kind,
  held: undefined,
  lastDuration: 0,
  part: [],
  partDuration: 0,
  segmentStart: undefined,
  end: 0,
  bytes: 0,
  hasParts: false,
  cutAt: undefined,
});

const weightOf = ({ payload }: EncodedPacket): number => payload.byteLength + frameOverhead;

/** From one frame of a track to the next. */
function durationOf(
  { lastDuration }: TrackState,
  { track, dts }: EncodedPacket,
  next: EncodedPacket,
): number {
  const step = Math.max(next.dts - dts, 0);
  return track === 'audio' && step > longestSound ? lastDuration : step;
}
